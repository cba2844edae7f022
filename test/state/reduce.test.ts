import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, type ErrorCode } from '../../src/core/errors.js';
import { SCENE_LIMITS } from '../../src/scene/limits.js';
import type { Command } from '../../src/state/command.js';
import { deepFreeze } from '../../src/state/deep-freeze.js';
import { STATE_LIMITS } from '../../src/state/limits.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import {
  assetOf,
  emptyState,
  layerOf,
  NOW,
  outputOf,
  sceneOf,
  sceneWithLayers,
} from './samples.js';

function apply(state: ServiceState, ...commands: readonly Command[]): ServiceState {
  return commands.reduce((before, command) => reduce(before, command).state, state);
}

/** The one event of a command, next to the tally that it may change. */
function eventOf(state: ServiceState, command: Command): { type: string; data: unknown } {
  const events = reduce(state, command).events.filter(({ type }) => type !== 'tally');
  assert.equal(events.length, 1);
  const [event] = events;
  assert.ok(event !== undefined);
  return { type: event.type, data: event.data };
}

function refused(code: ErrorCode, ...paths: readonly string[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, code, error.message);
    assert.deepEqual(
      error.fields.map(({ path }) => path),
      paths,
    );
    return true;
  };
}

const STAGE = apply(
  emptyState(),
  { type: 'scene.create', scene: sceneWithLayers('stage', 3) },
  { type: 'scene.create', scene: sceneWithLayers('other', 1) },
);

test('counts every command and tells the revision in its event', () => {
  assert.equal(STAGE.revision, 2);
  const { type, data } = eventOf(STAGE, {
    type: 'scene.activate',
    transition: null,
    sceneId: 'stage',
    atMs: 5,
  });
  assert.equal(type, 'scene.activated');
  assert.deepEqual(data, {
    sceneId: 'stage',
    previousSceneId: null,
    takenAtMs: 5,
    transition: { type: 'cut' },
    revision: 3,
  });
});

test('creates a scene once, and not under the name of the one on air', () => {
  const create = (id: string): Command => ({ type: 'scene.create', scene: sceneOf({ id }) });
  assert.throws(() => reduce(STAGE, create('stage')), refused('SM_SCENE_EXISTS'));
  assert.throws(() => reduce(STAGE, create('program')), refused('SM_REQUEST_INVALID', '/id'));
});

test('takes as many scenes as the limit says and no more', () => {
  const scenes = Array.from({ length: SCENE_LIMITS.scenes }, (_, i) => sceneOf({ id: `s${i}` }));
  const full = deepFreeze({ ...emptyState(), scenes });
  assert.throws(
    () => reduce(full, { type: 'scene.create', scene: sceneOf({ id: 'more' }) }),
    refused('SM_SCENE_LIMIT'),
  );
});

test('names the scene, layer, asset or output that is not there', () => {
  const cases: readonly (readonly [Command, ErrorCode])[] = [
    [{ type: 'scene.patch', ...NOW, sceneId: 'no', patch: {} }, 'SM_SCENE_UNKNOWN'],
    [{ type: 'scene.replace', ...NOW, scene: sceneOf({ id: 'no' }) }, 'SM_SCENE_UNKNOWN'],
    [{ type: 'scene.remove', sceneId: 'no' }, 'SM_SCENE_UNKNOWN'],
    [{ type: 'scene.activate', transition: null, sceneId: 'no', atMs: 0 }, 'SM_SCENE_UNKNOWN'],
    [{ type: 'layer.remove', ...NOW, sceneId: 'stage', layerId: 'no' }, 'SM_LAYER_UNKNOWN'],
    [
      { type: 'layer.patch', ...NOW, sceneId: 'stage', layerId: 'no', patch: {}, index: null },
      'SM_LAYER_UNKNOWN',
    ],
    [{ type: 'asset.remove', assetId: 'no' }, 'SM_ASSET_UNKNOWN'],
    [{ type: 'output.patch', outputId: 'no', patch: {} }, 'SM_OUTPUT_UNKNOWN'],
    [{ type: 'output.remove', outputId: 'no' }, 'SM_OUTPUT_UNKNOWN'],
  ];
  for (const [command, code] of cases) {
    assert.throws(() => reduce(STAGE, command), refused(code));
  }
});

test('keeps the scene on air from being removed', () => {
  const live = apply(STAGE, {
    type: 'scene.activate',
    transition: null,
    sceneId: 'stage',
    atMs: 1,
  });
  assert.throws(
    () => reduce(live, { type: 'scene.remove', sceneId: 'stage' }),
    refused('SM_SCENE_ON_AIR'),
  );
  const left = apply(live, { type: 'scene.remove', sceneId: 'other' });
  assert.deepEqual(
    left.scenes.map(({ id }) => id),
    ['stage'],
  );
});

