import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createTrackMemory,
  lendAgain,
  TrackRingReader,
  TrackRingWriter,
} from '../../src/memory/track-ring.js';

/** Samples whose values tell their numbers. */
function numbered(first: number, count: number): Float32Array {
  return Float32Array.from({ length: count * 2 }, (_, i) => first + Math.floor(i / 2));
}

test('samples come out as they were put in, round and round', () => {
  const memory = createTrackMemory(64);
  const [writer, reader] = [new TrackRingWriter(memory), new TrackRingReader(memory)];
  const out = new Float32Array(96);
  let next = 0;
  for (let round = 0; round < 20; round++) {
    next += writer.write(numbered(next, 48));
    const { available, read } = reader;
    const count = Math.min(48, available);
    reader.take(count, out);
    assert.deepEqual(out.subarray(0, count * 2), numbered(read, count));
  }
  assert.equal(writer.written, next);
});

test('no more is written than there is room for, and the end is known when it is set', () => {
  const memory = createTrackMemory(64);
  const [writer, reader] = [new TrackRingWriter(memory), new TrackRingReader(memory)];
  assert.equal(writer.write(numbered(0, 100)), 64);
  assert.equal(writer.write(numbered(64, 1)), 0);
  assert.equal(reader.end, null);
  writer.finish();
  assert.equal(reader.end, 64);
});

test('who has memory that is lent again finds a track that is over, and changes nothing', () => {
  const before = createTrackMemory(64);
  const [writer, reader] = [new TrackRingWriter(before), new TrackRingReader(before)];
  writer.write(numbered(0, 40));
  reader.skip(8);
  const memory = lendAgain(before);
  assert.equal(memory.buffer, before.buffer);
  assert.deepEqual([writer.free, writer.write(numbered(0, 10))], [0, 0]);
  writer.finish();
  assert.deepEqual([reader.available, reader.read, reader.end], [0, 0, 0]);
  const [nextWriter, nextReader] = [new TrackRingWriter(memory), new TrackRingReader(memory)];
  assert.deepEqual([nextWriter.free, nextReader.available, nextReader.end], [64, 0, null]);
  assert.equal(nextWriter.write(numbered(100, 10)), 10);
  const out = new Float32Array(20);
  nextReader.take(10, out);
  assert.deepEqual(out, numbered(100, 10));
});

test('the next writer finds how long a lap is and where the last one began, and a new track finds neither', () => {
  const memory = createTrackMemory(64);
  const before = new TrackRingWriter(memory);
  assert.deepEqual([before.lapSamples, before.lapStart], [null, 0]);
  before.write(numbered(0, 40));
  before.beginLap(40, 40);
  before.write(numbered(0, 8));
  const next = new TrackRingWriter(memory);
  assert.deepEqual([next.lapSamples, next.lapStart, next.written], [40, 40, 48]);
  const again = new TrackRingWriter(lendAgain(memory));
  before.beginLap(48, 8);
  assert.deepEqual([again.lapSamples, again.lapStart], [null, 0]);
});
