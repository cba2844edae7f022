import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { probeVideo } from '../../src/assets/probe-video.js';
import { createLogger } from '../../src/core/logger.js';
import { VideoDecoder } from '../../src/ingest/video-decoder.js';
import {
  createPictureRing,
  pixelsIn,
  PictureRingReader,
  type PictureRing,
} from '../../src/memory/picture-ring.js';
import { videoTimeline, type VideoPlayback, type VideoTrack } from '../../src/scene/video-track.js';
import { CODED_SIZE, makeCodedVideo, readCode, type CodedVideo } from '../support/coded-video.js';
import { childrenNamed } from '../support/children-named.js';
import { until } from '../support/until.js';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-video-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const WHOLE: VideoPlayback = { loop: true, speed: 1, inMs: 0, outMs: null };
const SLOTS = 12;

async function makeTrack(
  name: string,
  coded: CodedVideo,
  playback: Partial<VideoPlayback> = {},
): Promise<VideoTrack> {
  const path = join(folder, name);
  await makeCodedVideo(path, coded);
  const found = await probeVideo({ path, ffmpegPath: 'ffmpeg' });
  assert.ok(found !== null);
  const { video } = found;
  const all = { ...WHOLE, ...playback };
  return {
    key: name,
    cue: '',
    first: 0,
    path,
    video,
    inMs: all.inMs,
    speed: all.speed,
    timeline: videoTimeline(video, all),
    widthPx: CODED_SIZE.width,
    heightPx: CODED_SIZE.height,
  };
}

function codeOf(ring: PictureRing, number: number): number {
  const pixels = pixelsIn(ring, number);
  return readCode((x, y) => {
    const [column, row] = [Math.floor(x * ring.widthPx), Math.floor(y * ring.heightPx)];
    return pixels[row * ring.widthPx + column] ?? 0;
  });
}

/** A decoder at work, and a compositor that shows one picture after the other. */
class Rig {
  readonly ring: PictureRing;
  readonly reader: PictureRingReader;
  readonly #decoder: VideoDecoder;
  readonly #timer: NodeJS.Timeout;

  constructor(track: VideoTrack) {
    const { widthPx, heightPx } = track;
    this.ring = createPictureRing({ widthPx, heightPx, format: 'i420', slots: SLOTS });
    this.reader = new PictureRingReader(this.ring);
    const logger = createLogger('silent', 'test');
    this.#decoder = new VideoDecoder({ track, ring: this.ring, ffmpegPath: 'ffmpeg', logger });
    this.#timer = setInterval(() => {
      this.#decoder.tick();
    }, 2);
  }

  /** What is in the picture with a number, as soon as it is there. */
  async shown(number: number): Promise<number> {
    while (this.reader.take(number) !== number) await sleep(2);
    return codeOf(this.ring, number);
  }

  async codes(first: number, count: number): Promise<number[]> {
    const codes: number[] = [];
    for (let i = 0; i < count; i++) codes.push(await this.shown(first + i));
    return codes;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#decoder.close();
  }
}

async function withRig(track: VideoTrack, use: (rig: Rig) => Promise<void>): Promise<void> {
  const rig = new Rig(track);
  try {
    await use(rig);
  } finally {
    rig.close();
  }
}

const upTo = (count: number, first = 1): number[] =>
  Array.from({ length: count }, (_, i) => first + i);

for (const rate of ['25', '30', '60', '24000/1001', '30000/1001', '12.5'])
  test(`a video of ${rate} pictures a second is played run after run, none missing and none doubled`, async () => {
    const track = await makeTrack(`${rate.replace('/', '-')}.mp4`, { rate, frames: 40 });
    assert.equal(track.timeline.runFrames, 40);
    await withRig(track, async (rig) => {
      assert.deepEqual(await rig.codes(0, 120), [...upTo(40), ...upTo(40), ...upTo(40)]);
    });
  });

