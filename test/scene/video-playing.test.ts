import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { VideoTransport } from '../../src/scene/schema/video-transport.js';
import {
  pictureAfter,
  playedFrames,
  positionAfter,
  videoStart,
  type PlayedVideo,
} from '../../src/scene/video-playing.js';
import { videoTimeline } from '../../src/scene/video-track.js';

/** Where a video is, by its moment and by what operations have done to it. */

const VIDEO = {
  durationMs: 4000,
  frameRate: { num: 25, den: 1 },
  codec: 'h264',
  hasAlpha: false,
  matrix: 'bt709',
} as const;
const TAKEN_MS = 1_700_000_000_000;
const PLAIN: PlayedVideo = { speed: 1, startMs: 0, inMs: 0, transport: null };

function pictureAt(
  video: PlayedVideo,
  afterMs: number,
  loop: boolean | number = true,
  takenAtMs = TAKEN_MS,
): number {
  const timeline = videoTimeline(VIDEO, { ...video, outMs: null, loop });
  const start = videoStart(video, timeline, takenAtMs);
  return pictureAfter(playedFrames(start, timeline, takenAtMs + afterMs));
}

function transport(fields: Partial<VideoTransport>): VideoTransport {
  return {
    paused: false,
    positionMs: 0,
    run: 0,
    atMs: TAKEN_MS,
    soughtAtMs: null,
    cued: false,
    ...fields,
  };
}

test('begins with its scene, and ends after its last run', () => {
  assert.equal(pictureAt(PLAIN, 0), 0);
  assert.equal(pictureAt(PLAIN, 40), 1);
  assert.equal(pictureAt({ ...PLAIN, startMs: 1000 }, 1080), 2);
  assert.equal(pictureAt(PLAIN, 4040), 101);
  assert.equal(pictureAt(PLAIN, 60_000, 2), 200);
});

test('stands where it was paused, and goes on from where it was put', () => {
  const paused = { ...PLAIN, transport: transport({ paused: true, positionMs: 1000, run: 1 }) };
  assert.equal(pictureAt(paused, 0), 125);
  assert.equal(pictureAt(paused, 99_000), 125);
  const sought = { ...PLAIN, transport: transport({ positionMs: 2000, atMs: TAKEN_MS + 500 }) };
  assert.equal(pictureAt(sought, 500), 50);
  assert.equal(pictureAt(sought, 620), 53);
  // What is past the end is the last picture.
  const past = { ...PLAIN, transport: transport({ paused: true, positionMs: 9000 }) };
  assert.equal(pictureAt(past, 0), 99);
});

test('a scene that is taken again plays its videos from their beginning, unless they are paused or cued', () => {
  const later = TAKEN_MS + 60_000;
  const sought = { ...PLAIN, transport: transport({ positionMs: 2000 }) };
  assert.equal(pictureAt(sought, 40, true, later), 1);
  const paused = { ...PLAIN, transport: transport({ positionMs: 2000, paused: true }) };
  assert.equal(pictureAt(paused, 40, true, later), 50);
  const cued = { ...PLAIN, startMs: 400, transport: transport({ positionMs: 2000, cued: true }) };
  assert.equal(pictureAt(cued, 399, true, later), 50);
  assert.equal(pictureAt(cued, 480, true, later), 52);
});

test('pausing and resuming at any moments loses no picture and doubles none', () => {
  const pauses = fc.array(fc.tuple(fc.nat({ max: 9000 }), fc.nat({ max: 9000 })), {
    maxLength: 20,
  });
  const speeds = fc.constantFrom(0.5, 1, 1.5, 2);
  fc.assert(
    fc.property(pauses, speeds, fc.constantFrom(0, 333, 1000), (given, speed, inMs) => {
      let video: PlayedVideo = { ...PLAIN, speed, inMs };
      const timeline = videoTimeline(VIDEO, { ...video, outMs: null, loop: true });
      let [atMs, playedMs] = [TAKEN_MS, 0];
      for (const [ranMs, stoodMs] of given) {
        playedMs += ranMs;
        atMs += ranMs;
        for (const [paused, forMs] of [
          [true, stoodMs],
          [false, 0],
        ] as const) {
          const frames = playedFrames(videoStart(video, timeline, TAKEN_MS), timeline, atMs);
          const place = positionAfter(frames, video, timeline);
          // A run has whole pictures: it may be longer than the video by half of one.
          const endMs = VIDEO.durationMs + (500 * speed * timeline.rate.den) / timeline.rate.num;
          assert.ok(place.positionMs >= inMs && place.positionMs <= endMs + 0.1);
          video = { ...video, transport: transport({ ...place, paused, atMs }) };
          atMs += forMs;
        }
        const frames = playedFrames(videoStart(video, timeline, TAKEN_MS), timeline, atMs);
        const wanted = (playedMs * timeline.rate.num) / (1000 * timeline.rate.den);
        assert.ok(
          Math.abs(frames - wanted) < 0.01 * (given.length + 1),
          `${frames}, not ${wanted}`,
        );
      }
    }),
  );
});
