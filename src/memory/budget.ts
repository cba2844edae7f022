/**
 * How the memory of the service is shared out, in bytes. Most of it holds by construction: what grows with what is shown
 * are the bitmaps of layers, in the shared memory, and they have a room of a fixed size. Of a limit of 1.5 GiB, threads and
 * code take 280 MB, the encoder and the relays 150, program frames 60, a large paint in the making 250. For the rest,
 * what is held is measured (`watch.ts`).
 */

/** Of 1.5 GiB: 256 MiB, as much as 32 pictures of 1920×1080. Random changes of a scene fill whatever there is. */
const BITMAP_PART = 1 / 6;
/**
 * Three quarters of that for what is painted: how large a text or a shadow is, its style alone says. Pictures are no larger
 * than they are shown, and somebody has uploaded each.
 */
const PAINTED_PART = 3 / 4;
/** Below this not even an ordinary scene fits. */
const LEAST_BITMAP_BYTES = 64 * 1024 ** 2;

/** The limit when nobody sets one: that of a container that the service is at home in. */
export const DEFAULT_MEMORY_LIMIT_BYTES = 1.5 * 1024 ** 3;

/** Room for the bitmaps of what is on air when all of the service may take `limitBytes`. */
export function bitmapBudgetBytes(limitBytes: number): number {
  return Math.max(LEAST_BITMAP_BYTES, Math.floor(limitBytes * BITMAP_PART));
}

/** What of that room may be painted. */
export function paintedBudgetBytes(bitmapBudget: number): number {
  return Math.max(LEAST_BITMAP_BYTES, Math.floor(bitmapBudget * PAINTED_PART));
}
