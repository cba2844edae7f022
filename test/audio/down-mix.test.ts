import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { sineAmplitude } from './rig.js';
import { TrackRig } from './track-rig.js';

/** Sound of more than two channels becomes stereo by the matrix of ITU-R BS.775, however its samples are written. */

/** Each channel has a frequency of its own, so that what has become of it can be told. */
const CHANNELS = [
  { name: 'left', hz: 500, amplitude: 0.2, toLeft: 1, toRight: 0 },
  { name: 'right', hz: 700, amplitude: 0.2, toLeft: 0, toRight: 1 },
  { name: 'centre', hz: 1000, amplitude: 0.3, toLeft: Math.SQRT1_2, toRight: Math.SQRT1_2 },
  { name: 'low frequencies', hz: 100, amplitude: 0.3, toLeft: 0, toRight: 0 },
  { name: 'left surround', hz: 1300, amplitude: 0.2, toLeft: Math.SQRT1_2, toRight: 0 },
  { name: 'right surround', hz: 1700, amplitude: 0.2, toLeft: 0, toRight: Math.SQRT1_2 },
];
const SURROUND = CHANNELS.map(({ hz, amplitude }) => `${amplitude}*sin(2*PI*${hz}*t)`).join('|');

const FORMATS: readonly (readonly [what: string, ending: string, args: readonly string[]])[] = [
  ['a WAV of 16 bits', 'wav', ['-c:a', 'pcm_s16le']],
  ['a WAV of 24 bits', 'wav', ['-c:a', 'pcm_s24le']],
  ['a WAV of floats', 'wav', ['-c:a', 'pcm_f32le']],
  ['a FLAC', 'flac', ['-c:a', 'flac']],
  ['an AAC', 'm4a', ['-c:a', 'aac', '-b:a', '512k']],
  ['an Opus', 'opus', ['-c:a', 'libopus', '-b:a', '512k']],
  // Another rate has the resampler choose another way to calculate.
  ['a FLAC at 44.1 kHz', 'flac', ['-c:a', 'flac', '-ar', '44100']],
];

let rig: TrackRig;
before(async () => {
  rig = await TrackRig.open();
});
after(() => rig.close());
afterEach(async () => {
  for (const { id } of rig.state.sound.sources) rig.remove(id);
  await rig.mix(2400);
});

for (const [number, [what, ending, args]] of FORMATS.entries())
  test(`each of six channels of ${what} is as loud as the standard says`, async () => {
    const asset = `surround-${number}`;
    const source = `aevalsrc=exprs=${SURROUND}:channel_layout=5.1:s=48000:d=2`;
    await rig.makeAsset(asset, source, ending, args);
    const first = rig.next;
    rig.create(asset, { kind: 'file', asset });
    await rig.mix(60_000);
    // Each frequency has whole periods in it.
    const [left, right] = [rig.left(first + 9600, 48_000), rig.right(first + 9600, 48_000)];
    for (const { name, hz, amplitude, toLeft, toRight } of CHANNELS)
      for (const [heard, gain] of [[left, toLeft] as const, [right, toRight] as const]) {
        const level = sineAmplitude(heard, hz);
        assert.ok(Math.abs(level - gain * amplitude) < 0.004, `${name}: ${level}`);
      }
  });
