import type { LayerEntry } from './layer-entry.js';

/** One layer being realised. */
export type Visit = {
  readonly entry: LayerEntry | null;
  readonly isTrial: boolean;
  /** The first frame of the trial. */
  readonly isFirstTry: boolean;
  /** Something is not painted yet. */
  isPending: boolean;
  /** What is not painted is not even ordered, so what was drawn is not all. */
  isIncomplete: boolean;
  /** A layer inside shows what it showed before. */
  isPendingBelow: boolean;
  failure: string | null;
  /** Something is painted in this very frame, or another that is on its way. */
  isUnproven: boolean;
};

/** A visit of which nothing is known yet; no entry: of what stands in for a layer. */
export function createVisit(entry: LayerEntry | null, isTrial = false, isFirstTry = false): Visit {
  // Written out, since spreading costs ten times as much, and this is done for every layer of every frame.
  return {
    entry,
    isTrial,
    isFirstTry,
    isPending: false,
    isIncomplete: false,
    isPendingBelow: false,
    failure: null,
    isUnproven: false,
  };
}
