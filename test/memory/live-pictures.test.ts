import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createLivePictures,
  LivePicturesReader,
  LivePicturesWriter,
  longestWaitMs,
} from '../../src/memory/live-pictures.js';
import { pixelsIn } from '../../src/memory/picture-ring.js';

const SHAPE = { widthPx: 64, heightPx: 36, format: 'i420' } as const;
const FRAME_MS = 1000 / 30;

/** Writes a picture that is all of one value. Answers whether there was room. */
function write(writer: LivePicturesWriter, value: number, dueMs: number, nowMs: number): boolean {
  const place = writer.begin(nowMs);
  if (place === null) return false;
  place.fill(value);
  writer.finish(dueMs);
  return true;
}

test('the newest picture that is due is shown, and nothing before the first', () => {
  const pictures = createLivePictures('a 0', SHAPE, 300);
  const [writer, reader] = [new LivePicturesWriter(pictures), new LivePicturesReader(pictures)];
  assert.equal(reader.take(1e6), null);
  assert.ok(writer.reshape(SHAPE));
  for (let i = 0; i < 5; i++) assert.ok(write(writer, i, 1000 + i * FRAME_MS, 900));
  assert.equal(reader.take(999), null);
  for (let i = 0; i < 5; i++) {
    const taken = reader.take(1000 + i * FRAME_MS + 1);
    assert.equal(taken?.number, i);
    assert.ok(Math.abs(taken.ageMs - 1) < 1e-6);
    assert.equal(pixelsIn(taken.ring, taken.number)[0], i);
  }
});

test('a live stream of an hour is shown picture by picture, each with its own pixels', () => {
  const latencyMs = 300;
  const pictures = createLivePictures('a 0', SHAPE, latencyMs);
  const [writer, reader] = [new LivePicturesWriter(pictures), new LivePicturesReader(pictures)];
  writer.reshape(SHAPE);
  for (let i = 0; i < 30 * 3600; i++) {
    const nowMs = i * FRAME_MS;
    assert.ok(write(writer, i % 251, nowMs + latencyMs, nowMs), `picture ${i} has no room`);
    const taken = reader.take(nowMs);
    const expected = Math.floor((nowMs - latencyMs) / FRAME_MS + 1e-6);
    if (expected < 0) continue;
    assert.equal(taken?.number, expected);
    assert.equal(pixelsIn(taken.ring, taken.number)[7], expected % 251);
  }
});

test('what is still to be shown is not written over, and there is room again when it has been', () => {
  const pictures = createLivePictures('a 0', SHAPE, 300);
  const writer = new LivePicturesWriter(pictures);
  writer.reshape(SHAPE);
  let written = 0;
  while (write(writer, 1, 1000 + written * FRAME_MS, 900)) written += 1;
  assert.equal(written, pictures.slots);
  assert.equal(writer.begin(1000 + FRAME_MS), null);
  // A while after the second is due the first is out of sight.
  assert.notEqual(writer.begin(1000 + FRAME_MS + 151), null);
});

test('another size begins anew; one that is too large is refused', () => {
  const pictures = createLivePictures('a 0', SHAPE, 300);
  const [writer, reader] = [new LivePicturesWriter(pictures), new LivePicturesReader(pictures)];
  writer.reshape(SHAPE);
  write(writer, 1, 100, 50);
  assert.equal(reader.take(100)?.ring.widthPx, 64);
  assert.ok(writer.reshape({ ...SHAPE, widthPx: 36, heightPx: 64 }));
  assert.equal(reader.take(100), null);
  write(writer, 2, 200, 150);
  const taken = reader.take(200);
  assert.deepEqual([taken?.ring.widthPx, taken?.ring.heightPx, taken?.number], [36, 64, 1]);
  assert.equal(writer.reshape({ ...SHAPE, widthPx: 66 }), false);
  assert.equal(reader.take(200)?.number, 1);
});

test('a writer that follows on one before it goes on counting, also when that died in the middle', () => {
  const pictures = createLivePictures('a 0', SHAPE, 300);
  const first = new LivePicturesWriter(pictures);
  first.reshape(SHAPE);
  write(first, 1, 100, 50);
  first.begin(60);
  const reader = new LivePicturesReader(pictures);
  assert.equal(reader.take(150)?.number, 0);
  const second = new LivePicturesWriter(pictures);
  assert.ok(second.reshape(SHAPE));
  assert.ok(write(second, 2, 200, 150));
  assert.equal(reader.take(200)?.number, 1);
});

test('timestamps of a clock that is over hold nothing up', () => {
  const pictures = createLivePictures('a 0', SHAPE, 300);
  const writer = new LivePicturesWriter(pictures);
  writer.reshape(SHAPE);
  for (let i = 0; i < pictures.slots; i++) assert.ok(write(writer, 1, 1e7 + i, 900));
  assert.notEqual(writer.begin(1000), null);
});

test('large pictures wait no longer than memory allows, and no less than a few', () => {
  const large = createLivePictures('a 0', { widthPx: 3840, heightPx: 2160, format: 'i420' }, 4000);
  assert.ok(large.memory.byteLength < 300 * 1024 * 1024);
  assert.equal(large.slots, 10);
  assert.ok(
    longestWaitMs(createLivePictures('a 0', { ...SHAPE, widthPx: 1920, heightPx: 1080 }, 300)) >=
      300,
  );
  const small = createLivePictures('a 0', SHAPE, 300);
  assert.ok(longestWaitMs(small) >= 300);
});
