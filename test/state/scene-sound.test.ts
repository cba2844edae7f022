import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { SceneInput } from '../../src/scene/schema/scene.js';
import type { SceneTransition } from '../../src/scene/schema/scene-transition.js';
import { amplitudeOf, levelAt, restingLevels } from '../../src/scene/sound/levels.js';
import type { Command } from '../../src/state/command.js';
import { airSoundOf } from '../../src/state/air-sound.js';
import type { BatchRecord } from '../../src/state/batch-schema.js';
import { foreseeAll } from '../../src/state/foreseen.js';
import { readState } from '../../src/state/migrate.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { emptyState, NOW, sceneOf } from './samples.js';

const AT_MS = 1_700_000_000_000;

function after(state: ServiceState, ...commands: readonly Command[]): ServiceState {
  return commands.reduce((each, command) => reduce(each, command).state, state);
}

function source(id: string, fields: object = {}): Command {
  const item = { id, content: { kind: 'tone' }, ...fields };
  return { type: 'sound.create', list: 'sources', item, ...NOW };
}

function scene(input: SceneInput): Command {
  return { type: 'scene.create', scene: sceneOf(input) };
}

function activate(sceneId: string, atMs: number, transition: SceneTransition): Command {
  return { type: 'scene.activate', sceneId, atMs, transition };
}

function fade(durationMs: number): SceneTransition {
  return { type: 'fade', durationMs, easing: 'linear' };
}

const CUT: SceneTransition = { type: 'cut' };

/** What scenes let through of a source at a moment, amplitude. */
function through(state: ServiceState, id: string, timeMs: number): number {
  const heard = airSoundOf(state);
  const to = restingLevels(heard).get(`scene:${id}`) ?? NaN;
  return levelAt(to, heard.ramps[`scene:${id}`], timeMs);
}

function near(found: number, wanted: number): void {
  assert.ok(Math.abs(found - wanted) < 1e-9, `${found}, not ${wanted}`);
}

const WITH_SCENES = after(
  emptyState(),
  source('music'),
  source('talk'),
  source('horn'),
  scene({ id: 'a', audio: [{ source: 'music', gainDb: -6 }, { source: 'talk' }] }),
  scene({ id: 'b', audio: [{ source: 'music', gainDb: -12, fadeInMs: 3000, fadeOutMs: 400 }] }),
  scene({ id: 'c' }),
);
const ON_A = after(WITH_SCENES, activate('a', AT_MS, CUT));

test('a source that a scene names is heard while that scene is on air, and one that none names always', () => {
  const levels = (state: ServiceState): number[] =>
    ['music', 'talk', 'horn'].map((id) => through(state, id, Infinity));
  assert.deepEqual(levels(WITH_SCENES), [0, 0, 1]);
  assert.deepEqual(levels(ON_A), [amplitudeOf(-6), 1, 1]);
  assert.deepEqual(levels(after(ON_A, activate('b', AT_MS, CUT))), [amplitudeOf(-12), 0, 1]);
  assert.deepEqual(levels(after(ON_A, activate('c', AT_MS, CUT))), [0, 0, 1]);
});

test('the scope of a source says whether it is heard without a scene that names it', () => {
  const scoped = after(
    emptyState(),
    source('always', { scope: 'program' }),
    source('never', { scope: 'scenes' }),
    scene({ id: 'a', audio: [{ source: 'always', gainDb: -20 }] }),
    scene({ id: 'b' }),
    activate('b', AT_MS, CUT),
  );
  assert.deepEqual([through(scoped, 'always', 0), through(scoped, 'never', 0)], [1, 0]);
  const onA = after(scoped, activate('a', AT_MS, CUT));
  near(through(onA, 'always', AT_MS), amplitudeOf(-20));
});

test('a take fades with the duration, the easing and the moment of its transition', () => {
  const state = after(ON_A, activate('c', AT_MS + 500, fade(1000)));
  for (const share of [0, 0.1, 0.5, 0.9, 1, 2]) {
    const timeMs = AT_MS + 500 + 1000 * share;
    near(through(state, 'talk', timeMs), Math.max(0, 1 - share));
    near(through(state, 'music', timeMs), amplitudeOf(-6) * Math.max(0, 1 - share));
  }
  const eased = after(
    ON_A,
    activate('c', AT_MS, {
      type: 'wipe',
      direction: 'left',
      softness: 0,
      durationMs: 1000,
      easing: 'ease-in-quad',
    }),
  );
  near(through(eased, 'talk', AT_MS + 500), 0.75);
  const stinger = { type: 'stinger', asset: 's', durationMs: 1000, cutAtMs: 300 } as const;
  near(through(after(ON_A, activate('c', AT_MS, stinger)), 'talk', AT_MS + 250), 0.75);
});

test('a cut takes effect at once', () => {
  assert.deepEqual(after(ON_A, activate('c', AT_MS + 1, CUT)).sound.ramps, {});
});

