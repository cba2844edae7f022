import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelAt } from '../../src/scene/sound/levels.js';
import type { Command } from '../../src/state/command.js';
import { readState } from '../../src/state/migrate.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { EMPTY_STATE } from '../assets/fixture.js';

const AT_MS = 1_700_000_000_000;
const NOW = { atMs: AT_MS, transition: null } as const;
const SLOWLY = { durationMs: 1000, easing: 'linear', delayMs: 0 } as const;

function after(state: ServiceState, ...commands: readonly Command[]): ServiceState {
  return commands.reduce((each, command) => reduce(each, command).state, state);
}

function source(id: string, fields: object = {}): Command {
  return {
    type: 'sound.create',
    list: 'sources',
    item: { id, content: { kind: 'tone' }, ...fields },
    ...NOW,
  };
}

const WITH_TONE = after(EMPTY_STATE, source('tone', { bus: 'music' }));

test('what is left out of a source, a bus or a rule is as usual', () => {
  const [tone] = WITH_TONE.sound.sources;
  assert.deepEqual(tone, {
    id: 'tone',
    name: '',
    content: { kind: 'tone', frequencyHz: 1000 },
    bus: 'music',
    scope: 'auto',
    solo: false,
    offsetMs: 0,
    strip: {
      gainDb: 0,
      muted: false,
      pan: 0,
      polarity: 'normal',
      highPass: null,
      gate: null,
      equalizer: null,
      compressor: null,
      bindings: {},
    },
  });
  assert.equal(WITH_TONE.sound.master.loudness, null);
  assert.deepEqual(
    WITH_TONE.sound.buses.map(({ id }) => id),
    ['music', 'voice', 'effects', 'inputs'],
  );
});

test('refuses what is there already, what is unknown, and what is in use', () => {
  const refuses = (command: Command, code: string): void => {
    assert.throws(() => reduce(WITH_TONE, command), { code }, JSON.stringify(command));
  };
  refuses(source('tone'), 'SM_AUDIO_SOURCE_EXISTS');
  refuses(source('other', { bus: 'nowhere' }), 'SM_REQUEST_INVALID');
  refuses(source('other', { content: { kind: 'hum' } }), 'SM_REQUEST_INVALID');
  const patch = { type: 'sound.patch', patch: { strip: { gainDb: 99 } }, ...NOW } as const;
  refuses({ ...patch, list: 'sources', id: 'tone' }, 'SM_REQUEST_INVALID');
  refuses({ ...patch, list: 'sources', id: 'nobody' }, 'SM_AUDIO_SOURCE_UNKNOWN');
  refuses({ ...patch, list: 'sources', id: 'tone', patch: { id: 'x' } }, 'SM_REQUEST_INVALID');
  const remove = { type: 'sound.remove', ...NOW } as const;
  refuses({ ...remove, list: 'buses', id: 'nobody' }, 'SM_AUDIO_BUS_UNKNOWN');
  refuses({ ...remove, list: 'buses', id: 'music' }, 'SM_AUDIO_BUS_IN_USE');
  const rule = { type: 'sound.create', list: 'ducking', ...NOW } as const;
  refuses({ ...rule, item: { id: 'a', when: 'voice', bus: 'voice' } }, 'SM_REQUEST_INVALID');
  refuses({ ...rule, item: { id: 'a', when: 'voice', bus: 'nowhere' } }, 'SM_REQUEST_INVALID');
  const ducked = after(WITH_TONE, { ...rule, item: { id: 'a', when: 'voice', bus: 'music' } });
  assert.throws(() => reduce(ducked, { ...remove, list: 'buses', id: 'voice' }), {
    code: 'SM_AUDIO_BUS_IN_USE',
  });
});

test('refuses to hear earlier what is not there before it is heard, and delays whatever it is told to', () => {
  const push = { content: { kind: 'push' } };
  const early = source('host', { ...push, offsetMs: -20 });
  assert.throws(() => reduce(WITH_TONE, early), {
    code: 'SM_REQUEST_INVALID',
    message: /kind push/,
  });
  const patch = { type: 'sound.patch', list: 'sources', id: 'tone', ...NOW } as const;
  const ahead = after(WITH_TONE, { ...patch, patch: { offsetMs: -20 } });
  assert.equal(ahead.sound.sources[0]?.offsetMs, -20);
  assert.throws(() => reduce(ahead, { ...patch, patch: push }), { code: 'SM_REQUEST_INVALID' });
  assert.throws(() => reduce(ahead, { ...patch, patch: { offsetMs: -501 } }), {
    code: 'SM_REQUEST_INVALID',
  });
  const late = after(WITH_TONE, source('host', { ...push, offsetMs: 5000 }));
  assert.equal(late.sound.sources[1]?.offsetMs, 5000);
});

