/**
 * The way of one frame, between the stitcher thread and the compositor thread: requests one way, records of planned frames
 * the other. Owns nothing but a view of shared memory; who writes which word stands in handover-layout.ts.
 */

import type { FrameTimes } from '../core/media-clock.js';
import { FrameRequests } from './frame-requests.js';
import {
  ADOPTED,
  ASKED,
  CLOCK,
  DEN,
  DUE,
  EPOCH,
  FIRST_DUE,
  GENERATION,
  HEIGHT,
  MAX_RECORDS,
  NO_FRAME,
  NUM,
  PLANNED,
  PROGRAM_TIME,
  RECORD_AIRED,
  RECORD_AIRED_NS,
  RECORD_EPOCH,
  RECORD_FRAME,
  RECORD_SLOT,
  RECORD_STATE,
  STATE_LOST,
  STATE_PLANNED,
  TAKEN,
  WAKE,
  WALL_OFFSET,
  WIDTH,
  formatIn,
  longOf,
  requestIndexOf,
  viewsOf,
  wordOf,
  type FrameFormat,
  type HandoverViews,
} from './handover-layout.js';

/** A frame that the compositor has planned, as the stitcher sees it. */
export type PlanRecord = {
  readonly sequence: number;
  /** Whether the stitcher asked for it, and not one before it or a request that is over. */
  readonly isWanted: boolean;
  readonly isLost: boolean;
  readonly frame: number;
  /** The job slot that it is drawn in; null when nothing differs from the frame before. */
  readonly slot: number | null;
};

/** When a frame that was planned has been in a program frame. */
export type AiredRecord = { readonly frame: number; readonly atNs: bigint };

/** The stitcher's side. One at a time for a memory; a new one goes on where the one before ended. */
export class StitcherPort {
  readonly #views: HandoverViews;

  constructor(memory: WebAssembly.Memory) {
    this.#views = viewsOf(memory);
  }

  /** Says which frames are wanted from now on. The memory may be laid out for them once `isAdopted`. */
  setFormat({ widthPx, heightPx, frameRate }: FrameFormat): void {
    const { words } = this.#views;
    Atomics.store(words, WIDTH, widthPx);
    Atomics.store(words, HEIGHT, heightPx);
    Atomics.store(words, NUM, frameRate.num);
    Atomics.store(words, DEN, frameRate.den);
    // Last: whoever reads a new generation reads the format that belongs to it, or a newer one.
    Atomics.add(words, GENERATION, 1);
    this.begin();
  }

  /** The same for a new memory, into which nobody writes yet. */
  setFirstFormat(format: FrameFormat): void {
    this.setFormat(format);
    const { words } = this.#views;
    Atomics.store(words, ADOPTED, Atomics.load(words, GENERATION));
  }

