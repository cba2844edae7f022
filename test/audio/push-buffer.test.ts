import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PcmFormat, PushEvent } from '../../src/audio/contract.js';
import { PcmReader } from '../../src/audio/pcm.js';
import { PushBuffer } from '../../src/audio/push-buffer.js';
import { RandomNumbers } from '../support/random-numbers.js';
import { channelOf, sineAmplitude } from './rig.js';

const MONO_24: PcmFormat = { encoding: 's16le', rateHz: 24_000, channels: 1 };
const FRAME = 800;
const FADE = 240;

type Told = { readonly event: PushEvent; readonly sample: number | null };

class Rig {
  readonly told: Told[] = [];
  readonly buffer: PushBuffer;
  readonly #blocks: Float32Array[] = [];
  next = 0;

  constructor(format: PcmFormat, latencyMs: number) {
    this.buffer = new PushBuffer({
      format,
      report: (event, sample) => this.told.push({ event, sample }),
    });
    this.buffer.setLatency(latencyMs);
  }

  /** One frame at 60 frames a second. */
  frame(): boolean {
    const block = new Float32Array(FRAME * 2);
    const isHeard = this.buffer.render(this.next, FRAME, block);
    if (!isHeard) block.fill(0);
    this.#blocks.push(block);
    this.next += FRAME;
    return isHeard;
  }

  frames(count: number): void {
    for (let i = 0; i < count; i++) this.frame();
  }

  get left(): Float32Array {
    const all = new Float32Array(this.#blocks.length * FRAME * 2);
    this.#blocks.forEach((block, i) => {
      all.set(block, i * FRAME * 2);
    });
    return channelOf(all, 0);
  }

  events(type: PushEvent['type']): Told[] {
    return this.told.filter(({ event }) => event.type === type);
  }
}

/** A sine of half scale as 16-bit samples. */
function sine(first: number, samples: number, { rateHz }: PcmFormat, hz = 440): Buffer {
  const bytes = Buffer.alloc(samples * 2);
  for (let i = 0; i < samples; i++)
    bytes.writeInt16LE(
      Math.round(16_384 * Math.sin((2 * Math.PI * hz * (first + i)) / rateHz)),
      i * 2,
    );
  return bytes;
}

function steepest(samples: Float32Array): number {
  let most = 0;
  for (let i = 1; i < samples.length; i++)
    most = Math.max(most, Math.abs((samples[i] ?? NaN) - (samples[i - 1] ?? NaN)));
  return most;
}

/** What a sine of half scale and a fade of 5 ms come to at the most. */
const SINE_STEP = 0.5 * ((2 * Math.PI * 440) / 48_000 + 1 / FADE);

test('a sample is heard when it has waited for the latency, as loud as it was sent', () => {
  const rig = new Rig(MONO_24, 200);
  rig.buffer.write(sine(0, 2400, MONO_24));
  for (let sent = 2400; sent < 48_000; sent += 400) {
    rig.frame();
    rig.buffer.write(sine(sent, 400, MONO_24));
  }
  const { left } = rig;
  const begin = left.findIndex((value) => Math.abs(value) > 0.001);
  // 100 ms are sent at once, so 200 ms are there after six frames.
  assert.ok(begin >= 0 && begin <= (200 * 48_000) / 1000, `begins at ${begin}`);
  const level = sineAmplitude(left.subarray(24_000, 24_000 + 48_000 * 0.5), 440);
  assert.ok(Math.abs(level - 0.5) < 0.005, `${level}`);
  assert.ok(steepest(left) < SINE_STEP);
  assert.deepEqual(rig.told, []);
});

test('chunks may be of any size, also one byte', () => {
  const bytes = sine(0, 3000, MONO_24);
  const whole = new Rig(MONO_24, 20);
  whole.buffer.write(bytes);
  whole.buffer.end();
  whole.frames(12);
  for (const size of [1, 2, 7, 1000]) {
    const rig = new Rig(MONO_24, 20);
    // All of it at one moment, however long that takes.
    for (let at = 0; at < bytes.length; at += size)
      rig.buffer.write(bytes.subarray(at, at + size), 0);
    rig.buffer.end();
    rig.frames(12);
    assert.deepEqual(rig.left, whole.left);
  }
});

test('floats and stereo come through; what is not a number is silence', () => {
  const format: PcmFormat = { encoding: 'f32le', rateHz: 48_000, channels: 2 };
  const reader = new PcmReader(format);
  const bytes = Buffer.alloc(24);
  [0.5, -0.5, NaN, Infinity, 1e9, 0.25].forEach((value, i) => bytes.writeFloatLE(value, i * 4));
  assert.deepEqual(
    [...reader.read(bytes.subarray(0, 5)), ...reader.read(bytes.subarray(5))],
    [0.5, -0.5, 0, 0, 64, 0.25],
  );
  assert.equal(reader.hasPart, false);
  reader.read(bytes.subarray(0, 3));
  assert.equal(reader.hasPart, true);
});

test('a voice that is interrupted is silent within the fade', () => {
  const rig = new Rig(MONO_24, 50);
  rig.buffer.write(sine(0, 24_000, MONO_24));
  rig.frames(20);
  rig.buffer.mark('never');
  rig.buffer.flush();
  rig.frames(10);
  const { left } = rig;
  const at = 20 * FRAME;
  assert.ok(left.subarray(at - 100, at).some((value) => Math.abs(value) > 0.2));
  assert.ok(left.subarray(at + FADE + 4).every((value) => value === 0));
  assert.ok(steepest(left) < SINE_STEP);
  assert.deepEqual(
    rig.told.map(({ event }) => event),
    [{ type: 'mark', id: 'never', isDropped: true }, { type: 'ended' }],
  );
  // And what is sent after that is heard again.
  rig.buffer.write(sine(0, 12_000, MONO_24));
  rig.frames(20);
  assert.ok(rig.left.subarray(at + 10 * FRAME).some((value) => Math.abs(value) > 0.3));
});

