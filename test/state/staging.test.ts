import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, type ErrorCode } from '../../src/core/errors.js';
import { shotsBehind } from '../../src/scene/motion/running-transition.js';
import type { SceneTransition } from '../../src/scene/schema/scene-transition.js';
import { type Transition, TransitionSchema } from '../../src/scene/schema/transition.js';
import { airStateOf, isSameOnAir } from '../../src/state/air.js';
import type { Command } from '../../src/state/command.js';
import { type ServiceState, ServiceStateSchema } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { assetOf, emptyState, layerOf, NOW, sceneOf } from './samples.js';

const SLOW = TransitionSchema.parse({ durationMs: 1000, easing: 'linear' });
const FADE_OUT = { type: 'fade', durationMs: 500 } as const;
const WIPE = {
  type: 'wipe',
  direction: 'left',
  softness: 0.1,
  durationMs: 400,
  easing: 'ease',
} as const;

function apply(state: ServiceState, ...commands: Command[]): ServiceState {
  return commands.reduce((now, command) => reduce(now, command).state, state);
}

function activate(
  sceneId: string,
  atMs: number,
  transition: SceneTransition | null = null,
): Command {
  return { type: 'scene.activate', sceneId, atMs, transition };
}

const picture = (id: string, asset: string) => ({ id, type: 'image', asset }) as const;

const STAGE = apply(
  emptyState(),
  ...['one', 'two', 'logo', 'mask'].map((id): Command => ({
    type: 'asset.put',
    asset: assetOf({ id }),
  })),
  {
    type: 'scene.create',
    scene: sceneOf({
      id: 'a',
      layers: [
        { ...picture('p', 'one'), exit: FADE_OUT },
        { id: 't', type: 'text', text: 'Lot 42', x: 0 },
      ],
    }),
  },
  { type: 'scene.create', scene: sceneOf({ id: 'b', layers: [picture('q', 'two')] }) },
  { type: 'scene.create', scene: sceneOf({ id: 'c' }) },
  activate('a', 1000),
);

function patch(x: number, atMs: number, transition: Transition | null = SLOW): Command {
  return {
    type: 'layer.patch',
    sceneId: 'a',
    layerId: 't',
    index: null,
    patch: { x },
    atMs,
    transition,
  };
}

function refused(code: ErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof AppError && error.code === code;
}

function assetsOnAir(state: ServiceState): string[] {
  return airStateOf(state).assets.map(({ id }) => id);
}

test('a change with a transition leaves what was on the stage, and the document has the new values', () => {
  const state = apply(STAGE, patch(100, 2000));
  assert.equal(state.scenes[0]?.layers[1]?.x, 100);
  const former = state.stages['a']?.layers['t'];
  assert.deepEqual(
    [former?.was.x, former?.startMs, former?.durationMs, former?.easing],
    [0, 2000, 1000, 'linear'],
  );
  assert.ok(!isSameOnAir(airStateOf(STAGE), airStateOf(state)));
  assert.deepEqual(apply(STAGE, patch(100, 2000, null)).stages, {});
});

test('every way to change a scene takes a transition', () => {
  const scene = STAGE.scenes[0];
  assert.ok(scene !== undefined);
  const layers = scene.layers.map((layer) => ({ ...layer, opacity: 0.5 }));
  const moment = { atMs: 2000, transition: SLOW };
  for (const command of [
    { type: 'scene.replace', scene: { ...scene, layers }, ...moment },
    { type: 'scene.patch', sceneId: 'a', patch: { layers }, ...moment },
  ] as const)
    assert.deepEqual(Object.keys(apply(STAGE, command).stages['a']?.layers ?? {}), ['p', 't']);
});

test('it survives a restart, and what is over goes with the next change', () => {
  const moving = apply(STAGE, patch(100, 2000), patch(50, 2500));
  assert.deepEqual(ServiceStateSchema.parse(JSON.parse(JSON.stringify(moving))), moving);
  const later = apply(moving, {
    type: 'scene.patch',
    sceneId: 'a',
    patch: { name: 'later' },
    atMs: 9000,
    transition: null,
  });
  assert.deepEqual(later.stages, {});
});

test('a state that was stored before there were transitions is read', () => {
  const { sceneId, takenAtMs } = STAGE.program;
  const old: Record<string, unknown> = { ...STAGE, program: { sceneId, takenAtMs } };
  delete old['stages'];
  delete old['transitions'];
  const read = ServiceStateSchema.parse(old);
  assert.deepEqual(read, STAGE);
});

