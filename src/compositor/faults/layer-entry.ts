import type { Layer } from '../../scene/schema/layer.js';
import type { Bitmap } from '../bitmaps.js';
import type { Item } from '../items/item.js';
import type { NamedLayer } from './named-layer.js';
import type { KnownSize } from '../lower/views.js';
import { Breaker } from './breaker.js';

/** A layer that has failed, or is well again. */
export type LayerFault = {
  /** The scene that it is a layer of. */
  readonly sceneId: string | null;
  readonly layerId: string;
  readonly reason: string;
  readonly policy: Layer['onError'];
  /** Program time at which it is tried again, milliseconds since 1970; null: as soon as what it lacks is there. */
  readonly retryAtMs: number | null;
};

/** What a layer is to show as soon as all of it is painted. */
export type Waiting = {
  readonly document: Layer;
  readonly items: readonly Item[];
  /** Held until then. */
  readonly bitmaps: readonly Bitmap[];
};

/** What is known of a layer from frame to frame. */
export type LayerEntry = {
  readonly key: string;
  readonly sceneId: string | null;
  document: Layer;
  /** Of the scene, with which the document came. */
  documentRevision: number;
  breaker: Breaker;
  /** Why it is off or lacks something; null: all is well. */
  trouble: string | null;
  /** Whether that has been reported. */
  isAnnounced: boolean;
  /** Since when a picture is missing, in program time. */
  missingSinceMs: number | null;
  /** Whether it is on trial. */
  isTrying: boolean;
  /** A thread died of one of its paints, or of another's in the same frame: it is painted in the background. */
  isSuspect: boolean;
  /** What it showed last, and the document that had said so. */
  shown: readonly Item[];
  shownDocument: Layer | null;
  /** The same, of which something was still to be painted in the frame itself: it counts as shown once it is. */
  unproven: readonly Item[] | null;
  next: Waiting | null;
  /** Why something could not be painted that it waited for, and nobody has seen to it; null: nothing. */
  lostPaint: string | null;
  /** Turn in which it failed last. */
  failedTurn: number;
  /** How large it was last, and the turn in which that was found. */
  size: KnownSize | null;
  sizeTurn: number;
  /** Turn in which it was asked for last. */
  turn: number;
};

export function createEntry(
  key: string,
  sceneId: string | null,
  document: Layer,
  documentRevision: number,
): LayerEntry {
  return {
    key,
    sceneId,
    document,
    documentRevision,
    breaker: new Breaker(),
    trouble: null,
    isAnnounced: false,
    missingSinceMs: null,
    isTrying: false,
    isSuspect: false,
    shown: [],
    shownDocument: null,
    unproven: null,
    next: null,
    lostPaint: null,
    failedTurn: -1,
    size: null,
    sizeTurn: -1,
    turn: 0,
  };
}

/** What a layer showed, to be shown again without drawing it. */
export type KeptItems = {
  /** Of its entry. */
  readonly key: string;
  readonly items: readonly Item[];
  readonly bitmaps: readonly Bitmap[];
};

/** Tells a layer from every other that is on the frame. */
export function entryKeyOf({ sceneId, depth, path }: Omit<NamedLayer, 'compiled'>): string {
  return `${sceneId ?? ''}\n${depth}\n${path}`;
}

/** Whether all of a layer is seen as its document has it, and nothing of it is under way. */
export function isWell(entry: LayerEntry): boolean {
  return (
    entry.shownDocument === entry.document &&
    entry.trouble === null &&
    entry.missingSinceMs === null &&
    entry.next === null &&
    entry.lostPaint === null &&
    entry.unproven === null &&
    !entry.isTrying &&
    entry.breaker.retryAtMs === null
  );
}

/** The bitmaps that items show. */
export function bitmapsOf(items: readonly Item[]): Bitmap[] {
  const bitmaps = new Set<Bitmap>();
  for (const item of items) {
    if (item.kind !== 'bitmap') continue;
    bitmaps.add(item.bitmap);
    if (item.levels !== null) bitmaps.add(item.levels);
  }
  return [...bitmaps];
}

/** What is reported of a layer that fails. */
export function faultOf({ sceneId, document, trouble, breaker }: LayerEntry): LayerFault {
  return {
    sceneId,
    layerId: document.id,
    policy: document.onError,
    reason: trouble ?? '',
    retryAtMs: breaker.retryAtMs,
  };
}
