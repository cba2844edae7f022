/**
 * The way of one frame, phase "stitch", in the stitcher thread: which frames are done, and what they become. Owns the
 * slots of program frames.
 */

import type { Kernels } from '../memory/kernels.js';
import type { ProgramMap } from '../memory/map.js';
import type { PlanRecord, StitcherPort } from '../memory/handover.js';
import { isJobDone, tileCountOf } from '../memory/jobs.js';
import type { ProgramFrameWriter } from '../memory/program-frames.js';
import { FrameAssembler, type ProgramFrame } from './frame-assembler.js';
import type { FrameOutcome } from './ledger.js';

export type AssemblyOptions = {
  readonly memory: WebAssembly.Memory;
  readonly map: ProgramMap;
  readonly kernels: Kernels;
  readonly frames: ProgramFrameWriter;
  readonly port: StitcherPort;
};

/**
 * What the compositor has had drawn becomes program frames. Of the compositor it knows the records and the patches in
 * shared memory, and waits for neither.
 */
export class Assembly {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #map: ProgramMap;
  readonly #port: StitcherPort;
  readonly #assembler: FrameAssembler;

  constructor({ memory, map, kernels, frames, port }: AssemblyOptions) {
    this.#words = new Int32Array(memory.buffer);
    this.#map = map;
    this.#port = port;
    this.#assembler = new FrameAssembler(memory, map, kernels, frames);
  }

  /** The newest program frame; null before the first. */
  get newest(): ProgramFrame | null {
    return this.#assembler.newest;
  }

  /** What is shown as frame `n` when no new one comes; null when all program frames are being read. */
  slate(n: number): ProgramFrame | null {
    return this.#assembler.slate(n);
  }

  hold(frame: ProgramFrame): void {
    this.#assembler.hold(frame);
  }

  release(frame: ProgramFrame): void {
    this.#assembler.release(frame);
  }

  /** Whether frame `n` has been drawn, with all before it. */
  isComplete(n: number): boolean {
    return this.#ready(n).some((record) => isSeen(record) && record.frame === n);
  }

  /**
   * Brings the program frame as far as drawing has come, at most to frame `n`. What it answers is the outcome of
   * slot `n`: it is late when frame `n` itself is not there yet, or when readers hold all program frames.
   */
  take(n: number): Exclude<FrameOutcome, 'skipped'> {
    const ready = this.#ready(n);
    const complete = ready.filter(isSeen);
    const jobs = complete.flatMap(({ slot }) => slot ?? []);
    const changed = jobs.filter((slot) => tileCountOf(this.#words, this.#map, slot) > 0);
    if (changed.length > 0 && !this.#assembler.assemble(changed, n)) return 'late';
    for (const record of ready) this.#port.take(record.sequence, isSeen(record) ? n : null);
    if (complete.at(-1)?.frame !== n) return 'late';
    return changed.length > 0 ? 'rendered' : 'unchanged';
  }

  /** What can be taken at frame `n`, in order; what is lost or was for another clock goes with it, unseen. */
  #ready(n: number): PlanRecord[] {
    const ready: PlanRecord[] = [];
    for (const record of this.#port.untaken()) {
      if (isSeen(record) && (record.frame > n || !this.#isDrawn(record))) break;
      ready.push(record);
    }
    return ready;
  }

  #isDrawn({ slot }: PlanRecord): boolean {
    return slot === null || isJobDone(this.#words, this.#map, slot);
  }
}

function isSeen({ isWanted, isLost }: PlanRecord): boolean {
  return isWanted && !isLost;
}
