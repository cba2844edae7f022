import type { TickerItem } from '../schema/ticker-item.js';

/**
 * Where what runs through a ticker was when it was changed last. From there on it runs by the document of now: so a
 * change of a text, of the speed or of the list leaves what is in sight where it is, and days later nothing has to be
 * known of what there was before.
 */

/** An item that has entered. Lengths are pixels of the scene along the way. */
export type EnteredItem = {
  /** Its place in the list; null: it is not in there any more, and runs on to the end. */
  readonly index: number | null;
  /** What it shows, of one that is not in the list any more; else null. */
  readonly content: Pick<TickerItem, 'text' | 'color' | 'image'> | null;
  /** How far its beginning has run from the edge at which items enter. */
  readonly ranPx: number;
  /** Whether the separator runs before it. */
  readonly isJoined: boolean;
};

/** The edge at which items enter. */
export type QueueAnchor = {
  /** Those that are in sight or were a moment ago, the latest first. */
  readonly entered: readonly EnteredItem[];
  /** Whose turn is next, by the list; as long as the list is: the next lap's first. */
  readonly next: number;
  /** How far things have to run until the edge is free; less than 0: it has been free since. */
  readonly freePx: number;
  /** Whether what enters when the edge is free follows another item at once. */
  readonly isFollowing: boolean;
};

export type TickerAnchor = {
  /** Program time of the change, milliseconds since 1970. */
  readonly atMs: number;
  /** Scene time 0 then: an anchor counts as long as the scene has not been taken anew. */
  readonly takenAtMs: number;
  /** Where a copy of the text begins, from the left or top edge of the box, in pixels of the scene. */
  readonly startPx: number;
  /** Of a ticker with items; else null. */
  readonly queue: QueueAnchor | null;
};