test('the picture of a layer that leaves stays on air, and cannot be removed from the cache before', () => {
  const gone = apply(STAGE, {
    type: 'layer.remove',
    sceneId: 'a',
    layerId: 'p',
    atMs: 2000,
    transition: null,
  });
  assert.deepEqual(
    gone.scenes[0]?.layers.map(({ id }) => id),
    ['t'],
  );
  assert.deepEqual(assetsOnAir(gone), ['one']);
  assert.deepEqual(assetsOnAir(apply(gone, patch(1, 2600))), []);
});

test('a scene that takes the place of another comes by the transition given, of the two, or of all', () => {
  const begin = (state: ServiceState, command: Command): unknown =>
    apply(state, command).program.transition?.kind;
  const set = apply(
    STAGE,
    { type: 'transition.default', transition: { type: 'fade', durationMs: 300, easing: 'linear' } },
    { type: 'transition.put', from: 'a', to: 'b', transition: WIPE },
  );
  assert.equal(begin(STAGE, activate('b', 2000)), undefined);
  assert.deepEqual(begin(set, activate('b', 2000)), WIPE);
  assert.deepEqual(begin(set, activate('c', 2000)), {
    type: 'fade',
    durationMs: 300,
    easing: 'linear',
  });
  assert.equal(begin(set, activate('b', 2000, { type: 'cut' })), undefined);
});

test('the scene that goes stays on air as it was, with its pictures, until it is gone', () => {
  const luma = {
    type: 'luma',
    asset: 'mask',
    softness: 0,
    inverted: false,
    durationMs: 400,
    easing: 'linear',
  } as const;
  const moving = apply(STAGE, patch(100, 1900));
  const taken = apply(moving, activate('b', 2000, luma));
  const { transition, scene, takenAtMs } = airStateOf(taken);
  assert.deepEqual([scene?.id, takenAtMs], ['b', 2000]);
  assert.deepEqual([transition?.from.scene?.id, transition?.from.takenAtMs], ['a', 1000]);
  assert.equal(transition?.from.stage, moving.stages['a']);
  assert.deepEqual(assetsOnAir(taken).sort(), ['mask', 'one', 'two']);
  const edited = apply(taken, patch(7, 2100), patch(8, 2400));
  assert.equal(edited.program.transition, null, 'it is over with the change at 2400');
  assert.deepEqual(assetsOnAir(edited), ['two']);
});

test('a transition that is interrupted goes on behind the next one', () => {
  const state = apply(
    STAGE,
    activate('b', 2000, WIPE),
    activate('c', 2100, WIPE),
    activate('a', 2200, WIPE),
  );
  assert.deepEqual(
    shotsBehind(state.program.transition).map(({ from }) => from.scene?.id),
    ['c', 'b'],
  );
  assert.deepEqual(ServiceStateSchema.parse(JSON.parse(JSON.stringify(state))), state);
});

test('a scene that is taken again starts anew, without what was on its way', () => {
  const state = apply(STAGE, patch(100, 2000), activate('a', 2500));
  assert.deepEqual(state.stages, {});
  assert.equal(state.program.takenAtMs, 2500);
});

test('transitions of scenes that are removed go with them', () => {
  const set = apply(
    STAGE,
    { type: 'transition.put', from: 'a', to: 'b', transition: WIPE },
    { type: 'transition.put', from: 'b', to: 'c', transition: WIPE },
    { type: 'transition.put', from: 'a', to: 'c', transition: WIPE },
    { type: 'scene.remove', sceneId: 'b' },
  );
  assert.deepEqual(
    set.transitions.pairs.map(({ from, to }) => [from, to]),
    [['a', 'c']],
  );
  const removed = apply(set, { type: 'transition.remove', from: 'a', to: 'c' });
  assert.deepEqual(removed.transitions.pairs, []);
  assert.throws(
    () => apply(removed, { type: 'transition.remove', from: 'a', to: 'c' }),
    refused('SM_TRANSITION_UNKNOWN'),
  );
  assert.throws(
    () => apply(STAGE, { type: 'transition.put', from: 'a', to: 'no', transition: WIPE }),
    refused('SM_SCENE_UNKNOWN'),
  );
});

test('a layer of a nested scene moves on the stage of that scene', () => {
  const state = apply(
    STAGE,
    {
      type: 'layer.create',
      sceneId: 'b',
      groupId: null,
      index: null,
      ...NOW,
      layer: layerOf({ id: 'inner', type: 'scene', scene: 'a' }),
    },
    activate('b', 1500),
    patch(100, 2000),
  );
  const air = airStateOf(state);
  assert.deepEqual(
    air.nested.map(({ id }) => id),
    ['a'],
  );
  assert.equal(air.stages['a'], state.stages['a']);
});