const ENCODERS: Readonly<Record<string, readonly string[]>> = {
  'a.mov': ['-c:v', 'prores_ks', '-pix_fmt', 'yuv422p10le'],
  'b.mkv': ['-c:v', 'libx265', '-x265-params', 'log-level=error', '-pix_fmt', 'yuv420p'],
  'c.webm': ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-pix_fmt', 'yuv420p'],
  'd.webm': ['-c:v', 'libvpx', '-deadline', 'realtime', '-pix_fmt', 'yuv420p'],
  'e.avi': ['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p'],
  'f.ts': ['-c:v', 'libx264', '-bf', '2', '-g', '10', '-pix_fmt', 'yuv420p'],
  'g.mp4': ['-c:v', 'libaom-av1', '-cpu-used', '8', '-pix_fmt', 'yuv420p'],
};

for (const [name, encode] of Object.entries(ENCODERS))
  test(`${name} with ${encode[1]} is sought to the picture, and played to its end`, async () => {
    const track = await makeTrack(name, { rate: '25', frames: 50, encode }, { loop: 2 });
    assert.equal(track.timeline.frames, 100);
    await withRig(track, async (rig) => {
      assert.deepEqual(await rig.codes(0, 4), upTo(4));
      assert.deepEqual(await rig.codes(33, 19), [...upTo(17, 34), 1, 2]);
      // Back, and to the end, where the last picture stays.
      assert.deepEqual(await rig.codes(20, 3), upTo(3, 21));
      assert.deepEqual(await rig.codes(96, 4), upTo(4, 47));
      await sleep(50);
      assert.equal(rig.reader.take(120), 99);
    });
  });

test('what is cut out of a video begins and ends with its picture, at any speed', async () => {
  const coded = { rate: '25', frames: 100 };
  const cut = { inMs: 1000, outMs: 2000 };
  const plain = await makeTrack('cut.mp4', coded, cut);
  await withRig(plain, async (rig) => {
    assert.deepEqual(await rig.codes(0, 27), [...upTo(25, 26), 26, 27]);
  });
  const fast = await makeTrack('fast.mp4', { rate: '50', frames: 100 }, { speed: 2 });
  assert.deepEqual([fast.timeline.rate, fast.timeline.runFrames], [{ num: 60, den: 1 }, 60]);
  await withRig(fast, async (rig) => {
    const codes = await rig.codes(0, 60);
    // 100 pictures in a second, of which 60 are shown: each is the nearest to its moment.
    codes.forEach((code, i) => {
      assert.ok(Math.abs(code - 1 - (i * 100) / 60) <= 1, `${i}: ${code}`);
    });
  });
  const slow = await makeTrack('slow.mp4', { rate: '50', frames: 50 }, { speed: 0.5 });
  assert.equal(slow.timeline.rate.num / slow.timeline.rate.den, 25);
  await withRig(slow, async (rig) => {
    assert.deepEqual(await rig.codes(0, 50), upTo(50));
  });
});

test('a video that is shorter than it says stays at its last picture until its run is over', async () => {
  const track = await makeTrack('short.mp4', { rate: '25', frames: 20 });
  const long = { ...track, timeline: { ...track.timeline, runFrames: 30 } };
  await withRig(long, async (rig) => {
    const run = [...upTo(20), ...Array.from({ length: 10 }, () => 20)];
    assert.deepEqual(await rig.codes(0, 35), [...run, ...upTo(5)]);
  });
});

for (const signal of ['SIGKILL', 'SIGSTOP'] as const)
  test(`FFmpeg that is hit by ${signal} is replaced, and the next picture is the right one`, async () => {
    const track = await makeTrack(`${signal}.mp4`, { rate: '25', frames: 500 });
    await withRig(track, async (rig) => {
      assert.deepEqual(await rig.codes(0, 20), upTo(20));
      for (const pid of childrenNamed('ffmpeg')) process.kill(pid, signal);
      assert.deepEqual(await rig.codes(20, 100), upTo(100, 21));
    });
    await until('its processes are gone', () => childrenNamed('ffmpeg').length === 0);
  });
