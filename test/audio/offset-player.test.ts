import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ContentPlayer } from '../../src/audio/contents.js';
import { OffsetPlayer } from '../../src/audio/offset-player.js';
import type { AirSound } from '../../src/scene/sound/schema.js';
import { channelOf, mixAll, soundOf } from './rig.js';

const FADE_SAMPLES = 240;
const SAMPLES_A_MS = 48;

function noiseAt(offsetMs: number): AirSound {
  const content = { kind: 'noise', color: 'white' };
  return soundOf({ sources: [{ id: 'n', content, offsetMs, strip: { gainDb: -12 } }] });
}

test('a source is as much later or earlier as its offset says, to the sample', () => {
  const END = 72_000;
  const plain = mixAll([END], () => noiseAt(0));
  // One thousandth of a second is 48 samples; a part of a sample is rounded.
  for (const offsetMs of [-500, -37.5, -1 / 48, 1 / 48, 20, 333.33, 1000]) {
    const moved = mixAll([END], () => noiseAt(offsetMs));
    const shift = Math.round(offsetMs * SAMPLES_A_MS);
    const [from, to] = [Math.max(0, shift) + 1000, END + Math.min(0, shift)];
    assert.deepEqual(
      moved.subarray(2 * from, 2 * to),
      plain.subarray(2 * (from - shift), 2 * (to - shift)),
      `${offsetMs} ms`,
    );
  }
});

test('what is delayed is heard to its end', () => {
  const samples = channelOf(
    mixAll([24_000], () => noiseAt(300)),
    0,
  );
  assert.ok(samples.subarray(0, 14_400).every((value) => value === 0));
  assert.ok(samples.subarray(14_400 + 480).some((value) => Math.abs(value) > 0.1));
});

/** Plays the number of each sample, in thousandths, and fails when it is not asked for them one after the other. */
class Counting implements ContentPlayer {
  readonly beginsPlainly = false;
  readonly tracks = [];
  #next: number | null = null;
  readonly #valueOf: (sample: number) => number;

  constructor(valueOf: (sample: number) => number) {
    this.#valueOf = valueOf;
  }

  follow(): boolean {
    return true;
  }

  render(first: number, count: number, target: Float32Array): boolean {
    assert.equal(first, this.#next ?? first);
    this.#next = first + count;
    for (let i = 0; i < 2 * count; i++) target[i] = this.#valueOf(first + (i >> 1));
    return true;
  }
}

/** Offsets in milliseconds, each with the samples for which it holds. */
const changes = fc.array(
  fc.tuple(
    fc.oneof(fc.constant(0), fc.double({ min: -500, max: 5000, noNaN: true })),
    fc.integer({ min: 1, max: 3000 }),
  ),
  { minLength: 1, maxLength: 12 },
);

function played(player: OffsetPlayer, first: number, count: number): Float32Array {
  const target = new Float32Array(2 * count);
  if (!player.render(first, count, target)) target.fill(0);
  return target;
}

test('the content is asked for one sample after the other, and the right ones are heard after every change', () => {
  fc.assert(
    fc.property(changes, (all) => {
      const player = new OffsetPlayer(new Counting((sample) => sample / 1000));
      let first = 0;
      for (const [offsetMs, count] of all) {
        player.setOffset(offsetMs);
        played(player, first, count);
        first += count;
      }
      const [lastMs = 0] = all.at(-1) ?? [];
      // Two cross-fades, and until what is heard is what came in after the line began.
      played(player, first, 1024);
      first += 1024;
      for (let left = 260_000; left > 0; left -= 1000, first += 1000) played(player, first, 1000);
      const samples = played(player, first, 100);
      const delay = Math.round(lastMs * SAMPLES_A_MS);
      for (let i = 0; i < 100; i++)
        assert.equal(samples[2 * i], Math.fround((first + i - delay) / 1000));
    }),
    { numRuns: 40 },
  );
});

test('no change of an offset makes a jump', () => {
  fc.assert(
    fc.property(changes, (all) => {
      const player = new OffsetPlayer(new Counting(() => 1));
      let first = 0;
      let before = 1;
      for (const [i, [offsetMs, count]] of all.entries()) {
        // Begins without one, as if it had played for long.
        player.setOffset(i === 0 ? 0 : offsetMs);
        const samples = played(player, first, count);
        first += count;
        for (let j = 0; j < samples.length; j += 2) {
          const value = samples[j] ?? NaN;
          // A line that begins may fade in while it is faded to.
          assert.ok(Math.abs(value - before) <= 2 / FADE_SAMPLES + 1e-6, `${before} to ${value}`);
          before = value;
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('what comes out does not depend on how it is asked for', () => {
  const offsets = [0, 20, -30, 4, 0];
  const run = (counts: readonly number[]): number[] => {
    const player = new OffsetPlayer(new Counting((sample) => Math.sin(sample / 50)));
    let first = 0;
    return offsets.flatMap((offsetMs) => {
      player.setOffset(offsetMs);
      return counts.flatMap((count) => {
        const part = played(player, first, count);
        first += count;
        return [...part];
      });
    });
  };
  assert.deepEqual(run([1, 100, 99, 600, 200]), run([1000]));
});
