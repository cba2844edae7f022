import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputPlayer } from '../../src/audio/input-player.js';
import { InputClock } from '../../src/ingest/input-clock.js';
import { InputSound } from '../../src/ingest/input-sound.js';
import { createLiveSound, LiveSoundReader } from '../../src/memory/live-sound.js';
import { RandomNumbers } from '../support/random-numbers.js';

const RATE = 48_000;
const PACKET = 1024;
const PACKET_MS = (PACKET * 1000) / RATE;
const HZ = 440;

type Sender = {
  /** How much faster its clock is than ours, as a part. */
  readonly drift: number;
  /** Most by which a packet is late, milliseconds. */
  readonly jitterMs: number;
  readonly seconds: number;
  readonly latencyMs: number;
};

type Heard = {
  readonly left: Float32Array;
  /** By packet: how long after it was sent it was due, milliseconds. */
  readonly waits: readonly number[];
};

/** What is heard of a sine that is sent from a moment on, in simulated time. */
function hear(
  { drift, jitterMs, seconds, latencyMs }: Sender,
  random = new RandomNumbers(7),
): Heard {
  const startMs = 5000;
  const memory = createLiveSound(0);
  const sound = new InputSound(memory);
  const clock = new InputClock(latencyMs);
  const reader = new LiveSoundReader(memory);
  const player = new InputPlayer('in', { readerOf: () => reader, firstDueMs: startMs });
  const left = new Float32Array(seconds * RATE);
  const block = 800;
  const target = new Float32Array(block * 2);
  const waits: number[] = [];
  let packet = 0;
  let arrivedMs = 0;
  for (let first = 0; first + block <= left.length; first += block) {
    const nowMs = startMs + (first * 1000) / RATE;
    for (;;) {
      const sentMs = startMs + ((packet + 1) * PACKET_MS) / (1 + drift);
      // They come in order.
      const comesMs = Math.max(arrivedMs, sentMs + random.next() * jitterMs);
      if (comesMs > nowMs) break;
      arrivedMs = comesMs;
      const samples = new Float32Array(PACKET * 2);
      for (let i = 0; i < PACKET; i++) {
        const value = 0.5 * Math.sin((2 * Math.PI * HZ * (packet * PACKET + i)) / RATE);
        samples.fill(value, i * 2, i * 2 + 2);
      }
      const ptsMs = Math.round(packet * PACKET_MS);
      clock.observe(ptsMs, comesMs);
      sound.take(ptsMs, samples, (one) => clock.dueMsOf(one));
      waits.push(clock.dueMsOf(ptsMs) - sentMs + PACKET_MS);
      packet += 1;
    }
    target.fill(0);
    player.render(first, block, target);
    for (let i = 0; i < block; i++) left[first + i] = target[i * 2] ?? 0;
  }
  return { left, waits };
}

/** Samples of the last part that are not where a sine of one level is: silence, or a step. */
function flaws(left: Float32Array, fromSeconds: number): number {
  let count = 0;
  // Of a sine no sample is further from the middle of its neighbours than its curve is.
  const most = 0.5 * ((2 * Math.PI * HZ * 1.01) / RATE) ** 2;
  for (let i = fromSeconds * RATE + 1; i + 1 < left.length; i++) {
    const bend = (left[i - 1] ?? 0) - 2 * (left[i] ?? 0) + (left[i + 1] ?? 0);
    if (Math.abs(bend) > most * 1.3) count += 1;
  }
  return count;
}

function loudness(left: Float32Array, fromSeconds: number): number {
  const part = left.subarray(fromSeconds * RATE);
  return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / part.length);
}

const SENDERS: Readonly<Record<string, Sender>> = {
  'a sender in step': { drift: 0, jitterMs: 0, seconds: 20, latencyMs: 200 },
  'one with jitter': { drift: 0, jitterMs: 120, seconds: 30, latencyMs: 300 },
  'one that is 0.1 % fast': { drift: 0.001, jitterMs: 30, seconds: 60, latencyMs: 200 },
  'one that is 0.1 % slow': { drift: -0.001, jitterMs: 30, seconds: 60, latencyMs: 200 },
};
for (const [name, sender] of Object.entries(SENDERS))
  test(`${name} is heard without a gap or a click, at its level, after its latency`, () => {
    const { left, waits } = hear(sender);
    assert.equal(flaws(left, 4), 0);
    assert.ok(Math.abs(loudness(left, 4) - 0.5 / Math.SQRT2) < 0.002);
    const settled = waits.slice(200);
    const [least, most] = [Math.min(...settled), Math.max(...settled)];
    assert.ok(least > sender.latencyMs - 10, `${least} ms`);
    assert.ok(most < sender.latencyMs + sender.jitterMs + 40, `${most} ms`);
  });