test('who says that nothing more comes is answered once, also when everything has been played before', () => {
  const rig = new Rig(MONO_24, 20);
  rig.buffer.end();
  rig.frames(2);
  assert.equal(rig.events('ended').length, 1);
  rig.buffer.write(sine(0, 2400, MONO_24));
  rig.frames(20);
  assert.equal(rig.events('underrun').length, 1);
  rig.buffer.end();
  rig.frames(2);
  assert.equal(rig.events('ended').length, 2);
  rig.buffer.flush();
  rig.frames(2);
  assert.equal(rig.events('ended').length, 3);
  rig.frames(20);
  assert.equal(rig.events('ended').length, 3);
});

test('marks are told with the sample that is heard then', () => {
  const rig = new Rig({ ...MONO_24, rateHz: 48_000 }, 20);
  const format = { ...MONO_24, rateHz: 48_000 };
  rig.buffer.write(sine(0, 10_000, format));
  rig.buffer.mark('word');
  rig.buffer.write(sine(10_000, 10_000, format));
  rig.buffer.end();
  rig.frames(40);
  const begin = rig.left.findIndex((value) => value !== 0) - 1;
  const [mark] = rig.events('mark');
  assert.ok(mark !== undefined && mark.sample !== null);
  assert.ok(Math.abs(mark.sample - (begin + 10_000)) <= 2, `${mark.sample}, begun at ${begin}`);
  assert.equal(rig.events('ended').length, 1);
});

test('a voice that stops in the middle of a sample spoils nothing of what comes after its end', () => {
  const rig = new Rig(MONO_24, 20);
  rig.buffer.write(sine(0, 2400, MONO_24));
  rig.buffer.write(Buffer.from([1]));
  rig.buffer.end();
  rig.frames(12);
  rig.buffer.write(sine(0, 12_000, MONO_24));
  rig.buffer.end();
  rig.frames(32);
  const { left } = rig;
  assert.ok(steepest(left) < SINE_STEP, 'noise');
  assert.ok(left.subarray(14 * FRAME).some((value) => Math.abs(value) > 0.4));
});

test('marks without end are answered, and do not pile up', () => {
  const rig = new Rig(MONO_24, 20);
  for (let i = 0; i < 3000; i++) rig.buffer.mark(`m${i}`);
  assert.equal(rig.events('mark').length, 2000);
  rig.frames(1);
  assert.equal(rig.events('mark').length, 3000);
});

test('an underrun is told, falls silent without a click, and is over by itself', () => {
  const rig = new Rig(MONO_24, 100);
  rig.buffer.write(sine(0, 4800, MONO_24));
  rig.frames(30);
  rig.buffer.write(sine(4800, 12_000, MONO_24));
  rig.frames(10);
  assert.equal(rig.events('underrun').length, 1);
  assert.ok(steepest(rig.left) < SINE_STEP);
});

test('a sender that is far too fast is warned, then told how much was left out', () => {
  const rig = new Rig(MONO_24, 100);
  // Ten seconds for each second, for five seconds.
  for (let frame = 0; frame < 300; frame++) {
    rig.buffer.write(sine(frame * 4000, 4000, MONO_24));
    rig.frame();
  }
  const first = rig.told.findIndex(({ event }) => event.type === 'overrun');
  const warned = rig.told.findIndex(({ event }) => event.type === 'nearly-full');
  assert.ok(warned >= 0 && first > warned);
  const droppedMs = rig
    .events('overrun')
    .reduce((sum, { event }) => sum + (event.type === 'overrun' ? event.droppedMs : 0), 0);
  // 50 s were sent, 5 s played, 30 s are kept.
  assert.ok(Math.abs(droppedMs - 15_000) < 300, `${droppedMs} ms`);
  assert.ok(rig.buffer.bufferedMs <= 30_000);
});

test('ten minutes with jitter and a clock that is off: no gap, latency at its target, no drift', () => {
  const latencyMs = 500;
  for (const drift of [0.002, -0.002]) {
    const random = new RandomNumbers(7);
    const rig = new Rig(MONO_24, latencyMs);
    /** Packets of 20 ms by the sender's clock, each late by 20 to 400 ms, in order. */
    const packets: number[] = [];
    let before = 0;
    for (let i = 0; i < 31_000; i++) {
      before = Math.max(before, (i * 20) / (1 + drift) + 20 + random.next() * 380);
      packets.push(before);
    }
    let sent = 0;
    const fills: number[] = [];
    for (let frame = 0; frame < 36_000; frame++) {
      const nowMs = (frame * 1000) / 60;
      while ((packets[sent] ?? Infinity) <= nowMs)
        rig.buffer.write(sine(sent++ * 480, 480, MONO_24));
      const isHeard = rig.frame();
      if (frame > 1200 && isHeard) fills.push(rig.buffer.bufferedMs);
      assert.ok(frame < 60 || isHeard, `a gap at frame ${frame}`);
    }
    assert.deepEqual(rig.events('underrun'), []);
    const most = Math.max(...fills);
    assert.ok(most <= latencyMs + 2 * (1000 / 60), `${most} ms were waiting at ${drift}`);
    const mean = (part: readonly number[]): number =>
      part.reduce((sum, value) => sum + value, 0) / part.length;
    const [early, late] = [mean(fills.slice(0, 6000)), mean(fills.slice(-6000))];
    assert.ok(Math.abs(early - late) < 30, `${early} ms, then ${late} ms`);
  }
});
