import type { Track } from '../schema/layout.js';
import { floorUnit } from './box.js';
import { distribute } from './distribute.js';
import { sum } from './flexible-lengths.js';

/** What an item asks of the columns, or rows, that it covers; margins counted. */
export type TrackItem = {
  readonly start: number;
  readonly span: number;
  /** The least it can be, by CSS's automatic minimum size. */
  readonly minPx: number;
  readonly minContentPx: number;
  readonly maxContentPx: number;
};

/** Room for all tracks and gaps: pixels, or what to find it by; rows of a group without a height are `unbounded`. */
export type TrackRoom = number | 'min-content' | 'max-content' | 'unbounded';

/** A track on its way to its size. */
type Sizing = {
  readonly isAuto: boolean;
  /** Its share when it is an fr track, otherwise 0. */
  readonly fr: number;
  basePx: number;
  limitPx: number;
};

/**
 * Sizes of columns, or rows, by https://www.w3.org/TR/css-grid-2/#algo-track-sizing with pixels, `auto` and `fr`; auto
 * tracks share what is left, as with `justify-content: normal`.
 */
export function sizeTracks(
  tracks: readonly Track[],
  items: readonly TrackItem[],
  gapPx: number,
  room: TrackRoom,
): number[] {
  const sizings = tracks.map(toSizing);
  fitItems(sizings, items, gapPx, room);
  for (const track of sizings) if (track.limitPx === Infinity) track.limitPx = track.basePx;
  const gapsPx = gapPx * Math.max(0, tracks.length - 1);
  const freePx = (): number =>
    typeof room === 'number' ? room - gapsPx - sum(sizings.map(({ basePx }) => basePx)) : 0;
  if (room === 'max-content' || room === 'unbounded')
    for (const track of sizings) track.basePx = track.limitPx;
  else if (freePx() > 0) {
    const shares = distribute(
      freePx(),
      sizings.map(({ basePx, limitPx }) => ({ weight: 1, mostPx: limitPx - basePx })),
    );
    for (const [i, track] of sizings.entries()) track.basePx += shares.givenPx[i] ?? 0;
  }
  const frPx = findFr(sizings, items, gapPx, room);
  for (const track of sizings)
    if (track.fr > 0) track.basePx = Math.max(track.basePx, floorUnit(frPx * track.fr));
  const autos = sizings.filter(({ isAuto }) => isAuto);
  const leftPx = freePx();
  if (leftPx > 0) for (const track of autos) track.basePx += leftPx / autos.length;
  return sizings.map(({ basePx }) => basePx);
}

function toSizing(track: Track): Sizing {
  if (typeof track === 'number') return { isAuto: false, fr: 0, basePx: track, limitPx: track };
  const fr = track === 'auto' ? 0 : Number.parseFloat(track);
  return { isAuto: track === 'auto', fr, basePx: 0, limitPx: Infinity };
}

/** Makes auto and fr tracks large enough for their items, those of few tracks first, those over fr tracks last. */
function fitItems(
  sizings: readonly Sizing[],
  items: readonly TrackItem[],
  gapPx: number,
  room: TrackRoom,
): void {
  const isFlexible = (item: TrackItem): boolean =>
    sizings.slice(item.start, item.start + item.span).some(({ fr }) => fr > 0);
  const leastOf = (item: TrackItem): number =>
    room === 'min-content'
      ? item.minContentPx
      : room === 'max-content'
        ? item.maxContentPx
        : item.minPx;
  const rigid = items.filter((item) => !isFlexible(item));
  const spans = [...new Set(rigid.map(({ span }) => span))].sort((a, b) => a - b);
  for (const span of spans) {
    const group = rigid.filter((item) => item.span === span);
    growBases(sizings, group, gapPx, {
      wantedPx: leastOf,
      weightOf: ({ isAuto }) => (isAuto ? 1 : 0),
    });
    for (const track of sizings) track.limitPx = Math.max(track.limitPx, track.basePx);
    growLimits(sizings, group, gapPx);
  }
  growBases(sizings, items.filter(isFlexible), gapPx, {
    wantedPx: leastOf,
    weightOf: ({ fr }) => fr,
  });
}

/** What items ask of the tracks that they cover, and in which shares these give it. */
type Growth = {
  readonly wantedPx: (item: TrackItem) => number;
  readonly weightOf: (track: Sizing) => number;
};

