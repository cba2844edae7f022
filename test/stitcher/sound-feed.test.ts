import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { firstSample } from '../../src/core/media-clock.js';
import type { FrameRate } from '../../src/core/rational.js';
import {
  createSoundMemory,
  SOUND_CHANNELS,
  SoundRingReader,
  SoundRingWriter,
  type SoundState,
} from '../../src/memory/sound-ring.js';
import { SoundFeed } from '../../src/stitcher/sound-feed.js';

const NTSC: FrameRate = { num: 30_000, den: 1001 };
const EPOCH = 5;
const FRAME_MS = (1000 * NTSC.den) / NTSC.num;
/** 400 ms. */
const GRACE_FRAMES = Math.ceil(400 / FRAME_MS);
const FADE = 240;

class Rig {
  readonly #ring: SoundRingWriter;
  readonly feed: SoundFeed;
  /** What the encoders have had: by the number of the sample, the left one. */
  readonly sent = new Map<number, number>();
  next = 0;

  constructor() {
    const memory = createSoundMemory();
    this.#ring = new SoundRingWriter(memory);
    this.feed = new SoundFeed(new SoundRingReader(memory), NTSC);
    this.feed.begin(EPOCH);
  }

  /** The mixer mixes a frame: a constant 0.5. */
  mix(frame: number, state: SoundState = 'mixed'): void {
    const span = { first: firstSample(frame, NTSC), end: firstSample(frame + 1, NTSC) };
    const samples = new Float32Array((span.end - span.first) * SOUND_CHANNELS).fill(0.5);
    this.#ring.write({ frame, epoch: EPOCH, state }, span, samples);
  }

  /** Sends a frame, by default in its time; answers how many samples went with it. */
  send(n: number, life = 1, nowMs = n * FRAME_MS): number {
    const run = this.feed.take(n, life, nowMs);
    if (run === null) return 0;
    const count = run.samples.length / SOUND_CHANNELS;
    for (let i = 0; i < count; i++) {
      assert.ok(!this.sent.has(run.first + i), 'a sample has gone twice');
      this.sent.set(run.first + i, run.samples[i * SOUND_CHANNELS] ?? NaN);
    }
    return count;
  }
}

function samplesOf(n: number): number {
  return firstSample(n + 1, NTSC) - firstSample(n, NTSC);
}

test('each frame carries exactly its own samples', () => {
  const rig = new Rig();
  for (let n = 0; n < 100; n++) {
    rig.mix(n);
    assert.equal(rig.send(n), samplesOf(n));
  }
  const { clock, mixed, waiting } = rig.feed.ledger(100);
  assert.deepEqual([clock, mixed, waiting], [firstSample(100, NTSC), firstSample(100, NTSC), 0]);
  assert.ok([...rig.sent.values()].every((value) => value === 0.5));
});

test('what could not be sent with its frame goes with the next one that is', () => {
  const rig = new Rig();
  for (let n = 0; n <= 9; n++) rig.mix(n);
  rig.send(0);
  assert.equal(rig.feed.ledger(9).waiting, firstSample(9, NTSC) - firstSample(1, NTSC));
  assert.equal(rig.send(9), firstSample(10, NTSC) - firstSample(1, NTSC));
  assert.equal(rig.feed.ledger(10).mixed, firstSample(10, NTSC));
});

