import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { steepestStep } from '../support/heard.js';
import { AppError } from '../../src/core/errors.js';
import { TransitionSchema } from '../../src/scene/schema/transition.js';
import type { Command } from '../../src/state/command.js';
import { makeSound, TrackRig } from './track-rig.js';

/** Whatever is started, stopped, sought, paused, skipped or faded, in whatever order: nothing clicks. */

const HZ = 100;
const AMPLITUDE = 0.1;
const FADE_SAMPLES = 240;
/** Sources and clips that sound at once, with those that fade out beside them. */
const MOST_VOICES = 8;
/** What a sine does from sample to sample, and what its level, its balance and the fade of its track add at the most. */
const MOST_STEP = MOST_VOICES * (steepestStep(AMPLITUDE, HZ) + (3 * AMPLITUDE) / FADE_SAMPLES);

let rig: TrackRig;
before(async () => {
  rig = await TrackRig.open();
  for (const [id, seconds] of [
    ['short', 0.5],
    ['long', 1.8],
  ] as const) {
    const path = join(rig.folder, `${id}.wav`);
    await makeSound(path, `aevalsrc=exprs=${AMPLITUDE}*sin(2*PI*${HZ}*t):s=48000:d=${seconds}`);
    await rig.addAsset(id, path);
  }
});
after(() => rig.close());

const sources = fc.constantFrom('a', 'b', 'c');
const assets = fc.constantFrom('short', 'long');
const shares = fc.double({ min: 0, max: 1, noNaN: true });
const transitions = fc.option(
  fc.integer({ min: 1, max: 100 }).map((durationMs) => TransitionSchema.parse({ durationMs })),
  { nil: null },
);

/** What is changed, as plain data, so that a counterexample can be read. */
const changes = fc.oneof(
  fc.record({
    type: fc.constant('file' as const),
    id: sources,
    asset: assets,
    loop: fc.boolean(),
    // Whole periods: a loop is heard as it is cut.
    inMs: fc.integer({ min: 0, max: 20 }).map((periods) => (periods * 1000) / HZ),
  }),
  fc.record({
    type: fc.constant('playlist' as const),
    id: sources,
    crossfadeMs: fc.integer({ min: 0, max: 300 }),
  }),
  fc.record({ type: fc.constant('remove' as const), id: sources }),
  fc.record({
    type: fc.constant('transport' as const),
    id: sources,
    action: fc.constantFrom('play', 'pause', 'skip', 'previous', 'seek'),
    positionMs: fc.integer({ min: 0, max: 1700 }),
  }),
  fc.record({
    type: fc.constant('strip' as const),
    id: sources,
    gainDb: shares.map((share) => -40 * share),
    muted: fc.boolean(),
    pan: shares.map((share) => 2 * share - 1),
    transition: transitions,
  }),
  fc.record({
    type: fc.constant('clip' as const),
    policy: fc.constantFrom('overlap', 'queue', 'replace'),
    asset: assets,
    id: fc.uuid(),
  }),
  fc.record({ type: fc.constant('stop' as const), transition: transitions }),
);
type Change = typeof changes extends fc.Arbitrary<infer T> ? T : never;

const steps = fc.array(fc.record({ change: changes, samples: fc.integer({ min: 1, max: 6000 }) }), {
  minLength: 50,
  maxLength: 50,
});

function withContent(id: string, content: object, atMs: number): Command {
  const moment = { atMs, transition: null };
  return rig.state.sound.sources.some((source) => source.id === id)
    ? { type: 'sound.patch', list: 'sources', id, patch: { content }, ...moment }
    : { type: 'sound.create', list: 'sources', item: { id, content }, ...moment };
}

function toCommand(change: Change, atMs: number): Command {
  switch (change.type) {
    case 'file': {
      const { id, asset, loop, inMs } = change;
      return withContent(id, { kind: 'file', asset, loop, inMs }, atMs);
    }
    case 'playlist': {
      const entries = ['short', 'long'].map((asset) => ({ kind: 'file', asset }));
      const { id, crossfadeMs } = change;
      return withContent(id, { kind: 'playlist', entries, crossfadeMs }, atMs);
    }
    case 'remove':
      return { type: 'sound.remove', list: 'sources', id: change.id, atMs, transition: null };
    case 'transport': {
      const { id, action: type, positionMs } = change;
      const action = type === 'seek' ? { type, positionMs } : { type };
      return { type: 'sound.transport', sourceId: id, action, atMs };
    }
    case 'strip': {
      const { id, gainDb, muted, pan, transition } = change;
      const patch = { strip: { gainDb, muted, pan } };
      return { type: 'sound.patch', list: 'sources', id, patch, atMs, transition };
    }
    case 'clip': {
      const { id, policy, asset } = change;
      const clip = { id, policy, content: { kind: 'file', asset, outMs: 450 } };
      return { type: 'sound.clip.play', clip, atMs };
    }
    case 'stop': {
      const clipId = rig.state.sound.clips[0]?.id ?? 'none';
      return { type: 'sound.clip.stop', clipId, atMs, transition: change.transition };
    }
  }
}

/** Does it if it fits; what does not changes nothing. */
function attempt(change: Change): void {
  // More would be louder than the bound is for.
  if (change.type === 'clip' && rig.state.sound.clips.length >= MOST_VOICES - 4) return;
  try {
    rig.do(toCommand(change, rig.nowMs));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

/** The places of steps between samples that are larger than a bound. */
function clicks(samples: Float32Array, bound: number): number[] {
  const found: number[] = [];
  samples.forEach((value, i) => {
    if (i > 0 && Math.abs(value - (samples[i - 1] ?? 0)) > bound) found.push(i);
  });
  return found;
}

test('the detector finds a planted click, and none in a sine', () => {
  const sine = Float32Array.from(
    { length: 48_000 },
    (_, i) => MOST_VOICES * AMPLITUDE * Math.sin((2 * Math.PI * HZ * i) / 48_000),
  );
  assert.deepEqual(clicks(sine, MOST_STEP), []);
  // As when one voice is cut off at its loudest.
  const cut = sine.map((value, i) => (i < 24_120 ? value : value - AMPLITUDE));
  assert.deepEqual(clicks(cut, MOST_STEP), [24_120]);
});

test('1,000 random starts, stops, seeks, skips and fades of files, playlists and clips do not click', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const first = rig.next;
      for (const { change, samples } of list) {
        attempt(change);
        await rig.mix(samples);
      }
      await rig.mix(2400);
      const length = rig.next - first - 200;
      for (const heard of [rig.left(first, length), rig.right(first, length)])
        assert.deepEqual(clicks(heard, MOST_STEP), []);
    }),
    { numRuns: 20, endOnFailure: true },
  );
});