test('what both scenes name goes on without a dip, and its gain moves with the transition', () => {
  const state = after(ON_A, activate('b', AT_MS, fade(1000)));
  near(through(state, 'music', AT_MS + 500), (amplitudeOf(-6) + amplitudeOf(-12)) / 2);
  const same = after(
    ON_A,
    scene({ id: 'd', audio: [{ source: 'music', gainDb: -6 }] }),
    activate('d', AT_MS, fade(1000)),
  );
  assert.deepEqual(Object.keys(same.sound.ramps), ['scene:talk']);
});

test('fades of its own win over the transition, and over a cut', () => {
  const onC = after(WITH_SCENES, activate('c', AT_MS, CUT));
  for (const transition of [CUT, fade(1000)]) {
    const onB = after(onC, activate('b', AT_MS, transition));
    near(through(onB, 'music', AT_MS + 1500), amplitudeOf(-12) / 2);
    const back = after(onB, activate('c', AT_MS + 9000, transition));
    near(through(back, 'music', AT_MS + 9200), amplitudeOf(-12) / 2);
  }
});

test('a take that is cut short goes on from what is heard at that moment', () => {
  const leaving = after(ON_A, activate('c', AT_MS, fade(1000)));
  const back = after(leaving, activate('a', AT_MS + 250, fade(2000)));
  near(through(back, 'talk', AT_MS + 250), 0.75);
  near(through(back, 'talk', AT_MS + 1250), 0.875);
});

test('the strip moves on its own while a scene fades in', () => {
  const coming = after(
    after(WITH_SCENES, activate('c', AT_MS, CUT)),
    activate('a', AT_MS, fade(1000)),
    {
      type: 'sound.patch',
      list: 'sources',
      id: 'talk',
      patch: { strip: { gainDb: -3 } },
      atMs: AT_MS + 100,
      transition: null,
    },
  );
  near(through(coming, 'talk', AT_MS + 500), 0.5);
});

test('an edit of the scene on air is heard at once, with its transition, or with fades of its own', () => {
  const edit = (audio: SceneInput['audio'], durationMs: number | null): ServiceState =>
    after(ON_A, {
      type: 'scene.patch',
      sceneId: 'a',
      patch: { audio },
      atMs: AT_MS,
      transition: durationMs === null ? null : { durationMs, easing: 'linear', delayMs: 100 },
    });
  const [music, talk] = [{ source: 'music' }, { source: 'talk' }];
  near(through(edit([music, talk], null), 'music', AT_MS), 1);
  const slowly = edit([music, talk], 1000);
  near(through(slowly, 'music', AT_MS + 100), amplitudeOf(-6));
  near(through(slowly, 'music', AT_MS + 600), (amplitudeOf(-6) + 1) / 2);
  // Another scene has the music still, so that it belongs to scenes.
  near(through(edit([talk], 1000), 'music', AT_MS + 600), amplitudeOf(-6) / 2);
});

const VOICE_OVER: LayerInput = {
  id: 'film',
  type: 'text',
  text: 'x',
  exit: { type: 'fade', durationMs: 800 },
  bindings: { visible: 'live' },
};

test('a source follows the layer that it is given, whatever hides it, and its entry and exit', () => {
  const group: LayerInput = { id: 'group', type: 'group', layers: [VOICE_OVER] };
  const state = after(
    emptyState(),
    source('film'),
    scene({ id: 's', layers: [group], audio: [{ source: 'film', layer: 'film' }] }),
    { type: 'variables.set', values: { live: true }, ...NOW },
    activate('s', AT_MS, CUT),
  );
  const at = { atMs: AT_MS + 1000, transition: null };
  near(through(state, 'film', AT_MS), 1);
  const hidden = after(state, { type: 'variables.set', values: { live: false }, ...at });
  near(through(hidden, 'film', AT_MS + 1400), 0.5);
  const shown = after(hidden, {
    type: 'variables.set',
    values: { live: true },
    ...at,
    atMs: AT_MS + 1400,
  });
  near(through(shown, 'film', AT_MS + 1400), 1);
  const patch = { visible: false };
  const inHidden = after(state, {
    type: 'layer.patch',
    sceneId: 's',
    layerId: 'group',
    patch,
    index: null,
    ...at,
  });
  near(through(inHidden, 'film', Infinity), 0);
  const gone = after(state, { type: 'layer.remove', sceneId: 's', layerId: 'film', ...at });
  near(through(gone, 'film', Infinity), 0);
});

