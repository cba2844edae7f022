import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstSample } from '../../src/core/media-clock.js';
import { FrameRequests } from '../../src/memory/frame-requests.js';
import { StitcherPort } from '../../src/memory/handover.js';
import { createSharedMemory } from '../../src/memory/map.js';
import {
  createSoundMemory,
  SoundRingReader,
  SoundRingWriter,
  SOUND_CHANNELS,
} from '../../src/memory/sound-ring.js';
import { PACKET_SAMPLES, SoundTap } from '../../src/preview/sound-tap.js';

const FRAME_RATE = { num: 30_000, den: 1001 };
const TIMES = { programTimeMs: 0, wallOffsetMs: 0 };

type Heard = {
  readonly run: number;
  readonly firstSample: number;
  readonly frame: number;
  readonly left: readonly number[];
};

/** A program that plays the number of each sample on the left, and its negative on the right. */
class Rig {
  readonly #memory = createSharedMemory();
  readonly #sound = createSoundMemory();
  readonly #port = new StitcherPort(this.#memory);
  readonly #ring = new SoundRingWriter(this.#sound);
  readonly tap: SoundTap;
  readonly heard: Heard[] = [];

  constructor() {
    this.#port.setFirstFormat({ widthPx: 320, heightPx: 180, frameRate: FRAME_RATE });
    this.tap = new SoundTap(new FrameRequests(this.#memory), new SoundRingReader(this.#sound));
  }

  begin(): void {
    this.#port.begin();
  }

  mix(frame: number): void {
    const { epoch } = new FrameRequests(this.#memory).request;
    const span = {
      first: firstSample(frame, FRAME_RATE),
      end: firstSample(frame + 1, FRAME_RATE),
    };
    const samples = Float32Array.from(
      { length: (span.end - span.first) * SOUND_CHANNELS },
      (_, i) => (i % 2 === 0 ? 1 : -1) * (span.first + Math.floor(i / 2)),
    );
    this.#ring.write({ frame, epoch, state: 'mixed' }, span, samples);
  }

  /** Frame `n` has been mixed, and the next one asked for. */
  ask(n: number): void {
    this.#port.ask(n + 1, TIMES);
  }

  read(): void {
    this.tap.read(({ run, firstSample: first, frame, samples }) => {
      const left = Array.from({ length: PACKET_SAMPLES }, (_, i) => samples[i * 2] ?? NaN);
      for (const [i, sample] of left.entries()) assert.equal(samples[i * 2 + 1], -sample);
      this.heard.push({ run, firstSample: first, frame, left });
    });
  }

  play(from: number, end: number): void {
    for (let n = from; n < end; n++) {
      this.mix(n);
      this.ask(n);
      this.read();
    }
  }
}

test('hears a clock from its first sample on, every sample once', () => {
  const rig = new Rig();
  rig.read();
  rig.begin();
  rig.play(0, 300);
  assert.equal(rig.heard.length, Math.floor(firstSample(300, FRAME_RATE) / PACKET_SAMPLES));
  for (const [i, { run, firstSample: first, frame, left }] of rig.heard.entries()) {
    assert.equal(run, rig.heard[0]?.run);
    assert.equal(first, i * PACKET_SAMPLES);
    assert.ok(firstSample(frame, FRAME_RATE) <= first);
    assert.ok(firstSample(frame + 1, FRAME_RATE) > first);
    assert.ok(left.every((sample, k) => sample === first + k));
  }
});

test('begins in the middle with what is mixed from then on', () => {
  const rig = new Rig();
  rig.begin();
  for (let n = 0; n < 100; n++) rig.mix(n);
  rig.ask(99);
  rig.read();
  assert.equal(rig.heard.length, 0);
  rig.play(100, 110);
  const [begun] = rig.heard;
  assert.equal(begun?.firstSample, firstSample(100, FRAME_RATE));
});

test('waits for what is mixed late, and leaves out what is not mixed at all', () => {
  const rig = new Rig();
  rig.read();
  rig.begin();
  rig.play(0, 10);
  rig.ask(12);
  rig.read();
  const before = rig.heard.length;
  for (const n of [10, 11, 12]) rig.mix(n);
  rig.read();
  assert.ok(rig.heard.length > before, 'it came late, and is heard');
  assert.equal(new Set(rig.heard.map(({ run }) => run)).size, 1, 'without a gap');

  rig.play(14, 80);
  const runs = [...new Set(rig.heard.map(({ run }) => run))];
  assert.equal(runs.length, 2);
  const [after] = rig.heard.filter(({ run }) => run === runs[1]);
  assert.equal(after?.firstSample, firstSample(14, FRAME_RATE), 'frame 13 is left out');
});

test('a new clock begins a new run, and half a packet of the one before is left out', () => {
  const rig = new Rig();
  rig.read();
  rig.begin();
  rig.play(0, 10);
  rig.begin();
  rig.play(0, 10);
  const [first, second] = [0, 1].map((i) => rig.heard.slice(i * 16, i * 16 + 16));
  assert.equal(rig.heard.length, 32);
  assert.deepEqual(
    second?.map(({ left }) => left),
    first?.map(({ left }) => left),
  );
  assert.notEqual(second?.[0]?.run, first?.[0]?.run);
});

test('after a pause nothing old is heard', () => {
  const rig = new Rig();
  rig.read();
  rig.begin();
  rig.play(0, 10);
  const { length } = rig.heard;
  for (let n = 10; n < 50; n++) rig.mix(n);
  rig.ask(49);
  rig.tap.reset();
  rig.read();
  rig.play(50, 60);
  assert.equal(rig.heard[length]?.firstSample, firstSample(50, FRAME_RATE));
});