test('patches a scene without touching its layers', () => {
  const patched = apply(STAGE, {
    type: 'scene.patch',
    ...NOW,
    sceneId: 'stage',
    patch: { name: 'Main stage', background: '#123456' },
  });
  const [scene] = patched.scenes;
  assert.equal(scene?.name, 'Main stage');
  assert.equal(scene.layers, STAGE.scenes[0]?.layers);
  const reset = apply(patched, {
    type: 'scene.patch',
    ...NOW,
    sceneId: 'stage',
    patch: { name: null, background: null },
  });
  assert.deepEqual(reset.scenes[0], STAGE.scenes[0]);
});

test('takes a new list of layers in a scene patch, and checks every one', () => {
  const patch = { layers: [{ id: 'only', type: 'text', text: 'One' }] };
  const patched = apply(STAGE, { type: 'scene.patch', ...NOW, sceneId: 'stage', patch });
  assert.deepEqual(patched.scenes[0]?.layers, [layerOf({ id: 'only', type: 'text', text: 'One' })]);
  const wrong = { layers: [{ id: 'a', type: 'text', text: 'One', opacity: 2, colour: 'red' }] };
  assert.throws(
    () => reduce(STAGE, { type: 'scene.patch', ...NOW, sceneId: 'stage', patch: wrong }),
    refused('SM_REQUEST_INVALID', '/layers/0/opacity', '/layers/0/colour'),
  );
});

test('does not rename by patch, but takes the same id', () => {
  const named = (id: string): Command => ({
    type: 'scene.patch',
    ...NOW,
    sceneId: 'stage',
    patch: { id },
  });
  assert.throws(() => reduce(STAGE, named('new')), refused('SM_REQUEST_INVALID', '/id'));
  assert.deepEqual(apply(STAGE, named('stage')).scenes, STAGE.scenes);
});

test('puts a layer where it is told, on top otherwise', () => {
  const create = (id: string, index: number | null): Command => ({
    type: 'layer.create',
    ...NOW,
    sceneId: 'stage',
    groupId: null,
    layer: layerOf({ id, type: 'shape', shape: 'ellipse', width: 10, height: 10 }),
    index,
  });
  const state = apply(STAGE, create('bottom', 0), create('top', null), create('above', 99));
  assert.deepEqual(
    state.scenes[0]?.layers.map(({ id }) => id),
    ['bottom', 'layer-0', 'layer-1', 'layer-2', 'top', 'above'],
  );
  assert.throws(() => reduce(STAGE, create('layer-1', null)), refused('SM_LAYER_EXISTS'));
  assert.throws(() => reduce(STAGE, create('x', -1)), refused('SM_REQUEST_INVALID', '/index'));
});

test('takes as many layers as the limit says and no more', () => {
  const full = apply(emptyState(), {
    type: 'scene.create',
    scene: sceneWithLayers('full', SCENE_LIMITS.layersPerScene),
  });
  const layer = layerOf({ id: 'more', type: 'text', text: '' });
  assert.throws(
    () =>
      reduce(full, {
        type: 'layer.create',
        ...NOW,
        sceneId: 'full',
        groupId: null,
        layer,
        index: null,
      }),
    refused('SM_LAYER_LIMIT'),
  );
});

test('moves a layer by patch', () => {
  const moved = apply(STAGE, {
    type: 'layer.patch',
    ...NOW,
    sceneId: 'stage',
    layerId: 'layer-0',
    patch: { x: 7 },
    index: 2,
  });
  assert.deepEqual(
    moved.scenes[0]?.layers.map(({ id, x }) => [id, x]),
    [
      ['layer-1', 0],
      ['layer-2', 0],
      ['layer-0', 7],
    ],
  );
});

test('takes a field back to its default with null, and leaves no trace of it', () => {
  const patch = (change: Record<string, unknown>): Command => ({
    type: 'layer.patch',
    ...NOW,
    sceneId: 'stage',
    layerId: 'layer-1',
    patch: change,
    index: null,
  });
  const shaded = apply(
    STAGE,
    patch({ shadow: { blur: 3 }, width: 200, name: 'Title', opacity: 0 }),
  );
  assert.deepEqual(shaded.scenes[0]?.layers[1]?.shadow, {
    x: 0,
    y: 4,
    blur: 3,
    color: '#00000080',
  });
  const plain = apply(shaded, patch({ shadow: null, width: null, name: null, opacity: null }));
  assert.deepEqual(plain.scenes[0], STAGE.scenes[0]);
});

test('says of a layer patch which fields do not fit', () => {
  const cases: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ opacity: 1.5 }, '/opacity'],
    [{ opacity: Number.NaN }, '/opacity'],
    [{ x: Number.POSITIVE_INFINITY }, '/x'],
    [{ opactiy: 0.5 }, '/opactiy'],
    [{ opactiy: null }, '/opactiy'],
    [{ shadow: { blurr: null } }, '/shadow/blurr'],
    [{ text: null }, '/text'],
    [{ type: 'film' }, '/type'],
    [{ id: 'other' }, '/id'],
    [Object.fromEntries([['__proto__', { x: 1 }]]), '/__proto__'],
    [
      { animations: [{ property: 'glow', keyframes: [{ atMs: 0, value: 1 }] }] },
      '/animations/0/property',
    ],
  ];
  for (const [patch, path] of cases) {
    assert.throws(
      () =>
        reduce(STAGE, {
          type: 'layer.patch',
          ...NOW,
          sceneId: 'stage',
          layerId: 'layer-1',
          patch,
          index: null,
        }),
      refused('SM_REQUEST_INVALID', path),
    );
  }
});