test('refuses what is cut out of a file and contains nothing, and reads it where it was stored before', () => {
  const cut = { kind: 'url', url: 'http://127.0.0.1/a.mp3', inMs: 3000, outMs: 3000 } as const;
  const plain = { ...cut, outMs: 3001 };
  const refuses = (state: ServiceState, command: Command, path: string): void => {
    assert.throws(() => reduce(state, command), {
      code: 'SM_REQUEST_INVALID',
      fields: [{ path, message: 'must be greater than inMs' }],
    });
  };
  refuses(WITH_TONE, source('file', { content: cut }), '/content/outMs');
  const list = { kind: 'playlist', entries: [plain, cut] };
  refuses(WITH_TONE, source('list', { content: list }), '/content/entries/1/outMs');
  const clip = { id: 'clip', content: cut };
  refuses(WITH_TONE, { type: 'sound.clip.play', clip, atMs: AT_MS }, '/content/outMs');
  const written = after(WITH_TONE, source('file', { content: plain }));
  const patch = { type: 'sound.patch', list: 'sources', id: 'file', ...NOW } as const;
  refuses(written, { ...patch, patch: { content: { outMs: 1 } } }, '/content/outMs');
  const stored = readState(JSON.parse(JSON.stringify(written).replace('3001', '3000')));
  const [, known] = stored.sound.sources;
  assert.ok(known?.content.kind === 'url' && known.content.outMs === 3000);
  // What has nothing to do with it can be changed all the same.
  after(stored, source('other'), { ...patch, patch: { strip: { gainDb: -6 } } });
});

test('what shapes the sound of a strip is patched field by field, and null takes it away', () => {
  const patch = (strip: object): Command => {
    return { type: 'sound.patch', list: 'sources', id: 'tone', patch: { strip }, ...NOW };
  };
  const shaped = after(WITH_TONE, patch({ compressor: {}, equalizer: { mid: { gainDb: -6 } } }));
  const changed = after(
    shaped,
    patch({ compressor: { ratio: 8 }, equalizer: { low: { gainDb: 3 } } }),
  );
  const strip = changed.sound.sources[0]?.strip;
  assert.deepEqual(strip?.compressor, {
    thresholdDb: -24,
    ratio: 8,
    attackMs: 10,
    releaseMs: 150,
    kneeDb: 6,
    makeupDb: 0,
  });
  assert.deepEqual(strip.equalizer, {
    low: { frequencyHz: 120, gainDb: 3 },
    mid: { frequencyHz: 1000, gainDb: -6, q: 1 },
    high: { frequencyHz: 8000, gainDb: 0 },
  });
  const plain = after(changed, patch({ compressor: null, equalizer: null }));
  assert.deepEqual(plain.sound, WITH_TONE.sound);
  assert.throws(() => reduce(WITH_TONE, patch({ highPass: { frequencyHz: 10 } })), {
    code: 'SM_REQUEST_INVALID',
  });
});

test('a level that fades leaves a ramp, one that is faded again begins where it is, and what is over is gone', () => {
  const fade = (gainDb: number, atMs: number): Command => {
    return {
      type: 'sound.patch',
      list: 'sources',
      id: 'tone',
      patch: { strip: { gainDb } },
      atMs,
      transition: SLOWLY,
    };
  };
  const silent = after(WITH_TONE, fade(-120, AT_MS));
  const ramp = silent.sound.ramps['source:tone'];
  assert.deepEqual(ramp, { from: 1, startMs: AT_MS, durationMs: 1000, easing: 'linear' });
  assert.equal(levelAt(0, ramp, AT_MS + 250), 0.75);
  const back = after(silent, fade(0, AT_MS + 250));
  assert.equal(back.sound.ramps['source:tone']?.from, 0.75);
  const other = after(back, {
    type: 'sound.master',
    patch: { gainDb: -6 },
    ...NOW,
    atMs: AT_MS + 900,
  });
  assert.deepEqual(other.sound.ramps, back.sound.ramps);
  const later = after(other, {
    type: 'sound.master',
    patch: { gainDb: 0 },
    ...NOW,
    atMs: AT_MS + 9000,
  });
  assert.deepEqual(later.sound.ramps, {});
});

test('a source that is soloed turns the others down, and they come back with it', () => {
  const two = after(WITH_TONE, source('other'));
  const solo = (isOn: boolean): Command => {
    return {
      type: 'sound.patch',
      list: 'sources',
      id: 'other',
      patch: { solo: isOn },
      atMs: AT_MS,
      transition: SLOWLY,
    };
  };
  const soloed = after(two, solo(true));
  assert.deepEqual(Object.keys(soloed.sound.ramps), ['source:tone']);
  assert.equal(soloed.sound.ramps['source:tone']?.from, 1);
});

test('what is sent back as it was read changes nothing, not even the revision', () => {
  const [tone] = WITH_TONE.sound.sources;
  const command = {
    type: 'sound.patch',
    list: 'sources',
    id: 'tone',
    patch: { ...tone },
    ...NOW,
  } as const;
  assert.equal(reduce(WITH_TONE, command).state, WITH_TONE);
});
