import {
  BITMAP_HEADER_BYTES,
  ITEM_BYTES,
  JOB_HEADER_BYTES,
  WORKER_SCRATCH_BYTES,
  MAX_ITEMS,
  MAX_TILES,
  TILE_ALIGN_PX,
  TILE_BYTES,
} from './records.js';

/**
 * Where everything stands in the one shared memory. Nothing but addresses is reserved by its size: the system
 * gives a page of real memory when it is first written.
 *
 *     0        64K      128K            ~9.2M                                               512M
 *     ├ kernels ┼ frames ┼ preview ──────┼ job slots ┼ scratch ┼ program frames ┼ arenas ┼ bitmaps ┤
 *      constants  frames   scratch         JOB_SLOTS   scratch  FRAME_SLOTS     JOB_SLOTS  heap
 */

const PAGE_BYTES = 65_536;
const MEMORY_PAGES = 8192;

/** Size of the shared memory; the kernels are compiled for the same number of pages. */
export const MEMORY_BYTES = MEMORY_PAGES * PAGE_BYTES;

/** The frame pool of program frames; see program-frames.ts. */
export const FRAME_POOL_OFFSET = PAGE_BYTES;

/** What stitcher and compositor share besides pixels, on a page of its own in the same room; see handover.ts. */
export const HANDOVER_OFFSET = FRAME_POOL_OFFSET + 4096;

/** Which layer the compositor is at; see culprit.ts. */
export const CULPRIT_OFFSET = FRAME_POOL_OFFSET + 8192;

/** Room for one RGBA picture of 1920x1080 and two hundred rows more: the preview thread's own. */
export const PREVIEW_SCRATCH_OFFSET = 2 * PAGE_BYTES;
export const PREVIEW_SCRATCH_BYTES = 9_830_400;

/** Frames that may be planned or rendering at once. */
export const JOB_SLOTS = 4;

/**
 * Program frames: five that may wait for the encoder, one held by the preview, the newest, and one being assembled.
 * The lowest free one is taken, so that those for a busy moment cost no memory before it comes.
 */
export const FRAME_SLOTS = 8;

/** Most render workers: each has scratch of its own in every job slot. */
export const MAX_RENDER_WORKERS = 16;

/** The part of the map that depends on the size of the program frame. All offsets are in bytes, 64-byte aligned. */
export type ProgramMap = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameBytes: number;
  readonly jobOffsets: readonly number[];
  /** Scratch of render worker w in job slot s: at `workerScratchOffset + (s · MAX_RENDER_WORKERS + w) · WORKER_SCRATCH_BYTES`. */
  readonly workerScratchOffset: number;
  /** Scratch of whoever paints in the background: as much as a render worker's. */
  readonly backgroundScratchOffset: number;
  readonly frameOffsets: readonly number[];
  readonly arenaOffsets: readonly number[];
  readonly arenaBytes: number;
  readonly heapOffset: number;
  readonly heapBytes: number;
};

const SECTION_ALIGN_BYTES = 64;

function align(bytes: number): number {
  return Math.ceil(bytes / SECTION_ALIGN_BYTES) * SECTION_ALIGN_BYTES;
}

/** Lays out the memory for program frames of `widthPx` × `heightPx`, both even, at most 4096. */
export function mapProgramMemory(widthPx: number, heightPx: number): ProgramMap {
  let offset = align(PREVIEW_SCRATCH_OFFSET + PREVIEW_SCRATCH_BYTES);
  const take = (bytes: number): number => {
    const start = offset;
    offset = align(offset + bytes);
    return start;
  };
  const takeMany = (count: number, bytes: number): number[] =>
    Array.from({ length: count }, () => take(bytes));

  const frameBytes = (widthPx * heightPx * 3) / 2;
  // Padding of the tiles' rows costs at most TILE_ALIGN_PX - 2 pixels a row at the right edge alone, since tiles
  // begin on multiples of it; a tile's patch is aligned, too.
  const paddedWidthPx = Math.ceil(widthPx / TILE_ALIGN_PX) * TILE_ALIGN_PX;
  const arenaBytes = (paddedWidthPx * heightPx * 3) / 2 + MAX_TILES * SECTION_ALIGN_BYTES;

  const jobOffsets = takeMany(
    JOB_SLOTS,
    JOB_HEADER_BYTES + MAX_ITEMS * ITEM_BYTES + MAX_TILES * TILE_BYTES,
  );
  const workerScratchOffset = take(JOB_SLOTS * MAX_RENDER_WORKERS * WORKER_SCRATCH_BYTES);
  const backgroundScratchOffset = take(WORKER_SCRATCH_BYTES);
  const frameOffsets = takeMany(FRAME_SLOTS, frameBytes);
  const arenaOffsets = takeMany(JOB_SLOTS, arenaBytes);
  const heapOffset = offset + BITMAP_HEADER_BYTES;
  return {
    widthPx,
    heightPx,
    frameBytes,
    jobOffsets,
    workerScratchOffset,
    backgroundScratchOffset,
    frameOffsets,
    arenaOffsets,
    arenaBytes,
    heapOffset,
    heapBytes: MEMORY_BYTES - heapOffset,
  };
}

/** The shared memory of a new service. */
export function createSharedMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES, shared: true });
}