test('what the mixer is late with is waited for, and then left silent with a fade on both sides', () => {
  const rig = new Rig();
  rig.mix(0);
  rig.send(0);
  // Late, but in time.
  assert.equal(rig.send(1), 0);
  rig.mix(1);
  rig.mix(2);
  assert.equal(rig.send(2), samplesOf(1) + samplesOf(2));
  // For good.
  for (let n = 3; n < 3 + GRACE_FRAMES; n++) assert.equal(rig.send(n), 0);
  assert.ok(rig.send(3 + GRACE_FRAMES) > 0);
  for (let n = 4 + GRACE_FRAMES; n < 30; n++) assert.equal(rig.send(n), samplesOf(n));
  rig.mix(30);
  rig.send(30);
  const { missing, mixed, waiting, clock } = rig.feed.ledger(31);
  assert.equal(missing.mixer, firstSample(30, NTSC) - firstSample(3, NTSC));
  assert.equal(mixed + missing.mixer + waiting, clock);
  const at = (sample: number): number => rig.sent.get(sample) ?? NaN;
  const [gone, back] = [firstSample(3, NTSC), firstSample(30, NTSC)];
  for (let i = 0; i < FADE; i++) {
    assert.ok(Math.abs(at(gone + i) - 0.5 * (1 - (i + 1) / FADE)) < 1e-6);
    assert.ok(Math.abs(at(back + i) - (0.5 * (i + 1)) / FADE) < 1e-6);
  }
  for (let i = gone + FADE; i < back; i++) assert.equal(at(i), 0);
});

test('after a pause of the stitcher the mixer has as long for what it has just been asked for', () => {
  const rig = new Rig();
  rig.mix(0);
  rig.send(0);
  // Nothing was asked for during 90 frames, three seconds, so that nothing is mixed.
  assert.equal(rig.send(90), 0);
  for (let n = 1; n <= 91; n++) rig.mix(n);
  assert.equal(rig.send(91), firstSample(92, NTSC) - firstSample(1, NTSC));
  assert.equal(rig.feed.ledger(92).mixed, firstSample(92, NTSC));
});

test('an encoder that ends leaves a hole of the length that the ledger says, and the next begins with a fade', () => {
  const rig = new Rig();
  for (let n = 0; n < 60; n++) rig.mix(n);
  for (let n = 0; n < 10; n++) rig.send(n, 1);
  rig.send(40, 2);
  const hole = firstSample(40, NTSC) - firstSample(10, NTSC);
  assert.equal(rig.feed.ledger(41).missing.encoder, hole);
  assert.equal(rig.sent.size, firstSample(41, NTSC) - hole);
  assert.ok((rig.sent.get(firstSample(40, NTSC)) ?? 1) < 0.01);
  assert.equal(rig.sent.get(firstSample(40, NTSC) + FADE), 0.5);
  rig.feed.end(50);
  assert.deepEqual(rig.feed.ledger(50).waiting, 0);
});

test('an encoder that takes the place of another without a slot between them begins with a fade, too', () => {
  const rig = new Rig();
  for (let n = 0; n < 4; n++) rig.mix(n);
  rig.send(0, 1);
  rig.send(1, 1);
  rig.send(2, 2);
  const first = firstSample(2, NTSC);
  assert.ok((rig.sent.get(first) ?? 1) < 0.01);
  assert.equal(rig.sent.get(first + FADE), 0.5);
  assert.deepEqual(rig.feed.ledger(3).missing, { mixer: 0, encoder: 0 });
});

test('whatever is late, skipped or restarted, every sample of the clock is counted once', () => {
  const step = fc.record({
    mixes: fc.integer({ min: 0, max: 3 }),
    isSent: fc.boolean(),
    isNewLife: fc.integer({ min: 0, max: 20 }).map((roll) => roll === 0),
    isSilent: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      const rig = new Rig();
      let [life, mixedTo] = [1, 0];
      steps.forEach(({ mixes, isSent, isNewLife, isSilent }, n) => {
        for (let i = 0; i < mixes && mixedTo <= n; i++)
          rig.mix(mixedTo++, isSilent ? 'silent' : 'mixed');
        if (isNewLife) life += 1;
        if (isSent) rig.send(n, life);
        const { clock, mixed, silent, missing, waiting } = rig.feed.ledger(n + 1);
        assert.equal(clock, firstSample(n + 1, NTSC));
        assert.equal(mixed + silent + missing.mixer + missing.encoder + waiting, clock);
        assert.equal(rig.sent.size, mixed + silent + missing.mixer);
        assert.ok(waiting >= 0);
      });
      rig.feed.end(steps.length);
      assert.equal(rig.feed.ledger(steps.length).waiting, 0);
    }),
  );
});
