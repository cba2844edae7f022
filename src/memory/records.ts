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
 * | JOB_NEXT              | render workers, Atomics.add        | render workers              | each value is handed out once |
 * | JOB_DONE              | render workers, Atomics.add        | stitcher           | added after the patch is written: whoever reads the full count sees every patch |
 * | all other job fields  | stitcher, before dispatch | render workers              | the task message that starts a render worker comes after the writes |
 * | BITMAP_STATE          | painter, Atomics.store    | render workers              | stored after the pixels: whoever reads PAINTED sees them |
 * | BITMAP_OPAQUE, spans  | painter, before the state | render workers              | as above |
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

/**
 * Items are a small stack program over the pixels of a tile. The lowest buffer is opaque: it begins with the job's
 * background. BEGIN opens a transparent one on top, and what follows is drawn into it, until its END composites it
 * onto the one below, or its MASK makes it the mask of the one below:
 *
 *     BEGIN │ content … │ BEGIN │ mask … │ MASK │ RAMP, MATRIX, KEY │ END
 *
 * Every kind works on each pixel alone, so a part of a frame has the same bytes as in the whole. RAMP, MATRIX, KEY and
 * MASK change the buffer that they stand in; in the lowest they do nothing, for it stays opaque.
 */

/** i32: one of the KIND_ values. */
export const ITEM_KIND = 0;
/** i32: BEGIN: index of the END or MASK that closes it; END and MASK: index of their BEGIN. A group that is not closed is not drawn. */
export const ITEM_LINK = 4;
/** i32: BITMAP: address of the first pixel, its header stands BITMAP_HEADER_BYTES before it. SOLID: the premultiplied colour, bytes R G B A in memory order. */
export const ITEM_BITMAP = 8;
/** i32: extent of the bitmap in pixels. Rows follow each other without gaps, 4 bytes a pixel, premultiplied. */
export const ITEM_SRC_WIDTH = 12;
export const ITEM_SRC_HEIGHT = 16;
/**
 * i32 × 4: what the item may touch, in program pixels, right and bottom excluded. What stands between BEGIN and its
 * end is cut to the bounds of the BEGIN. Beyond the bounds of its BEGIN a mask is transparent black.
 */
export const ITEM_X0 = 20;
export const ITEM_Y0 = 24;
export const ITEM_X1 = 28;
export const ITEM_Y1 = 32;
/** i32 × 4, BITMAP: where every pixel is wholly covered by the bitmap; empty when there is no such place. */
export const ITEM_COVER_X0 = 36;
export const ITEM_COVER_Y0 = 40;
export const ITEM_COVER_X1 = 44;
export const ITEM_COVER_Y1 = 48;
/** i32, BITMAP, SOLID and END: 0 to 256. */
export const ITEM_OPACITY = 52;
/** i32, BITMAP, SOLID and END: place in BLEND_MODES of the scene schema. */
export const ITEM_BLEND = 56;
/** i32, BITMAP: one of the SAMPLE_ values. */
export const ITEM_SAMPLE = 60;
/** i32: one of the MASK_ or RAMP_ values. Only bitmaps are sampled, so the place is the same. */
export const ITEM_VARIANT = 60;
/**
 * i64 × 6, BITMAP: from program pixel (x, y) to bitmap pixel, 16.16 fixed point, half-pixel centres included:
 * u = UX·x + UY·y + U0, v = VX·x + VY·y + V0. Whole pixels are sampled at integers.
 */
export const ITEM_UX = 64;
export const ITEM_UY = 72;
export const ITEM_U0 = 80;
export const ITEM_VX = 88;
export const ITEM_VY = 96;
export const ITEM_V0 = 104;
/** f32 × 20, by kind; of SAMPLE_PERSPECTIVE f64 × 9. */
export const ITEM_PARAMS = 112;
export const ITEM_PARAM_COUNT = 20;
/**
 * i32 × 4, BITMAP but for SAMPLE_PERSPECTIVE: the pixels of the bitmap that may be seen, right and bottom excluded; those
 * beyond are taken to be as those at the edge. All of it: 0, 0, width, height, and beyond there is nothing.
 */
export const ITEM_PART_X0 = 112;
export const ITEM_PART_Y0 = 116;
export const ITEM_PART_X1 = 120;
export const ITEM_PART_Y1 = 124;
/** i32, BITMAP: address of the bitmap's levels (see LEVEL_ below); 0: it has none. Behind the nine of SAMPLE_PERSPECTIVE. */
export const ITEM_LEVELS = 184;
/** The first cache line holds all that is needed to see whether an item takes part in a tile. */
export const ITEM_BYTES = 192;

/** A bitmap composited onto the buffer on top. */
export const KIND_BITMAP = 0;
/** A colour composited inside the bounds. */
export const KIND_SOLID = 1;
/** Opens a transparent buffer. */
export const KIND_BEGIN = 2;
/** Closes the buffer on top and composites it onto the one below, with opacity and blend mode. */
export const KIND_END = 3;
/**
 * Closes the buffer on top and multiplies the one below by m = gain·v + bias, cut to 0..1; v is what ITEM_VARIANT
 * says. Inverted: gain −1, bias 1. PARAMS: gain, bias.
 */