  /** What was set last, by this one or one before; all 0 in a new memory. */
  get format(): FrameFormat {
    return formatIn(this.#views);
  }

  /** Whether the compositor, and all that draws for it, writes only where the newest format has its place. */
  get isAdopted(): boolean {
    const { words } = this.#views;
    return Atomics.load(words, ADOPTED) === Atomics.load(words, GENERATION);
  }

  /** Begins to count frames anew: what was asked for is not wanted any more, and the next frame will be a whole one. */
  begin(): void {
    const { words, longs } = this.#views;
    Atomics.store(longs, ASKED, NO_FRAME);
    Atomics.store(longs, DUE, NO_FRAME);
    // After ASKED, so that no reader takes an old request for one of the new epoch.
    Atomics.add(words, EPOCH, 1);
    Atomics.store(words, TAKEN, Atomics.load(words, PLANNED));
    this.#wake();
  }

  /** Which run of the clock it is: tells what is made for it from what was made for another. */
  get epoch(): number {
    return Atomics.load(this.#views.words, EPOCH);
  }

  /**
   * Says by its start which clock the frames that are asked for from now on belong to; NaN: to none.
   * @param firstDueMs - when frame 0 is due on the monotonic clock
   */
  setClock(startedAtMs: number, firstDueMs: number): void {
    this.#views.times[CLOCK] = startedAtMs;
    this.#views.times[FIRST_DUE] = firstDueMs;
  }

  /** Asks for frame `n` with the times that it shows, and for those before it that are not planned. */
  ask(n: number, { programTimeMs, wallOffsetMs }: FrameTimes): void {
    const { longs, times } = this.#views;
    // Before ASKED names the frame.
    times[PROGRAM_TIME + requestIndexOf(n)] = programTimeMs;
    times[WALL_OFFSET + requestIndexOf(n)] = wallOffsetMs;
    Atomics.store(longs, ASKED, BigInt(n));
    this.#wake();
  }

  /** Slot `n` is the next that is due: its sound is to be mixed. */
  setDue(n: number): void {
    Atomics.store(this.#views.longs, DUE, BigInt(n));
    this.#wake();
  }

  #wake(): void {
    const { words } = this.#views;
    Atomics.add(words, WAKE, 1);
    Atomics.notify(words, WAKE);
  }

  /** What has been planned and not been taken, in order. */
  *untaken(): Generator<PlanRecord> {
    const { words, longs } = this.#views;
    const epoch = Atomics.load(words, EPOCH);
    // The load of PLANNED orders all that was stored before it was counted up.
    const end = Atomics.load(words, PLANNED);
    for (
      let sequence = Atomics.load(words, TAKEN);
      sequence !== end;
      sequence = (sequence + 1) | 0
    ) {
      const slot = Atomics.load(words, wordOf(sequence, RECORD_SLOT));
      yield {
        sequence,
        isWanted: Atomics.load(words, wordOf(sequence, RECORD_EPOCH)) === epoch,
        isLost: Atomics.load(words, wordOf(sequence, RECORD_STATE)) === STATE_LOST,
        frame: Number(Atomics.load(longs, longOf(sequence, RECORD_FRAME))),
        slot: slot === -1 ? null : slot,
      };
    }
  }

  /** The record is done with: with which program frame it was seen, or null: not at all. In order. */
  take(sequence: number, airedFrame: number | null): void {
    const { words, longs } = this.#views;
    const aired = airedFrame === null ? NO_FRAME : BigInt(airedFrame);
    Atomics.store(longs, longOf(sequence, RECORD_AIRED), aired);
    Atomics.store(longs, longOf(sequence, RECORD_AIRED_NS), process.hrtime.bigint());
    // After the record's own words, and after the last read of its patches: the job slot may be written again.
    Atomics.store(words, TAKEN, (sequence + 1) | 0);
  }
}

/** The compositor's side. One at a time for a memory; a new one goes on where the one before ended. */
export class CompositorPort extends FrameRequests {
  constructor(memory: WebAssembly.Memory) {
    super(memory);
    this.#loseAll();
  }

  /** Nothing writes into the memory any more but where the format of this generation has its place. */
  adopt(generation: number): void {
    Atomics.store(this.views.words, ADOPTED, generation);
  }

  /** Whether there is room for one more record. */
  get hasRoom(): boolean {
    const { words } = this.views;
    return ((Atomics.load(words, PLANNED) - Atomics.load(words, TAKEN)) | 0) < MAX_RECORDS;
  }

  /** Tells of a frame whose job has been written. Answers its sequence number. There must be room. */
  planned(epoch: number, frame: number, slot: number | null): number {
    const { words, longs } = this.views;
    const sequence = Atomics.load(words, PLANNED);
    Atomics.store(words, wordOf(sequence, RECORD_EPOCH), epoch);
    Atomics.store(words, wordOf(sequence, RECORD_STATE), STATE_PLANNED);
    Atomics.store(words, wordOf(sequence, RECORD_SLOT), slot ?? -1);
    Atomics.store(longs, longOf(sequence, RECORD_FRAME), BigInt(frame));
    Atomics.store(longs, longOf(sequence, RECORD_AIRED), NO_FRAME);
    // Last: the stitcher reads a record only once it is counted.
    Atomics.store(words, PLANNED, (sequence + 1) | 0);
    return sequence;
  }

  /**
   * A frame will never be complete. Where several are lost, call this from the newest to the oldest: the stitcher takes
   * them in order, and must not get past the one that is not complete before it knows of all that build on it.
   */
  lose(sequence: number): void {
    Atomics.store(this.views.words, wordOf(sequence, RECORD_STATE), STATE_LOST);
  }

  /** Whether the stitcher is done with a record. */
  isTaken(sequence: number): boolean {
    return ((Atomics.load(this.views.words, TAKEN) - sequence) | 0) > 0;
  }

  /** With which program frame a record that is taken was seen; null: not at all. */
  airedOf(sequence: number): AiredRecord | null {
    const { longs } = this.views;
    const frame = Atomics.load(longs, longOf(sequence, RECORD_AIRED));
    if (frame === NO_FRAME) return null;
    return { frame: Number(frame), atNs: Atomics.load(longs, longOf(sequence, RECORD_AIRED_NS)) };
  }

  /** What a compositor before this one has planned and the stitcher has not taken, with the job slots of it. */
  get leftovers(): readonly { readonly sequence: number; readonly slot: number }[] {
    const { words } = this.views;
    const end = Atomics.load(words, PLANNED);
    const all: { sequence: number; slot: number }[] = [];
    for (let sequence = Atomics.load(words, TAKEN); sequence !== end; sequence = (sequence + 1) | 0)
      all.push({ sequence, slot: Atomics.load(words, wordOf(sequence, RECORD_SLOT)) });
    return all.filter(({ slot }) => slot !== -1);
  }

  /** Nobody draws on at what an earlier compositor has planned. */
  #loseAll(): void {
    const { words } = this.views;
    const first = Atomics.load(words, TAKEN);
    for (let sequence = Atomics.load(words, PLANNED); sequence !== first;) {
      sequence = (sequence - 1) | 0;
      this.lose(sequence);
    }
  }
}
