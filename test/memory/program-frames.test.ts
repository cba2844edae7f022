import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import {
  FRAME_POOL_OFFSET,
  createSharedMemory,
  FRAME_SLOTS,
  mapProgramMemory,
  type ProgramMap,
} from '../../src/memory/map.js';
import { ProgramFrameReader, ProgramFrameWriter } from '../../src/memory/program-frames.js';
import { fillFrame, type ReaderInit, type ReaderReport } from './checked-frames.js';

const READERS = 3;

/** Small frames: the more of them, the more chances to meet. */
const SMALL = mapProgramMemory(64, 32);
const OTHER = mapProgramMemory(96, 34);

function startReaders(memory: WebAssembly.Memory): {
  end(): Promise<ReaderReport[]>;
} {
  const stop = new SharedArrayBuffer(4);
  const reports = Array.from({ length: READERS }, (_, seed) => {
    const workerData: ReaderInit = { memory, stop, seed };
    const worker = new Worker(new URL('./frame-reader.js', import.meta.url), { workerData });
    return new Promise<ReaderReport>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  });
  return {
    end: () => {
      Atomics.store(new Int32Array(stop), 0, 1);
      return Promise.all(reports);
    },
  };
}

/** Writes the next frame into a slot that is free, as the assembler does; false when there is none. */
function publishNext(
  memory: WebAssembly.Memory,
  writer: ProgramFrameWriter,
  map: ProgramMap,
  frame: number,
  newest: number,
): number | null {
  for (const [slot, offset] of map.frameOffsets.entries()) {
    if (slot === newest || !writer.tryBeginWrite(slot)) continue;
    fillFrame(memory, offset, frame, map.widthPx, map.heightPx);
    writer.publish(slot, frame);
    return slot;
  }
  return null;
}

/** The lease words, by the table in src/memory/program-frames.ts. */
function leasesOf(memory: WebAssembly.Memory): Int32Array {
  const firstLease = 3 + FRAME_SLOTS;
  return new Int32Array(memory.buffer, FRAME_POOL_OFFSET + firstLease * 4, FRAME_SLOTS).slice();
}

test('no reader ever sees a torn frame, or one that changes while it is held', async () => {
  const memory = createSharedMemory();
  const writer = new ProgramFrameWriter(memory);
  writer.layOut(SMALL);
  const readers = startReaders(memory);
  await sleep(100);
  let newest = -1;
  let published = 0;
  const endMs = performance.now() + 10_000;
  while (published < 20_000 && performance.now() < endMs) {
    const slot = publishNext(memory, writer, SMALL, published, newest);
    if (slot === null) {
      await sleep(0);
      continue;
    }
    newest = slot;
    published += 1;
    if (published % 64 === 0) await sleep(0);
  }
  const reports = await readers.end();
  for (const { faults, frames, distinct } of reports) {
    assert.deepEqual(faults, []);
    assert.ok(frames > 100 && distinct > 50, `a reader saw ${distinct} frames in ${frames} looks`);
  }
  assert.ok(published >= 5000, `${published} frames were published`);
  assert.ok(leasesOf(memory).every((lease) => lease <= 0));
  assert.ok(writer.isIdle());
});

test('no reader sees a torn frame while the memory is laid out anew again and again', async () => {
  const memory = createSharedMemory();
  const writer = new ProgramFrameWriter(memory);
  writer.layOut(SMALL);
  const readers = startReaders(memory);
  await sleep(100);
  let frame = 0;
  const endMs = performance.now() + 4000;
  for (let round = 0; round < 3000 && performance.now() < endMs; round++) {
    writer.withdraw();
    const map = round % 2 === 0 ? OTHER : SMALL;
    while (!writer.layOut(map)) await sleep(0);
    // What was there before is gone: other sections of the new layout stand there now.
    for (const offset of map.frameOffsets)
      new Uint8Array(memory.buffer, offset, map.frameBytes).fill(round);
    let newest = -1;
    for (let i = 0; i < 3; i++)
      newest = publishNext(memory, writer, map, frame++, newest) ?? newest;
  }
  const reports = await readers.end();
  for (const { faults } of reports) assert.deepEqual(faults, []);
  assert.ok(leasesOf(memory).every((lease) => lease <= 0));
});

test('what a writer that died was at does not keep the next one from writing', () => {
  const memory = createSharedMemory();
  const [reader, dead] = [new ProgramFrameReader(memory), new ProgramFrameWriter(memory)];
  dead.layOut(SMALL);
  assert.ok(dead.tryBeginWrite(0));
  dead.publish(0, 1);
  const held = reader.acquireNewest();
  assert.ok(dead.tryBeginWrite(1));
  dead.publish(1, 2);
  // It was sending one frame and writing another when it died.
  dead.hold(1);
  assert.ok(dead.tryBeginWrite(2));

  const writer = new ProgramFrameWriter(memory);
  writer.withdraw();
  writer.layOut(SMALL, true);
  const writable = SMALL.frameOffsets.map((_, slot) => writer.tryBeginWrite(slot));
  const expected = SMALL.frameOffsets.map((_, slot) => slot !== 0);
  assert.deepEqual(writable, expected, 'all but the slot that is still read');
  held?.release();
});

test('there is no frame before the first, and none after it was withdrawn', () => {
  const memory = createSharedMemory();
  const [reader, writer] = [new ProgramFrameReader(memory), new ProgramFrameWriter(memory)];
  writer.layOut(SMALL);
  assert.equal(reader.acquireNewest(), null);
  assert.ok(writer.tryBeginWrite(2));
  writer.publish(2, 41);
  const held = reader.acquireNewest();
  assert.equal(held?.frame, 41);
  assert.equal(held.widthPx, 64);
  assert.equal(held.yOffset, SMALL.frameOffsets[2]);
  assert.equal(held.uOffset, held.yOffset + 64 * 32);
  assert.equal(held.vOffset, held.uOffset + 32 * 16);
  writer.withdraw();
  assert.equal(reader.acquireNewest(), null);
  assert.ok(!writer.isIdle());
  held.release();
  held.release();
  assert.ok(writer.isIdle());
});

test('a slot that is read is not written, and one that is held by the writer itself neither', () => {
  const memory = createSharedMemory();
  const [reader, writer] = [new ProgramFrameReader(memory), new ProgramFrameWriter(memory)];
  writer.layOut(SMALL);
  assert.ok(writer.tryBeginWrite(0));
  assert.ok(!writer.tryBeginWrite(0), 'it is being written');
  writer.publish(0, 1);
  const [one, two] = [reader.acquireNewest(), reader.acquireNewest()];
  one?.release();
  assert.ok(!writer.tryBeginWrite(0));
  two?.release();
  writer.hold(0);
  assert.ok(!writer.tryBeginWrite(0));
  writer.release(0);
  assert.ok(writer.tryBeginWrite(0));
});

test('sequences tell frames apart also when their numbers begin again', () => {
  const memory = createSharedMemory();
  const [reader, writer] = [new ProgramFrameReader(memory), new ProgramFrameWriter(memory)];
  writer.layOut(SMALL);
  const sequences = [0, 1, 0].map((frame, slot) => {
    assert.ok(writer.tryBeginWrite(slot));
    writer.publish(slot, frame);
    const held = reader.acquireNewest();
    held?.release();
    return held?.sequence ?? -1;
  });
  assert.deepEqual(
    [...new Set(sequences)].sort((a, b) => a - b),
    sequences,
  );
});