export const KIND_MASK = 4;
/**
 * Multiplies the buffer on top by m = gain·d + bias, cut to 0..1; d is what ITEM_VARIANT says, at the centre of each
 * program pixel (x + ½, y + ½). PARAMS: gain, bias, then those of the variant.
 */
export const KIND_RAMP = 5;
/**
 * A matrix for the colours of the buffer on top. PARAMS: the 4 × 5 coefficients of feColorMatrix row by row, the
 * fifth of each row an offset where 1 is full: https://www.w3.org/TR/filter-effects-1/#feColorMatrixElement
 */
export const KIND_MATRIX = 6;
/**
 * Takes a colour out of the buffer on top. PARAMS: red, green and blue of the key, similarity, smoothness, spill, all
 * 0..1; the formula stands in workers/kernels/chroma-key.ts.
 */
export const KIND_KEY = 7;

/** v is the alpha of the mask. */
export const MASK_ALPHA = 0;
/** v is 0.2126 R + 0.7152 G + 0.0722 B of the premultiplied colour: luminance times alpha, as in CSS masks. */
export const MASK_LUMA = 1;

/** d = nx·x + ny·y, in whatever unit nx and ny are per pixel. PARAMS 2 to 3: nx, ny. */
export const RAMP_LINEAR = 0;
/** d = √(((x − cx)/rx)² + ((y − cy)/ry)²): 1 on the ellipse. PARAMS 2 to 5: cx, cy, rx, ry in pixels. */
export const RAMP_RADIAL = 1;
/** d is the angle about (cx, cy), clockwise from 12 o'clock, in turns from 0 to 1. PARAMS 2 to 3: cx, cy in pixels. */
export const RAMP_ANGLE = 2;

/** The bitmap stands on whole pixels: rows are read as they are. */
export const SAMPLE_WHOLE = 0;
/** The bitmap is moved by fractions of a pixel: UX = VY = 1, UY = VX = 0. */
export const SAMPLE_MOVED = 1;
/** Scaled, not turned: UY = VX = 0. */
export const SAMPLE_SCALED = 2;
/** Any affine transform. */
export const SAMPLE_AFFINE = 3;
/**
 * Any projective transform. PARAMS as f64: a to i, half-pixel centres included as above: u = (a·x + b·y + c) / w,
 * v = (d·x + e·y + f) / w, w = g·x + h·y + i. Where w is not positive there is nothing.
 */
export const SAMPLE_PERSPECTIVE = 4;

/**
 * Levels of a bitmap: the same picture half as large, a quarter, and so on down to one pixel, each half as large as
 * the one before, rounded up, rows without gaps, one behind the other. They are a bitmap of their own, painted from the
 * first one. Pixels of the last column or row of which a part lies outside of the picture are as transparent as that.
 *
 * An upright bitmap is sampled from the coarsest level of which one program pixel still takes LEVEL_LEAST_HUNDREDTHS of
 * a pixel or more; of what it takes then, several places are averaged. Of turned ones see workers/kernels/reduction.ts.
 */
export const LEVEL_LEAST_HUNDREDTHS = 175;

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
/** f32 × ITEM_PARAM_COUNT: parameters of what the painter does to the pixels before they are there for others. */
export const BITMAP_PARAMS = 16;
export const BITMAP_HEADER_BYTES = 128;

/** Behind the pixels: where each row begins and ends to be anything, two u16 a row. */
export const BITMAP_SPAN_BYTES = 4;

export const BITMAP_EMPTY = 0;
export const BITMAP_PAINTED = 1;
/** Painting failed: it is left out. */
export const BITMAP_FAILED = 2;

export const MAX_ITEMS = 8192;
/** Buffers that may be open above the lowest one. A group that stands deeper is not drawn. */
export const MAX_DEPTH = 16;
export const MAX_TILES = 4096;

/** Kernels work on this many pixels of a row at a time; tiles begin on its multiples. */
export const TILE_ALIGN_PX = 16;
/** Largest tile: 512 KiB of RGBA stay in a core's second-level cache next to what is read. */
export const TILE_MAX_PX = 131072;
export const TILE_MAX_WIDTH_PX = 1024;

/**
 * Scratch of a render worker: the tile's pixels and three rows, the widest of which reads a bitmap row before it is scaled.
 * Buffers of groups are not in addition: a tile with n of them open is drawn in bands of 1/(n + 1) of its height.
 */
export const WORKER_ROW_BYTES = 65536;
export const WORKER_SCRATCH_BYTES = 720896;

/** How long a render worker waits for another to finish a paint, nanoseconds. Only a thread that died takes so long. */
export const PAINT_WAIT_NS = 2000000000;
