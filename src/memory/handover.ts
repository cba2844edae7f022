/**
 * The way of one frame, between the stitcher thread and the compositor thread: requests one way, records of planned frames
 * the other. Owns nothing but a view of shared memory; who writes which word stands in the table below.
 */

import { HANDOVER_OFFSET } from './map.js';
import type { FrameTimes } from '../core/media-clock.js';
import type { FrameRate } from '../core/rational.js';

/**
 * What the stitcher and the compositor share besides pixels. The stitcher asks for frames by number and moment, the
 * compositor answers with a record for each frame that it has planned. Neither ever waits for the other, so that one
 * that hangs or has died costs late slots and nothing else.
 *
 *     bytes  0            64           128         192          256              320             512
 *            FORMAT       ADOPTED      REQUEST     PLANNED      PROGRAM TIME[8]  WALL OFFSET[8]  RECORD[16], 64 bytes each
 *            GENERATION                EPOCH WAKE  TAKEN at     f64 by n & 7     f64 by n & 7    EPOCH STATE SLOT · FRAME AIRED AIRED_NS
 *            WIDTH HEIGHT              ASKED DUE   byte 224                                      i32   i32   i32    i64   i64   i64
 *            NUM DEN                   CLOCK
 *                                      i64 i64 f64
 *
 * | word                       | writer     | readers    | ordering |
 * |----------------------------|------------|------------|----------|
 * | WIDTH, HEIGHT, NUM, DEN    | stitcher   | compositor | stored before GENERATION, which is read first |
 * | ADOPTED                    | compositor | stitcher   | stored when nothing writes into the memory of an older generation any more |
 * | EPOCH                      | stitcher   | compositor | stored before ASKED; read before and after it, so that both belong together |
 * | CLOCK                      | stitcher   | compositor | stored before ASKED names the first of its frames |
 * | ASKED, PROGRAM TIME,       | stitcher   | compositor | the times are stored before ASKED names their frame |
 * | WALL OFFSET                |            |            | |
 * | WAKE                       | stitcher   | compositor | counted up after all that it tells of; the compositor sleeps on it |
 * | record, PLANNED            | compositor | stitcher   | the job and its record are stored before PLANNED counts the record |
 * | STATE = lost               | compositor | stitcher   | stored from the newest record to the oldest: see `lose` |
 * | AIRED, AIRED_NS, TAKEN     | stitcher   | compositor | the record's are stored before TAKEN counts it; the compositor writes a job slot anew only after that |
 *
 * PLANNED and TAKEN count records for ever, modulo 2^32.
 */

const GENERATION = 0;
const WIDTH = 1;
const HEIGHT = 2;
const NUM = 3;
const DEN = 4;
const ADOPTED = 16;
const EPOCH = 32;
const WAKE = 33;
const PLANNED = 48;
const TAKEN = 56;

/** In words of 64 bits. */
const ASKED = 17;
const DUE = 18;
const CLOCK = 19;
const PROGRAM_TIME = 32;
const WALL_OFFSET = 40;

const REQUESTS = 8;
const RECORDS_BYTE = 512;
const RECORD_BYTES = 64;

const RECORD_EPOCH = 0;
const RECORD_STATE = 1;
const RECORD_SLOT = 2;
/** In words of 64 bits. */
const RECORD_FRAME = 2;
const RECORD_AIRED = 3;
const RECORD_AIRED_NS = 4;

const STATE_PLANNED = 0;
const STATE_LOST = 1;

/** Records that may be planned and not yet taken. More than job slots, since frames in which nothing changes need none. */
export const MAX_RECORDS = 16;

/** Stands for no frame: before every frame that can be asked for. */
const NO_FRAME = -(2n ** 62n);

export const HANDOVER_BYTES = RECORDS_BYTE + MAX_RECORDS * RECORD_BYTES;

/** Size and rate of program frames. */
export type FrameFormat = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRate: FrameRate;
};

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

/** What the stitcher asks for. */
export type FrameRequest = {
  /** Tells one run of the clock from another: with each of them the first frame is a whole one. */
  readonly epoch: number;
  /** The newest frame that is asked for; null: none yet. Below 0: before the clock has begun. */
  readonly asked: number | null;
  /** The next slot that is due: frames before it are not worth drawing any more. */
  readonly due: number;
};

/** When a frame that was planned has been in a program frame. */
export type AiredRecord = { readonly frame: number; readonly atNs: bigint };

type Views = {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly longs: BigInt64Array<SharedArrayBuffer>;
  readonly times: Float64Array<SharedArrayBuffer>;
};

function viewsOf(memory: WebAssembly.Memory): Views {
  const { buffer } = memory;
  return {
    words: new Int32Array(buffer, HANDOVER_OFFSET, HANDOVER_BYTES / 4),
    longs: new BigInt64Array(buffer, HANDOVER_OFFSET, HANDOVER_BYTES / 8),
    times: new Float64Array(buffer, HANDOVER_OFFSET, HANDOVER_BYTES / 8),
  };
}

function wordOf(sequence: number, field: number): number {
  return (RECORDS_BYTE + (sequence & (MAX_RECORDS - 1)) * RECORD_BYTES) / 4 + field;
}

