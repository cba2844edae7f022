import type { FrameRate } from '../core/rational.js';
import { HANDOVER_OFFSET } from './map.js';

/**
 * What the stitcher and those who answer it share besides pixels and samples. The stitcher asks for frames by number and
 * moment; the compositor answers with a record for each frame that it has planned, and the mixer with the samples of each
 * frame in sound-ring.ts. None of them ever waits for another, so that one that hangs or has died costs late slots or
 * missing samples and nothing else.
 *
 *     bytes  0            64           128         192          256              320             512
 *            FORMAT       ADOPTED      REQUEST     PLANNED      PROGRAM TIME[8]  WALL OFFSET[8]  RECORD[16], 64 bytes each
 *            GENERATION                EPOCH WAKE  TAKEN at     f64 by n & 7     f64 by n & 7    EPOCH STATE SLOT · FRAME AIRED AIRED_NS
 *            WIDTH HEIGHT              ASKED DUE   byte 224                                      i32   i32   i32    i64   i64   i64
 *            NUM DEN                   CLOCK FIRST_DUE
 *                                      i64 i64 f64 f64
 *
 * | word                       | writer     | readers    | ordering |
 * |----------------------------|------------|------------|----------|
 * | WIDTH, HEIGHT, NUM, DEN    | stitcher   | both       | stored before GENERATION, which is read first |
 * | ADOPTED                    | compositor | stitcher   | stored when nothing writes into the memory of an older generation any more |
 * | EPOCH                      | stitcher   | both       | stored before ASKED; read before and after it, so that both belong together |
 * | CLOCK, FIRST_DUE           | stitcher   | both       | stored before ASKED names the first of its frames |
 * | ASKED, PROGRAM TIME,       | stitcher   | both       | the times are stored before ASKED names their frame |
 * | WALL OFFSET                |            |            | |
 * | WAKE                       | stitcher   | both       | counted up after all that it tells of, ASKED and DUE; compositor and mixer sleep on it |
 * | record, PLANNED            | compositor | stitcher   | the job and its record are stored before PLANNED counts the record |
 * | STATE = lost               | compositor | stitcher   | stored from the newest record to the oldest: see `lose` |
 * | AIRED, AIRED_NS, TAKEN     | stitcher   | compositor | the record's are stored before TAKEN counts it; the compositor writes a job slot anew only after that |
 *
 * PLANNED and TAKEN count records for ever, modulo 2^32.
 */

export const GENERATION = 0;
export const WIDTH = 1;
export const HEIGHT = 2;
export const NUM = 3;
export const DEN = 4;
export const ADOPTED = 16;
export const EPOCH = 32;
export const WAKE = 33;
export const PLANNED = 48;
export const TAKEN = 56;

/** In words of 64 bits. */
export const ASKED = 17;
export const DUE = 18;
export const CLOCK = 19;
export const FIRST_DUE = 20;
export const PROGRAM_TIME = 32;
export const WALL_OFFSET = 40;

export const REQUESTS = 8;
export const RECORDS_BYTE = 512;
export const RECORD_BYTES = 64;

export const RECORD_EPOCH = 0;
export const RECORD_STATE = 1;
export const RECORD_SLOT = 2;
/** In words of 64 bits. */
export const RECORD_FRAME = 2;
export const RECORD_AIRED = 3;
export const RECORD_AIRED_NS = 4;

export const STATE_PLANNED = 0;
export const STATE_LOST = 1;

/** Records that may be planned and not yet taken. More than job slots, since frames in which nothing changes need none. */
export const MAX_RECORDS = 16;

/** Stands for no frame: before every frame that can be asked for. */
export const NO_FRAME = -(2n ** 62n);

export const HANDOVER_BYTES = RECORDS_BYTE + MAX_RECORDS * RECORD_BYTES;

/** Size and rate of program frames. */
export type FrameFormat = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRate: FrameRate;
};

/** The words as this thread sees them. */
export type HandoverViews = {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly longs: BigInt64Array<SharedArrayBuffer>;
  readonly times: Float64Array<SharedArrayBuffer>;
};

export function viewsOf(memory: WebAssembly.Memory): HandoverViews {
  const { buffer } = memory;
  return {
    words: new Int32Array(buffer, HANDOVER_OFFSET, HANDOVER_BYTES / 4),
    longs: new BigInt64Array(buffer, HANDOVER_OFFSET, HANDOVER_BYTES / 8),
    times: new Float64Array(buffer, HANDOVER_OFFSET, HANDOVER_BYTES / 8),
  };
}

export function wordOf(sequence: number, field: number): number {
  return (RECORDS_BYTE + (sequence & (MAX_RECORDS - 1)) * RECORD_BYTES) / 4 + field;
}

export function longOf(sequence: number, field: number): number {
  return (RECORDS_BYTE + (sequence & (MAX_RECORDS - 1)) * RECORD_BYTES) / 8 + field;
}

export function requestIndexOf(n: number): number {
  return ((n % REQUESTS) + REQUESTS) % REQUESTS;
}

export function formatIn({ words }: HandoverViews): FrameFormat {
  const word = (index: number): number => Atomics.load(words, index);
  return {
    widthPx: word(WIDTH),
    heightPx: word(HEIGHT),
    frameRate: { num: word(NUM), den: word(DEN) },
  };
}
