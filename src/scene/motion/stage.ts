import type { GroupLayer, Layer } from '../schema/layer.js';
import type { TickerAnchor } from '../ticker/anchor.js';

/** When and how values get from one version to the next. */
export type Passage = {
  /** Program time at which the values begin to move, its delay over; milliseconds since 1970. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly easing: string;
};

/** How something was before a change whose transition may not be over. */
export type Former<T> = Passage & {
  readonly was: T;
  /** What that version was itself on the way from; null: it was there. */
  readonly from: Former<T> | null;
};

/** A layer that has been removed or hidden and is drawn until its exit is over. */
export type Leaving = {
  /** As it was last. */
  readonly layer: Layer;
  /** What it was on the way from, and when it had appeared, null for both: it was at rest. */
  readonly former: Former<Layer> | null;
  readonly enteredAtMs: number | null;
  /** The group it was in, as that was last, for its place in the layout; null: the scene itself. */
  readonly group: GroupLayer | null;
  /** The layer that it is drawn right above of, maybe another one that leaves; null: the bottom of the stack. */
  readonly aboveId: string | null;
  /** Program time at which its exit began, milliseconds since 1970. */
  readonly startMs: number;
};

/**
 * What of a scene's past is still seen: all that a picture depends on besides the document and the time. It grows
 * with changes that bring a transition, and what is over is taken out with the next change.
 */
export type Stage = {
  /** By layer id: the version it comes from. Of a group without what is in it. */
  readonly layers: Readonly<Record<string, Former<Layer>>>;
  /** By group id: the group with its layers as it was before its layout changed. */
  readonly groups: Readonly<Record<string, Former<GroupLayer>>>;
  readonly background: Former<string> | null;
  /** By layer id: the program time at which it was created or became visible. */
  readonly entered: Readonly<Record<string, number>>;
  /** From the bottom of the stack to the top. */
  readonly leaving: readonly Leaving[];
  /** By layer id: where what runs through a ticker was when that was changed last. */
  readonly tickers: Readonly<Record<string, TickerAnchor>>;
};

/** Of a scene where all is as the document says. */
export const EMPTY_STAGE: Stage = {
  layers: {},
  groups: {},
  background: null,
  entered: {},
  leaving: [],
  tickers: {},
};

/** The layers that leave. */
export function leavingLayers({ leaving }: Stage): Layer[] {
  return leaving.map(({ layer }) => layer);
}

/** The moment from which a former version is no longer seen. */
export function endMsOf({ startMs, durationMs }: Passage): number {
  return startMs + durationMs;
}

/** Share of the way from a former version that is done, 0 to 1 before its easing. */
export function shareAt({ startMs, durationMs }: Passage, programTimeMs: number): number {
  if (programTimeMs < startMs) return 0;
  return programTimeMs >= startMs + durationMs ? 1 : (programTimeMs - startMs) / durationMs;
}