function longOf(sequence: number, field: number): number {
  return (RECORDS_BYTE + (sequence & (MAX_RECORDS - 1)) * RECORD_BYTES) / 8 + field;
}

function requestIndexOf(n: number): number {
  return ((n % REQUESTS) + REQUESTS) % REQUESTS;
}

function formatIn({ words }: Views): FrameFormat {
  const word = (index: number): number => Atomics.load(words, index);
  return {
    widthPx: word(WIDTH),
    heightPx: word(HEIGHT),
    frameRate: { num: word(NUM), den: word(DEN) },
  };
}

/** The stitcher's side. One at a time for a memory; a new one goes on where the one before ended. */
export class StitcherPort {
  readonly #views: Views;

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

  /** Says by its start which clock the frames that are asked for from now on belong to; NaN: to none. */
  setClock(startedAtMs: number): void {
    this.#views.times[CLOCK] = startedAtMs;
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

  /** Slot `n` is the next that is due. */
  setDue(n: number): void {
    Atomics.store(this.#views.longs, DUE, BigInt(n));
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
export class CompositorPort {
  readonly #views: Views;
  #seenWake: number;

  constructor(memory: WebAssembly.Memory) {
    this.#views = viewsOf(memory);
    this.#seenWake = Atomics.load(this.#views.words, WAKE);
    this.#loseAll();
  }

  /** Tells one format from the next. */
  get generation(): number {
    return Atomics.load(this.#views.words, GENERATION);
  }

  get format(): FrameFormat {
    return formatIn(this.#views);
  }

  /** Nothing writes into the memory any more but where the format of this generation has its place. */
  adopt(generation: number): void {
    Atomics.store(this.#views.words, ADOPTED, generation);
  }

  get request(): FrameRequest {
    const { words, longs } = this.#views;
    for (;;) {
      const epoch = Atomics.load(words, EPOCH);
      const asked = Atomics.load(longs, ASKED);
      const due = Atomics.load(longs, DUE);
      // The stitcher may have begun anew between these: then they do not belong together.
      if (Atomics.load(words, EPOCH) !== epoch) continue;
      return {
        epoch,
        asked: asked === NO_FRAME ? null : Number(asked),
        due: due === NO_FRAME ? -Infinity : Number(due),
      };
    }
  }

  /** Which clock the frames belong to that are asked for, by its start; NaN: none. */
  get clockStartedAtMs(): number {
    return this.#views.times[CLOCK] ?? NaN;
  }

  /** The times that frame `n` shows, of the last few that were asked for. */
  timesOf(n: number): FrameTimes {
    const { times } = this.#views;
    return {
      programTimeMs: times[PROGRAM_TIME + requestIndexOf(n)] ?? 0,
      wallOffsetMs: times[WALL_OFFSET + requestIndexOf(n)] ?? 0,
    };
  }

  /** Resolves when the stitcher has asked for something since the last call; at once when it has already. */
  async requested(): Promise<void> {
    const { words } = this.#views;
    const wait = Atomics.waitAsync(words, WAKE, this.#seenWake);
    if (wait.async) await wait.value;
    // Before anything else is read: what comes after this wakes it once more.
    this.#seenWake = Atomics.load(words, WAKE);
  }

  /** Whether there is room for one more record. */
  get hasRoom(): boolean {
    const { words } = this.#views;
    return ((Atomics.load(words, PLANNED) - Atomics.load(words, TAKEN)) | 0) < MAX_RECORDS;
  }

  /** Tells of a frame whose job has been written. Answers its sequence number. There must be room. */
  planned(epoch: number, frame: number, slot: number | null): number {
    const { words, longs } = this.#views;
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
    Atomics.store(this.#views.words, wordOf(sequence, RECORD_STATE), STATE_LOST);
  }

  /** Whether the stitcher is done with a record. */
  isTaken(sequence: number): boolean {
    return ((Atomics.load(this.#views.words, TAKEN) - sequence) | 0) > 0;
  }

  /** With which program frame a record that is taken was seen; null: not at all. */
  airedOf(sequence: number): AiredRecord | null {
    const { longs } = this.#views;
    const frame = Atomics.load(longs, longOf(sequence, RECORD_AIRED));
    if (frame === NO_FRAME) return null;
    return { frame: Number(frame), atNs: Atomics.load(longs, longOf(sequence, RECORD_AIRED_NS)) };
  }

  /** What a compositor before this one has planned and the stitcher has not taken, with the job slots of it. */
  get leftovers(): readonly { readonly sequence: number; readonly slot: number }[] {
    const { words } = this.#views;
    const end = Atomics.load(words, PLANNED);
    const all: { sequence: number; slot: number }[] = [];
    for (let sequence = Atomics.load(words, TAKEN); sequence !== end; sequence = (sequence + 1) | 0)
      all.push({ sequence, slot: Atomics.load(words, wordOf(sequence, RECORD_SLOT)) });
    return all.filter(({ slot }) => slot !== -1);
  }

  /** Nobody draws on at what an earlier compositor has planned. */
  #loseAll(): void {
    const { words } = this.#views;
    const first = Atomics.load(words, TAKEN);
    for (let sequence = Atomics.load(words, PLANNED); sequence !== first;) {
      sequence = (sequence - 1) | 0;
      this.lose(sequence);
    }
  }
}
