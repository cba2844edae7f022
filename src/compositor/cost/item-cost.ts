import {
  SAMPLE_AFFINE,
  SAMPLE_MOVED,
  SAMPLE_PERSPECTIVE,
  SAMPLE_SCALED,
  SAMPLE_WHOLE,
} from '../../memory/records.js';
import type { BitmapItem, Item } from '../items/item.js';
import { isReduced, placesOf, ratiosOf } from '../items/reduction.js';
import { BLEND_MODES } from '../../scene/blend-modes.js';

/**
 * What the kernels take for a pixel, nanoseconds: measured over whole frames of 1080p on one core of a shared virtual
 * machine. Their ratios hold elsewhere; `machine-factor.ts` says how much slower or faster another machine is.
 */
const NS_PER_PX = {
  bitmap: {
    [SAMPLE_WHOLE]: 0.4,
    [SAMPLE_MOVED]: 1.2,
    [SAMPLE_SCALED]: 1.3,
    [SAMPLE_AFFINE]: 2,
    [SAMPLE_PERSPECTIVE]: 4,
  } as Readonly<Record<number, number>>,
  /** Each place that is averaged where a bitmap is reduced, and what a row that neither turns nor leans takes for two. */
  place: 2.3,
  uprightPlaces: 3.5,
  solid: 0.5,
  begin: 0.1,
  end: 0.5,
  mask: 0.6,
  ramp: 1.2,
  matrix: 2.2,
  key: 2.8,
} as const;

/** What a blend mode takes more than plain compositing. */
const SIMPLE_BLENDS: ReadonlySet<number> = new Set(
  (['multiply', 'screen', 'darken', 'lighten', 'difference', 'exclusion', 'add'] as const).map(
    (mode) => BLEND_MODES.indexOf(mode),
  ),
);
const HSL_BLENDS: ReadonlySet<number> = new Set(
  (['hue', 'saturation', 'color', 'luminosity'] as const).map((mode) => BLEND_MODES.indexOf(mode)),
);
const BLEND_NS_PER_PX = { simple: 1.4, harder: 2.4, hsl: 5 } as const;

/** Of every pixel that changes: filling the background, converting it and putting it into the program frame. */
export const CHANGED_NS_PER_PX = 0.8;

function blendNs(blend: number): number {
  if (blend <= 0) return 0;
  if (SIMPLE_BLENDS.has(blend)) return BLEND_NS_PER_PX.simple;
  return HSL_BLENDS.has(blend) ? BLEND_NS_PER_PX.hsl : BLEND_NS_PER_PX.harder;
}

function sampleNs(item: BitmapItem): number {
  const own = NS_PER_PX.bitmap[item.sample] ?? NS_PER_PX.bitmap[SAMPLE_AFFINE] ?? 0;
  if (item.sample === SAMPLE_WHOLE || item.sample === SAMPLE_MOVED) return own;
  const [ratios] = ratiosOf(item);
  if (ratios === undefined || !isReduced(ratios)) return own;
  const places = placesOf(ratios);
  return item.sample === SAMPLE_SCALED
    ? NS_PER_PX.uprightPlaces * Math.sqrt(places / 4)
    : NS_PER_PX.place * places;
}

/** What an item takes for each pixel that it draws anew, nanoseconds. */
export function itemNsPerPx(item: Item): number {
  if (item.kind === 'bitmap') return sampleNs(item) + blendNs(item.blend);
  return NS_PER_PX[item.kind] + blendNs(item.blend);
}