test('a scene that is shown as a layer sounds while that layer is visible, and the outer scene has the say', () => {
  const shown: LayerInput = { id: 'inner', type: 'scene', scene: 'a' };
  const state = after(
    WITH_SCENES,
    scene({ id: 'outer', layers: [shown], audio: [{ source: 'music', gainDb: -20 }] }),
    activate('outer', AT_MS, CUT),
  );
  near(through(state, 'talk', AT_MS), 1);
  near(through(state, 'music', AT_MS), amplitudeOf(-20));
  const audio = [{ source: 'music', gainDb: -120 }];
  const patch = { type: 'scene.patch', sceneId: 'outer', patch: { audio }, ...NOW } as const;
  near(through(after(state, patch), 'music', AT_MS), 0);
  const hidden = after(state, {
    type: 'layer.patch',
    sceneId: 'outer',
    layerId: 'inner',
    patch: { visible: false },
    index: null,
    atMs: AT_MS,
    transition: null,
  });
  near(through(hidden, 'talk', AT_MS), 0);
});

test('a scene that is shown before it is there brings its sound at once, and leaves a state that can be stored', () => {
  const shown: LayerInput = { id: 'inner', type: 'scene', scene: 'late' };
  const state = after(
    WITH_SCENES,
    scene({ id: 'outer', layers: [shown] }),
    activate('outer', AT_MS, CUT),
    scene({ id: 'late', audio: [{ source: 'talk', fadeInMs: 500 }] }),
  );
  assert.deepEqual(state.sound.ramps, {});
  near(through(state, 'talk', AT_MS), 1);
  assert.deepEqual(readState(JSON.parse(JSON.stringify(state))), state);
});

test('a batch fades as its commands would one by one, and what it leaves can be stored', () => {
  const commands = [
    activate('b', AT_MS, fade(1000)),
    activate('a', AT_MS, fade(500)),
    { type: 'sound.master', patch: { gainDb: -6 }, atMs: AT_MS, transition: null } as const,
  ];
  const state = after(ON_A, { type: 'batch.apply', batchId: 'x', commands, late: false });
  assert.deepEqual(state.sound, after(ON_A, ...commands).sound);
  near(through(state, 'talk', AT_MS + 250), 1);
  const fading = after(ON_A, {
    type: 'batch.apply',
    batchId: 'x',
    commands: commands.slice(0, 1),
    late: false,
  });
  assert.deepEqual(readState(JSON.parse(JSON.stringify(fading))), fading);
});

test('a batch that waits is foreseen as it is committed later, ramps and all', () => {
  const commands = [
    activate('b', AT_MS + 500, fade(1000)),
    { type: 'variables.set', values: { gain: -20 }, atMs: AT_MS + 500, transition: null } as const,
  ];
  const batch: BatchRecord = {
    id: 'later',
    state: 'scheduled',
    at: { time: AT_MS + 500 },
    dueAtMs: AT_MS + 500,
    dueFrame: null,
    programTimeMs: null,
    late: 'apply',
    methods: [],
    commands,
    chars: 0,
    createdAtMs: AT_MS,
    endedAtMs: null,
    frame: null,
    wasLate: false,
    error: null,
  };
  const master = { bindings: { gainDb: 'gain' } };
  const state = after(
    ON_A,
    { type: 'sound.master', patch: master, ...NOW },
    { type: 'batch.schedule', batch },
  );
  assert.deepEqual(state.sound.ramps, {});
  const [foreseen] = foreseeAll(state, null).foreseen;
  assert.ok(foreseen !== undefined);
  const committed = after(state, {
    type: 'batch.commit',
    batchId: 'later',
    frame: null,
    late: false,
    atMs: AT_MS + 620,
  });
  const [sound, later] = [airSoundOf(foreseen.state), airSoundOf(committed)];
  assert.deepEqual(sound, later);
  assert.deepEqual(Object.keys(sound.ramps), ['scene:music', 'scene:talk']);
  assert.equal(sound.ramps['scene:talk']?.startMs, AT_MS + 500);
  assert.equal(sound.master.gainDb, -20);
});

test('refuses a scene that names what is not there, or one source twice, and to remove a source in use', () => {
  const refuses = (command: Command, error: object): void => {
    assert.throws(() => reduce(WITH_SCENES, command), error, JSON.stringify(command));
  };
  const document = {
    ...sceneOf({ id: 'x' }),
    audio: sceneOf({ id: 'x', audio: [{ source: 'no' }] }).audio,
  };
  const invalid = {
    code: 'SM_REQUEST_INVALID',
    message: /audio\/0\/source names no audio source: no; there are music/,
  };
  refuses({ type: 'scene.create', scene: document }, invalid);
  refuses(
    { type: 'scene.patch', sceneId: 'a', patch: { audio: [{ source: 'no' }] }, ...NOW },
    invalid,
  );
  const twice = [{ source: 'music' }, { source: 'music' }];
  refuses(
    { type: 'scene.patch', sceneId: 'a', patch: { audio: twice }, ...NOW },
    { code: 'SM_REQUEST_INVALID', message: /audio\/1\/source must differ/ },
  );
  const remove = { type: 'sound.remove', list: 'sources', ...NOW } as const;
  refuses({ ...remove, id: 'music' }, { code: 'SM_AUDIO_SOURCE_IN_USE', message: /scene a/ });
  reduce(WITH_SCENES, { ...remove, id: 'horn' });
});
