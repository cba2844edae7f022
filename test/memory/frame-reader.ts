import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { ProgramFrameReader, type HeldFrame } from '../../src/memory/program-frames.js';
import { checkFrame, type ReaderInit, type ReaderReport } from './checked-frames.js';

/** A reader of program frames in a thread of its own: looks at each frame twice while it holds it. */

const { memory, stop, seed } = workerData as ReaderInit;
const reader = new ProgramFrameReader(memory);
const stopWord = new Int32Array(stop);
const report = { frames: 0, distinct: 0, faults: [] as string[] };
let last = -1;
let round = seed;

function look(held: HeldFrame, when: string): void {
  const fault = checkFrame(memory, held);
  if (fault !== null && report.faults.length < 5) report.faults.push(`${when}: ${fault}`);
}

while (Atomics.load(stopWord, 0) === 0) {
  const held = reader.acquireNewest();
  round += 1;
  if (held === null) {
    await sleep(0);
    continue;
  }
  look(held, 'when taken');
  // Some are kept for a while, so that the writer goes round meanwhile.
  if (round % 5 === 0) await sleep(1);
  look(held, 'when held');
  report.frames += 1;
  if (held.sequence !== last) report.distinct += 1;
  last = held.sequence;
  held.release();
  held.release();
}
parentPort?.postMessage(report satisfies ReaderReport);
