/**
 * Places of every field in the records that the stitcher writes and the kernels read: the one source for both
 * sides, compiled by tsc for the threads and by asc into the kernels. Plain integer constants only.
 *
 * A job is all the work of one program frame. It lives in a job slot of shared memory:
 *
 *     slot ─▶ ┌ header ────────────┬ items, bottom to top ────────┬ tiles ──────────────────┐
 *             │ JOB_HEADER_BYTES   │ MAX_ITEMS × ITEM_BYTES       │ MAX_TILES × TILE_BYTES  │
 *             └────────────────────┴──────────────────────────────┴─────────────────────────┘
 *
 * | field                 | writer                    | readers            | ordering |
 * |-----------------------|---------------------------|--------------------|----------|
 * | JOB_NEXT              | lanes, Atomics.add        | lanes              | each value is handed out once |
 * | JOB_DONE              | lanes, Atomics.add        | stitcher           | added after the patch is written: whoever reads the full count sees every patch |
 * | all other job fields  | stitcher, before dispatch | lanes              | the task message that starts a lane comes after the writes |
 * | BITMAP_STATE          | painter, Atomics.store    | lanes              | stored after the pixels: whoever reads PAINTED sees them |
 * | BITMAP_OPAQUE, spans  | painter, before the state | lanes              | as above |
 */

/** i32: index of the next piece of work; paints come first, then tiles. */
export const JOB_NEXT = 0;
/** i32: pieces of work that are finished. */
export const JOB_DONE = 4;
/** i32: number of paints. */
export const JOB_PAINTS = 8;
/** i32: number of tiles. */
export const JOB_TILES = 12;
/** i32: number of items. */
export const JOB_ITEMS = 16;
/** u32: colour below all items, opaque, bytes R G B A in memory order. */
export const JOB_BACKGROUND = 20;
/** Size of the header; the next field begins on a cache line of its own. */
export const JOB_HEADER_BYTES = 64;

/** i32: address of the bitmap's first pixel; its header stands BITMAP_HEADER_BYTES before it. */
export const ITEM_BITMAP = 0;
/** i32: extent of the bitmap in pixels. Rows follow each other without gaps, 4 bytes a pixel, premultiplied. */
export const ITEM_SRC_WIDTH = 4;
export const ITEM_SRC_HEIGHT = 8;
/** i32 × 4: what the item may touch, in program pixels, right and bottom excluded. */
export const ITEM_X0 = 12;
export const ITEM_Y0 = 16;
export const ITEM_X1 = 20;
export const ITEM_Y1 = 24;
/** i32 × 4: where every pixel is wholly covered by the bitmap; empty when there is no such place. */
export const ITEM_COVER_X0 = 28;
export const ITEM_COVER_Y0 = 32;
export const ITEM_COVER_X1 = 36;
export const ITEM_COVER_Y1 = 40;
/** i32: 0 to 256. */
export const ITEM_OPACITY = 44;
/** i32: place in BLEND_MODES of the scene schema. */
export const ITEM_BLEND = 48;
/** i32: one of the SAMPLE_ values. */
export const ITEM_SAMPLE = 52;
/**
 * i64 × 6: from program pixel (x, y) to bitmap pixel, 16.16 fixed point, half-pixel centres included:
 * u = UX·x + UY·y + U0, v = VX·x + VY·y + V0. Whole pixels are sampled at integers.
 */
export const ITEM_UX = 56;
export const ITEM_UY = 64;
export const ITEM_U0 = 72;
export const ITEM_VX = 80;
export const ITEM_VY = 88;
export const ITEM_V0 = 96;
export const ITEM_BYTES = 104;

/** The bitmap stands on whole pixels: rows are read as they are. */
export const SAMPLE_WHOLE = 0;
/** The bitmap is moved by fractions of a pixel: UX = VY = 1, UY = VX = 0. */
export const SAMPLE_MOVED = 1;
/** Scaled, not turned: UY = VX = 0. */
export const SAMPLE_SCALED = 2;
/** Any affine transform. */
export const SAMPLE_AFFINE = 3;

/** i32 × 4: the part of the program frame, all even. */
export const TILE_X = 0;
export const TILE_Y = 4;
export const TILE_WIDTH = 8;
export const TILE_HEIGHT = 12;
/** i32: address of its patch: Y, U, V planes, rows padded to TILE_ALIGN_PX (chroma to half of it). */
export const TILE_PATCH = 16;
export const TILE_BYTES = 20;

/** i32: BITMAP_EMPTY until it is painted. */
export const BITMAP_STATE = 0;
/** i32: 1 when every pixel is opaque. */
export const BITMAP_OPAQUE = 4;
export const BITMAP_HEADER_BYTES = 64;

/** Behind the pixels: where each row begins and ends to be anything, two u16 a row. */
export const BITMAP_SPAN_BYTES = 4;

export const BITMAP_EMPTY = 0;
export const BITMAP_PAINTED = 1;
/** Painting failed: it is left out. */
export const BITMAP_FAILED = 2;

export const MAX_ITEMS = 2048;
export const MAX_TILES = 4096;

/** Kernels work on this many pixels of a row at a time; tiles begin on its multiples. */
export const TILE_ALIGN_PX = 16;
/** Largest tile: 512 KiB of RGBA stay in a core's second-level cache next to what is read. */
export const TILE_MAX_PX = 131072;
export const TILE_MAX_WIDTH_PX = 1024;

/** Scratch of a lane: the tile's pixels and three rows, the widest of which reads a bitmap row before it is scaled. */
export const LANE_ROW_BYTES = 65536;
export const LANE_SCRATCH_BYTES = 720896;

/** How long a lane waits for another to finish a paint, nanoseconds. Only a thread that died takes so long. */
export const PAINT_WAIT_NS = 2000000000;