/** Plans the most that any item asks of each track, then adds it, so that the order of the items does not matter. */
function growBases(
  sizings: readonly Sizing[],
  items: readonly TrackItem[],
  gapPx: number,
  { wantedPx, weightOf }: Growth,
): void {
  const planned = sizings.map(() => 0);
  for (const item of items) {
    const covered = sizings.slice(item.start, item.start + item.span);
    const extraPx =
      wantedPx(item) - sum(covered.map(({ basePx }) => basePx)) - gapPx * (item.span - 1);
    if (extraPx <= 0) continue;
    const first = distribute(
      extraPx,
      covered.map((track) => ({
        weight: weightOf(track),
        mostPx: track.limitPx - track.basePx,
      })),
    );
    const beyond = distribute(
      first.restPx,
      covered.map((track) => ({ weight: weightOf(track), mostPx: Infinity })),
    );
    for (let i = 0; i < covered.length; i++)
      planned[item.start + i] = Math.max(
        planned[item.start + i] ?? 0,
        (first.givenPx[i] ?? 0) + (beyond.givenPx[i] ?? 0),
      );
  }
  for (const [i, track] of sizings.entries()) track.basePx += planned[i] ?? 0;
}

/** Raises the limits of auto tracks until their items could be as large as they like. */
function growLimits(sizings: readonly Sizing[], items: readonly TrackItem[], gapPx: number): void {
  const growable = new Set<Sizing>();
  for (const wantedPx of [
    (item: TrackItem) => item.minContentPx,
    (item: TrackItem) => item.maxContentPx,
  ]) {
    const planned = sizings.map(() => 0);
    const isAsked = new Set<Sizing>();
    for (const item of items) {
      const covered = sizings.slice(item.start, item.start + item.span);
      for (const track of covered) isAsked.add(track);
      const extraPx = wantedPx(item) - sum(covered.map(limitOrBase)) - gapPx * (item.span - 1);
      if (extraPx <= 0) continue;
      const autos = covered.map((track) => (track.isAuto ? 1 : 0));
      const open = covered.map((track) =>
        track.isAuto && (track.limitPx === Infinity || growable.has(track)) ? 1 : 0,
      );
      const weights = open.includes(1) ? open : autos;
      const { givenPx } = distribute(
        extraPx,
        weights.map((weight) => ({ weight, mostPx: Infinity })),
      );
      for (let i = 0; i < covered.length; i++)
        planned[item.start + i] = Math.max(planned[item.start + i] ?? 0, givenPx[i] ?? 0);
    }
    for (const [i, track] of sizings.entries()) {
      if (!track.isAuto || !isAsked.has(track)) continue;
      if (track.limitPx === Infinity) growable.add(track);
      track.limitPx = limitOrBase(track) + (planned[i] ?? 0);
    }
  }
}

function limitOrBase({ basePx, limitPx }: Sizing): number {
  return limitPx === Infinity ? basePx : limitPx;
}

/** Pixels of 1fr. */
function findFr(
  sizings: readonly Sizing[],
  items: readonly TrackItem[],
  gapPx: number,
  room: TrackRoom,
): number {
  if (room === 'min-content') return 0;
  if (typeof room === 'number') return frOf(sizings, room, gapPx);
  const ofTracks = sizings
    .filter(({ fr }) => fr > 0)
    .map(({ basePx, fr }) => basePx / Math.max(1, fr));
  const ofItems = items
    .map((item) => ({ item, covered: sizings.slice(item.start, item.start + item.span) }))
    .filter(({ covered }) => covered.some(({ fr }) => fr > 0))
    .map(({ item, covered }) => frOf(covered, item.maxContentPx, gapPx));
  return Math.max(0, ...ofTracks, ...ofItems);
}

/** Pixels of 1fr that make tracks fill some room; those that need more than their share do not take part. */
function frOf(sizings: readonly Sizing[], roomPx: number, gapPx: number): number {
  let flexible = sizings.filter(({ fr }) => fr > 0);
  for (;;) {
    const rigidPx = sum(
      sizings.filter((track) => !flexible.includes(track)).map(({ basePx }) => basePx),
    );
    const leftPx = roomPx - rigidPx - gapPx * Math.max(0, sizings.length - 1);
    const frPx = Math.max(0, leftPx) / Math.max(1, sum(flexible.map(({ fr }) => fr)));
    const fitting = flexible.filter(({ fr, basePx }) => frPx * fr >= basePx);
    if (fitting.length === flexible.length) return frPx;
    flexible = fitting;
  }
}
