import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DecodedVideo } from '../../src/compositor/contract.js';
import { VideoRings } from '../../src/compositor/video-rings.js';
import { PictureRingWriter } from '../../src/memory/picture-ring.js';
import type { VideoTrack } from '../../src/scene/video-track.js';

function track(
  key: string,
  widthPx: number,
  heightPx: number,
  { cue = '', first = 0 } = {},
): VideoTrack {
  const frameRate = { num: 25, den: 1 };
  return {
    key,
    cue,
    first,
    path: '/nowhere',
    video: { durationMs: 1000, frameRate, codec: 'h264', hasAlpha: false, matrix: 'bt709' },
    inMs: 0,
    speed: 1,
    timeline: { rate: frameRate, runFrames: 25, frames: null },
    widthPx,
    heightPx,
  };
}

function open(): { readonly rings: VideoRings; readonly told: (readonly DecodedVideo[])[] } {
  const told: (readonly DecodedVideo[])[] = [];
  return { rings: new VideoRings((videos) => told.push(videos)), told };
}

function write(video: DecodedVideo | undefined, number: number): void {
  assert.ok(video !== undefined);
  const writer = new PictureRingWriter(video.ring);
  writer.begin(number).fill(number);
  writer.finish(number);
}

test('layers that show the same share what is decoded, and the newest picture is held', () => {
  const { rings, told } = open();
  assert.equal(rings.frame(track('a', 64, 36), 3), null);
  assert.equal(rings.frame(track('a', 32, 18), 3), null);
  assert.equal(told.length, 1);
  const [video] = told[0] ?? [];
  write(video, 2);
  assert.equal(rings.frame(track('a', 64, 36), 3)?.number, 2);
  // Back again: what was shown last stays.
  assert.equal(rings.frame(track('a', 64, 36), 1)?.number, 2);
  write(video, 3);
  assert.equal(rings.frame(track('a', 32, 18), 3)?.number, 3);
  assert.equal(rings.frame(track('a', 32, 18), 500)?.number, 3);
});

test('a place that is sought is decoded beside what is shown, and shown from its picture on', async () => {
  const { rings, told } = open();
  rings.frame(track('a', 64, 36), 10);
  write(told[0]?.[0], 10);
  assert.equal(rings.frame(track('a', 64, 36), 10)?.number, 10);
  const sought = track('a', 64, 36, { cue: '500 1', first: 500 });
  const loading = rings.load(sought);
  const [shown, cued] = told.at(-1) ?? [];
  assert.equal(told.at(-1)?.length, 2);
  // What is shown goes on meanwhile.
  write(shown, 11);
  assert.equal(rings.frame(track('a', 64, 36), 11)?.ring, shown?.ring);
  write(cued, 500);
  await loading;
  assert.deepEqual(rings.frame(sought, 500), { number: 500, ring: cued?.ring });
  assert.deepEqual(rings.frame(track('a', 64, 36), 12), { number: 11, ring: shown?.ring });
  // What is held by nobody is given up, though it is the same video.
  await sleep(2100);
  rings.frame(sought, 501);
  rings.sweep(() => [sought]);
  assert.deepEqual(
    told.at(-1)?.map(({ id }) => id),
    [cued?.id],
  );
});

test('while what is sought is not there the last picture stays, and a pause opens nothing', async () => {
  const { rings, told } = open();
  rings.frame(track('a', 64, 36), 10);
  write(told[0]?.[0], 10);
  rings.frame(track('a', 64, 36), 10);
  const paused = track('a', 64, 36, { cue: '10 1', first: 10 });
  await rings.load(paused);
  assert.equal(rings.frame(paused, 10)?.number, 10);
  assert.equal(told.length, 1);
  const back = track('a', 64, 36, { cue: '2 3', first: 2 });
  assert.equal(rings.frame(back, 2)?.number, 10);
  write(told.at(-1)?.[1], 2);
  assert.equal(rings.frame(back, 2)?.number, 2);
});

test('of many places that are sought one after the other the last are decoded', async () => {
  const { rings, told } = open();
  rings.frame(track('a', 64, 36), 0);
  const loads = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    .map((n) => n * 100)
    .map((first) => rings.load(track('a', 64, 36, { cue: `${first}`, first })));
  assert.deepEqual(
    told.at(-1)?.map((video) => video.track.first),
    [0, 400, 500, 600, 700, 800, 900],
  );
  for (const video of told.at(-1)?.slice(1) ?? []) write(video, 500);
  await Promise.all(loads);
});

test('a layer that grows is decoded anew once a second, and goes over without a gap', async () => {
  const { rings, told } = open();
  rings.frame(track('a', 64, 36), 0);
  write(told[0]?.[0], 0);
  for (let width = 66; width < 100; width += 2) {
    const frame = rings.frame(track('a', width, 36), 0);
    assert.equal(frame?.ring.widthPx, 64);
  }
  assert.equal(told.length, 1);
  await sleep(1050);
  assert.equal(rings.frame(track('a', 128, 72), 1)?.ring.widthPx, 64);
  assert.deepEqual(
    told.at(-1)?.map(({ ring }) => ring.widthPx),
    [64, 128],
  );
  assert.equal(rings.frame(track('a', 128, 72), 1)?.ring.widthPx, 64);
  write(told.at(-1)?.[1], 2);
  assert.equal(rings.frame(track('a', 128, 72), 2)?.ring.widthPx, 128);
  assert.equal(rings.frame(track('a', 64, 36), 2)?.ring.widthPx, 128);
  assert.deepEqual(
    told.at(-1)?.map(({ ring }) => ring.widthPx),
    [128],
  );
});

test('more videos than can be decoded are not, and say so', async () => {
  const { rings, told } = open();
  for (let i = 0; i < 16; i++) rings.frame(track(`${i}`, 16, 16), 0);
  assert.equal(rings.frame(track('more', 16, 16), 0), null);
  await assert.rejects(rings.load(track('more', 16, 16)), /No more than 16 videos/);
  assert.equal(told.at(-1)?.length, 16);
  const { rings: large } = open();
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) large.frame(track(key, 3840, 2160), 0);
  await assert.rejects(large.load(track('g', 3840, 2160)), /640 MiB/);
});

test('what is not wanted and was not asked for in a while is given up', async () => {
  const { rings, told } = open();
  rings.frame(track('kept', 16, 16), 0);
  rings.frame(track('gone', 16, 16), 0);
  rings.sweep(() => [track('kept', 16, 16)]);
  assert.equal(told.at(-1)?.length, 2);
  await sleep(2100);
  rings.sweep(() => [track('kept', 16, 16)]);
  assert.deepEqual(
    told.at(-1)?.map(({ track: { key } }) => key),
    ['kept'],
  );
  rings.close();
  assert.deepEqual(told.at(-1), []);
});
