import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstSample } from '../../src/core/media-clock.js';
import { pictureHead, soundHead } from '../../src/output/matroska/cluster.js';
import {
  AUDIO_BYTES_PER_SAMPLE,
  i420Bytes,
  matroskaHeader,
} from '../../src/output/matroska/header.js';
import { packetsOfBytes, probeBytes } from '../support/media.js';
import { frameTimeUs, sampleTimeUs } from '../../src/output/matroska/timeline.js';

const WIDTH = 64;
const HEIGHT = 36;
const NTSC = { num: 30000, den: 1001 };

function movie(frames: readonly number[], rate: { num: number; den: number }): Buffer {
  const picture = Buffer.alloc(i420Bytes(WIDTH, HEIGHT), 0x80);
  return Buffer.concat([
    matroskaHeader(WIDTH, HEIGHT, rate),
    ...frames.flatMap((n) => {
      const first = firstSample(n, rate);
      const sound = Buffer.alloc((firstSample(n + 1, rate) - first) * AUDIO_BYTES_PER_SAMPLE);
      return [soundHead(first, sound.length), sound, pictureHead(n, rate, picture.length), picture];
    }),
  ]);
}

test('describes raw BT.709 limited I420 and 48 kHz stereo PCM of floats', async () => {
  const [video, audio] = await probeBytes(movie([0, 1, 2], NTSC), 'matroska');
  for (const [name, value] of Object.entries({
    codec_name: 'rawvideo',
    pix_fmt: 'yuv420p',
    width: WIDTH,
    height: HEIGHT,
    color_space: 'bt709',
    color_primaries: 'bt709',
    color_transfer: 'bt709',
    color_range: 'tv',
    r_frame_rate: '30000/1001',
    time_base: '1/1000000',
  }))
    assert.equal(video?.[name], value, name);
  for (const [name, value] of Object.entries({
    codec_name: 'pcm_f32le',
    sample_rate: '48000',
    channels: 2,
  }))
    assert.equal(audio?.[name], value, name);
});

test('gives every frame its own time and its own share of sound, a hole stays a hole', async () => {
  const frames = [0, 1, 2, 7, 8, 100_000, 100_001];
  const packets = await packetsOfBytes(movie(frames, NTSC), 'matroska');
  const video = packets.filter(({ type }) => type === 'video');
  const audio = packets.filter(({ type }) => type === 'audio');
  assert.deepEqual(
    video.map(({ pts }) => pts),
    frames.map((n) => Math.round((n * 1001 * 1_000_000) / 30000)),
  );
  assert.deepEqual(
    audio.map(({ pts }) => pts),
    frames.map((n) => sampleTimeUs(firstSample(n, NTSC))),
  );
  assert.deepEqual(
    audio.map(({ bytes }) => bytes),
    frames.map((n) => (firstSample(n + 1, NTSC) - firstSample(n, NTSC)) * AUDIO_BYTES_PER_SAMPLE),
  );
});

test('does not drift: times come back to the same frame after years', () => {
  for (const rate of [{ num: 60, den: 1 }, NTSC, { num: 24000, den: 1001 }, { num: 25, den: 1 }])
    for (const n of [0, 1, 1000, 2 ** 31 + 7, 2 ** 33 + 1]) {
      const exactUs =
        (BigInt(n) * BigInt(rate.den) * 2_000_000n + BigInt(rate.num)) / BigInt(2 * rate.num);
      assert.equal(BigInt(frameTimeUs(n, rate)), exactUs);
      const exactSample = (BigInt(n) * BigInt(rate.den) * 48_000n) / BigInt(rate.num);
      assert.equal(BigInt(firstSample(n, rate)), exactSample);
    }
});