test('sound that stops is faded, and is there again when it goes on at another place of its clock', () => {
  const memory = createLiveSound(0);
  const sound = new InputSound(memory);
  const reader = new LiveSoundReader(memory);
  const player = new InputPlayer('in', { readerOf: () => reader, firstDueMs: 0 });
  const loud = new Float32Array(48_000).fill(0.5);
  const dueMsOf = (ptsMs: number): number => ptsMs;
  sound.take(100, loud, dueMsOf);
  sound.take(2000, loud, dueMsOf);
  const heard = new Float32Array(RATE * 3 * 2);
  for (let first = 0; first < RATE * 3; first += 480)
    player.render(first, 480, heard.subarray(first * 2, (first + 480) * 2));
  const at = (ms: number): number => heard[Math.round((ms * RATE) / 1000) * 2] ?? NaN;
  assert.equal(at(90), 0);
  assert.ok(Math.abs(at(300) - 0.5) < 1e-3);
  assert.equal(at(1000), 0);
  assert.ok(Math.abs(at(2300) - 0.5) < 1e-3);
  let steepest = 0;
  for (let i = 2; i < heard.length; i += 2)
    steepest = Math.max(steepest, Math.abs((heard[i] ?? 0) - (heard[i - 2] ?? 0)));
  // Half of full scale over 5 ms.
  assert.ok(steepest < 2 * (0.5 / 240), `${steepest}`);
});

test('what a server has kept and sends at once is caught up with, not shown late for ever', () => {
  const clock = new InputClock(200);
  // Two seconds that come within 100 ms, and then as they are made.
  for (let i = 0; i < 60; i++) clock.observe(i * 33.3, 10_000 + i * 1.6);
  for (let i = 60; i < 120; i++) clock.observe(i * 33.3, 10_100 + (i - 60) * 33.3);
  const waitMs = clock.dueMsOf(119 * 33.3) - (10_100 + 59 * 33.3);
  assert.ok(Math.abs(waitMs - 200) < 40, `${waitMs} ms`);
});

test('timestamps that jump, back or by hours, cost no more than the moment', () => {
  const clock = new InputClock(200);
  for (const [from, to] of [
    [0, 100],
    [-90_000, 1100],
    [7_200_000, 2100],
    [5, 3100],
  ] as const)
    for (let i = 0; i < 20; i++) {
      const nowMs = 50_000 + to + i * 33;
      clock.observe(from + i * 33, nowMs);
      const waitMs = clock.dueMsOf(from + i * 33) - nowMs;
      assert.ok(waitMs > 100 && waitMs < 300, `${from}: ${waitMs} ms`);
    }
  assert.equal(clock.jumps, 3);
});

test('a network that becomes slower for good is followed within two seconds', () => {
  const clock = new InputClock(200);
  for (let i = 0; i < 90; i++) clock.observe(i * 33, 10_000 + i * 33);
  let lateMs = 0;
  for (let i = 90; i < 240; i++) {
    const nowMs = 10_500 + i * 33;
    clock.observe(i * 33, nowMs);
    if (clock.dueMsOf(i * 33) < nowMs) lateMs = (i - 90) * 33;
  }
  assert.ok(lateMs > 0 && lateMs < 2100, `${lateMs} ms`);
});

test('sound is where its clock is, once that goes evenly after what a server had kept', () => {
  const memory = createLiveSound(0);
  const sound = new InputSound(memory);
  const clock = new InputClock(200);
  const reader = new LiveSoundReader(memory);
  const samples = new Float32Array(PACKET * 2).fill(0.5);
  let settled = 0;
  for (let packet = 0; packet < 200; packet++) {
    // The first come a little faster than they are made.
    const nowMs = 10_000 + packet * PACKET_MS - 0.5 * Math.min(packet, 60);
    const ptsMs = packet * PACKET_MS;
    clock.observe(ptsMs, nowMs);
    if (clock.settled !== settled) sound.realign();
    settled = clock.settled;
    sound.take(ptsMs, samples, (one) => clock.dueMsOf(one));
  }
  assert.equal(settled, 1);
  const [{ end }] = reader.spans;
  const offMs = ((reader.numberAt(clock.dueMsOf(200 * PACKET_MS)) - end) * 1000) / RATE;
  // What is still in the filter is not written yet.
  assert.ok(Math.abs(offMs) < 1.5, `${offMs} ms`);
});
