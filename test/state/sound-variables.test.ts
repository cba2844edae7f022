import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  amplitudeOf,
  levelAt,
  restingLevels,
  type StripKey,
} from '../../src/scene/sound/levels.js';
import { airSoundOf, stripProblemsOf } from '../../src/state/air-sound.js';
import type { Command } from '../../src/state/command.js';
import { readState } from '../../src/state/migrate.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { emptyState, NOW } from './samples.js';

const AT_MS = 1_700_000_000_000;
const SLOWLY = { durationMs: 1000, easing: 'linear', delayMs: 0 } as const;

function after(state: ServiceState, ...commands: readonly Command[]): ServiceState {
  return commands.reduce((each, command) => reduce(each, command).state, state);
}

function set(values: Record<string, unknown>): Command {
  return { type: 'variables.set', values, atMs: AT_MS, transition: null };
}

function fadeTo(tone: number, atMs: number): Command {
  return { type: 'variables.set', values: { mix: { tone } }, atMs, transition: SLOWLY };
}

function patchTone(strip: object): Command {
  return { type: 'sound.patch', list: 'sources', id: 'tone', patch: { strip }, ...NOW };
}

function level(state: ServiceState, key: StripKey, timeMs: number): number {
  const sound = airSoundOf(state);
  return levelAt(restingLevels(sound).get(key) ?? NaN, sound.ramps[key], timeMs);
}

const BOUND = after(emptyState(), {
  type: 'sound.create',
  list: 'sources',
  item: {
    id: 'tone',
    content: { kind: 'tone' },
    strip: { gainDb: -3, bindings: { gainDb: 'mix.tone', muted: 'mix.off' } },
  },
  ...NOW,
});
const WITH_VALUES = after(BOUND, set({ mix: { tone: -6, off: false } }));

test('gain and mute of a strip follow variables, of a source, a bus and the master', () => {
  assert.equal(level(WITH_VALUES, 'source:tone', AT_MS), amplitudeOf(-6));
  assert.equal(level(after(WITH_VALUES, set({ mix: { off: true } })), 'source:tone', AT_MS), 0);
  const bus = { strip: { bindings: { gainDb: 'mix.tone * 2.0' } } };
  const all = after(
    WITH_VALUES,
    { type: 'sound.patch', list: 'buses', id: 'music', patch: bus, ...NOW },
    { type: 'sound.master', patch: { bindings: { muted: 'mix.tone < -5.0' } }, ...NOW },
    set({ mix: { tone: -4.5 } }),
  );
  assert.equal(level(all, 'bus:music', AT_MS), amplitudeOf(-9));
  assert.equal(level(all, 'master', AT_MS), 1);
  assert.equal(level(after(all, set({ mix: { tone: -5.5 } })), 'master', AT_MS), 0);
});

test('levels follow a variable with the transition of its change, from what is heard then', () => {
  const fading = after(WITH_VALUES, fadeTo(-120, AT_MS));
  const half = amplitudeOf(-6) / 2;
  assert.equal(level(fading, 'source:tone', AT_MS + 500), half);
  const back = after(fading, fadeTo(0, AT_MS + 500));
  assert.equal(level(back, 'source:tone', AT_MS + 500), half);
  assert.equal(level(back, 'source:tone', AT_MS + 1000), (half + 1) / 2);
  assert.deepEqual(readState(JSON.parse(JSON.stringify(back))), back);
  assert.equal(level(after(fading, set({ mix: { tone: 0 } })), 'source:tone', AT_MS), 1);
});

test('without a value that fits, a strip keeps what it says itself, and the problem is named', () => {
  assert.equal(level(BOUND, 'source:tone', AT_MS), amplitudeOf(-3));
  const kinds = (state: ServiceState): string[] =>
    stripProblemsOf(state).map(({ strip, property, kind }) => `${strip} ${property} ${kind}`);
  assert.deepEqual(kinds(BOUND), [
    'source:tone gainDb unknown-variable',
    'source:tone muted unknown-variable',
  ]);
  for (const value of ['loud', 99, -1e9, null, [1], true]) {
    const state = after(
      WITH_VALUES,
      { type: 'variables.set', values: { mix: null }, ...NOW },
      set({ mix: { tone: value, off: false } }),
    );
    assert.equal(level(state, 'source:tone', AT_MS), amplitudeOf(-3), JSON.stringify(value));
    const expected =
      value === null ? 'source:tone gainDb unknown-variable' : 'source:tone gainDb value';
    assert.deepEqual(kinds(state), [expected], JSON.stringify(value));
  }
  assert.deepEqual(kinds(WITH_VALUES), []);
});

test('refuses expressions that cannot be understood, or take long, and other fields', () => {
  const refuses = (strip: object, message: RegExp): void => {
    assert.throws(() => reduce(BOUND, patchTone(strip)), { code: 'SM_REQUEST_INVALID', message });
  };
  refuses({ bindings: { gainDb: '1 +' } }, /strip\/bindings\/gainDb/);
  refuses({ bindings: { pan: 'x' } }, /strip\/bindings/);
  refuses({ bindings: { gainDb: '' } }, /strip\/bindings\/gainDb/);
  refuses({ bindings: { muted: 'a.exists(x, b.exists(y, x == y))' } }, /steps/);
  const master = { type: 'sound.master', patch: { bindings: { gainDb: 'foo(' } }, ...NOW } as const;
  assert.throws(() => reduce(BOUND, master), { message: /\/bindings\/gainDb/ });
});

test('a merge patch takes a binding away by null, and the plain value counts again', () => {
  const plain = after(WITH_VALUES, patchTone({ bindings: { gainDb: null } }));
  assert.deepEqual(plain.sound.sources[0]?.strip.bindings, { muted: 'mix.off' });
  assert.equal(level(plain, 'source:tone', AT_MS), amplitudeOf(-3));
  const none = after(WITH_VALUES, patchTone({ bindings: null }));
  assert.deepEqual(none.sound.sources[0]?.strip.bindings, {});
});