test('copies only the way to what has changed', () => {
  const after = apply(STAGE, {
    type: 'layer.patch',
    ...NOW,
    sceneId: 'stage',
    layerId: 'layer-1',
    patch: { x: 3 },
    index: null,
  });
  assert.equal(after.scenes[1], STAGE.scenes[1]);
  assert.equal(after.scenes[0]?.layers[0], STAGE.scenes[0]?.layers[0]);
  assert.equal(after.config, STAGE.config);
  assert.notEqual(after.scenes[0]?.layers[1], STAGE.scenes[0]?.layers[1]);
});

test('keeps an asset that a scene shows, and says where', () => {
  const layer = layerOf({ id: 'pic', type: 'image', asset: 'logo' });
  const state = apply(
    STAGE,
    { type: 'asset.put', asset: assetOf({ id: 'logo' }) },
    { type: 'layer.create', ...NOW, sceneId: 'other', groupId: null, layer, index: null },
  );
  assert.throws(
    () => reduce(state, { type: 'asset.remove', assetId: 'logo' }),
    (error) => refused('SM_ASSET_IN_USE')(error) && /layer pic of scene other/.test(String(error)),
  );
  const freed = apply(
    state,
    { type: 'layer.remove', ...NOW, sceneId: 'other', layerId: 'pic' },
    { type: 'asset.remove', assetId: 'logo' },
  );
  assert.deepEqual(freed.assets, []);
});

test('tells of a new asset and of news about it, without user info of its address', () => {
  const source = { kind: 'url', url: 'https://user:pw@cdn.example.org/a.png' } as const;
  const command: Command = { type: 'asset.put', asset: assetOf({ source }) };
  const created = eventOf(emptyState(), command);
  assert.equal(created.type, 'asset.created');
  assert.doesNotMatch(JSON.stringify(created.data), /pw@/);
  assert.equal(eventOf(apply(emptyState(), command), command).type, 'asset.updated');
});

test('takes as many assets as the limit says, and still news about each', () => {
  const assets = Array.from({ length: STATE_LIMITS.assets }, (_, i) => assetOf({ id: `a${i}` }));
  const full = deepFreeze({ ...emptyState(), assets });
  assert.throws(
    () => reduce(full, { type: 'asset.put', asset: assetOf({ id: 'more' }) }),
    refused('SM_ASSET_LIMIT'),
  );
  const ready = apply(full, { type: 'asset.put', asset: assetOf({ id: 'a7', state: 'ready' }) });
  assert.equal(ready.assets[7]?.state, 'ready');
});

test('does not let the built-in output be made, changed or removed', () => {
  const state = deepFreeze({
    ...emptyState(),
    outputs: [outputOf({ id: 'program', builtIn: true })],
  });
  const commands: readonly Command[] = [
    { type: 'output.create', output: outputOf({ id: 'program' }) },
    { type: 'output.create', output: outputOf({ id: 'mine', builtIn: true }) },
    { type: 'output.patch', outputId: 'program', patch: { enabled: false } },
    { type: 'output.remove', outputId: 'program' },
  ];
  for (const command of commands) {
    assert.throws(() => reduce(state, command), refused('SM_OUTPUT_BUILT_IN'));
  }
});

test('changes the configuration only while the stream is not wanted live', () => {
  const patch: Command = { type: 'config.patch', patch: { bitrate: 4_000_000 } };
  const state = apply(emptyState(), patch);
  assert.equal(state.config.bitrate, 4_000_000);
  const live = apply(state, { type: 'stream.want', wanted: 'live', atMs: 10 });
  assert.deepEqual(reduce(live, patch).events, []);
  const other: Command = { type: 'config.patch', patch: { bitrate: 5_000_000 } };
  assert.throws(() => reduce(live, other), refused('SM_STREAM_LIVE'));
  const odd: Command = {
    type: 'config.patch',
    patch: { resolution: { width: 1921, height: 1080 } },
  };
  assert.throws(() => reduce(state, odd), refused('SM_REQUEST_INVALID', '/resolution/width'));
});

test('remembers when the stream last became wanted', () => {
  const live = apply(emptyState(), { type: 'stream.want', wanted: 'live', atMs: 10 });
  const again = reduce(live, { type: 'stream.want', wanted: 'live', atMs: 20 });
  assert.deepEqual(again.state.stream, { wanted: 'live', startedAtMs: 10 });
  assert.deepEqual(again.events, []);
  const offline = apply(live, { type: 'stream.want', wanted: 'offline', atMs: 30 });
  assert.deepEqual(offline.stream, { wanted: 'offline', startedAtMs: 10 });
});
