import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FromMixer, PushMessage } from '../../src/audio/contract.js';
import { PushBuffer } from '../../src/audio/push-buffer.js';
import { PushInputs } from '../../src/audio/push-inputs.js';
import { SOUND_CHANNELS } from '../../src/memory/sound-ring.js';
import { steepestStep } from '../support/heard.js';
import { largestStep } from './rig.js';

/** Senders that come, go, interrupt themselves, and send while nothing is sent on. */

const HZ = 220;
const RATE_HZ = 48_000;
const FRAME = 800;
const FORMAT = { encoding: 'f32le', rateHz: RATE_HZ, channels: 1 } as const;
const LATENCY_MS = 20;

type Report = Extract<FromMixer, { type: 'push' }>;

function bytesOf(samples: number, valueAt: (sample: number) => number): Uint8Array {
  return new Uint8Array(Float32Array.from({ length: samples }, (_, i) => valueAt(i)).buffer);
}

function voice(samples: number, phase = 0): Uint8Array {
  return bytesOf(samples, (i) => 0.8 * Math.sin((2 * Math.PI * HZ * i) / RATE_HZ + phase));
}

class Rig {
  readonly told: Report[] = [];
  readonly inputs = new PushInputs(
    (report) => void this.told.push(report),
    (sample) => Math.floor(sample / FRAME),
  );
  #next = 0;

  open(pushId: number, sourceId = 'host'): void {
    this.inputs.handle({ type: 'push-open', pushId, sourceId, format: FORMAT });
  }

  say(message: PushMessage): void {
    this.inputs.handle(message);
  }

  /** The left channel of so many frames. */
  render(frames: number, sourceId = 'host'): Float32Array {
    const left = new Float32Array(frames * FRAME);
    for (let n = 0; n < frames; n++) {
      const target = new Float32Array(FRAME * SOUND_CHANNELS);
      if (this.inputs.render(sourceId, LATENCY_MS, this.#next, target))
        for (let i = 0; i < FRAME; i++) left[n * FRAME + i] = target[i * SOUND_CHANNELS] ?? NaN;
      this.#next += FRAME;
    }
    return left;
  }
}

for (const phase of [0, Math.PI / 2, Math.PI])
  test(`a voice that is interrupted by itself does not click, at a phase of ${phase.toFixed(2)}`, () => {
    const rig = new Rig();
    rig.open(1);
    rig.say({ type: 'push-data', pushId: 1, bytes: voice(48_000) });
    const before = rig.render(25);
    rig.say({ type: 'push-flush', pushId: 1 });
    rig.say({ type: 'push-data', pushId: 1, bytes: voice(48_000, phase) });
    const after = rig.render(25);
    // A fade of 5 ms each way, and both sines.
    const most = 2 * steepestStep(0.8, HZ) + (2 * 0.8) / 240;
    const around = Float32Array.from([...before.slice(-10), ...after.slice(0, 4800)]);
    assert.ok(largestStep(around) <= most, `${largestStep(around)} of ${most}`);
    assert.ok(after.slice(-4800).some((value) => value > 0.79));
  });

test('a mark of sound that was flushed was not heard, however often it is flushed', () => {
  const rig = new Rig();
  rig.open(1);
  rig.say({ type: 'push-data', pushId: 1, bytes: voice(96_000) });
  rig.say({ type: 'push-mark', pushId: 1, id: 'end' });
  rig.render(10);
  for (let i = 0; i < 3; i++) rig.say({ type: 'push-flush', pushId: 1 });
  rig.say({ type: 'push-data', pushId: 1, bytes: voice(4800) });
  rig.say({ type: 'push-mark', pushId: 1, id: 'heard' });
  rig.render(20);
  const marks = rig.told.flatMap(({ event }) => (event.type === 'mark' ? [event] : []));
  assert.deepEqual(
    marks.map(({ id, isDropped }) => [id, isDropped]),
    [
      ['end', true],
      ['heard', false],
    ],
  );
});

test('a second sender takes the place of the first, whatever that goes on to send', () => {
  const rig = new Rig();
  const level = (value: number): Uint8Array => bytesOf(FRAME, () => value);
  rig.open(1);
  for (let n = 0; n < 10; n++) {
    rig.say({ type: 'push-data', pushId: 1, bytes: level(0.1) });
    rig.render(1);
  }
  rig.open(2);
  let heard = 0;
  for (let n = 0; n < 20; n++) {
    for (const [pushId, value] of [
      [1, 0.1],
      [2, 0.2],
    ] as const)
      rig.say({ type: 'push-data', pushId, bytes: level(value) });
    heard = rig.render(1).at(-1) ?? NaN;
  }
  assert.ok(Math.abs(heard - 0.2) < 1e-3, `${heard}`);
});

test('what connections of sources leave that are gone is bounded', () => {
  const rig = new Rig();
  for (let i = 0; i < 60; i++) {
    rig.open(i, `source-${i}`);
    rig.say({ type: 'push-data', pushId: i, bytes: voice(48_000) });
    rig.render(1, `source-${i}`);
    rig.say({ type: 'push-close', pushId: i });
  }
  const left = Array.from({ length: 60 }, (_, i) => rig.render(3, `source-${i}`)).filter(
    (samples) => samples.some((value) => value !== 0),
  );
  assert.equal(left.length, 8);
});

test('who sent in real time while no clock ran is back at the latency; what was sent at once is heard whole', () => {
  const create = (): { buffer: PushBuffer; told: string[] } => {
    const told: string[] = [];
    const report = ({ type }: { type: string }): void => void told.push(type);
    const buffer = new PushBuffer({ format: FORMAT, report });
    buffer.setLatency(200);
    return { buffer, told };
  };
  const target = new Float32Array(FRAME * SOUND_CHANNELS);
  const live = create();
  for (let i = 0; i < 400; i++) live.buffer.write(voice(960), i * 20);
  live.buffer.render(0, FRAME, target);
  assert.ok(live.buffer.bufferedMs <= 200, `${live.buffer.bufferedMs} ms wait`);
  assert.deepEqual(live.told, ['overrun']);
  const utterance = create();
  for (let i = 0; i < 400; i++) utterance.buffer.write(voice(960), i * 0.1);
  utterance.buffer.render(0, FRAME, target);
  assert.ok(utterance.buffer.bufferedMs > 7900);
  assert.deepEqual(utterance.told, []);
});
