import type { Paint } from '../../scene/schema/style.js';
import { shareOf, type StripSound } from '../../scene/sound/heard.js';
import type { MeterLayer } from './schema.js';

/** What one bar of a meter shows, as shares of its length, 0 to 1. */
export type ShownLevel = {
  readonly share: number;
  /** Where the mark is; null: there is none. */
  readonly held: number | null;
};

/** What the bars of a meter show, one after the other. */
export function shownLevels(
  { channels, style, measure, floorDb, peakHold }: MeterLayer,
  { peak, held, rms }: StripSound,
): ShownLevel[] {
  const levels = measure === 'peak' ? peak : rms;
  const toLevel = (amplitude: number, heldAmplitude: number): ShownLevel => {
    const mark = shareOf(heldAmplitude, floorDb);
    return { share: shareOf(amplitude, floorDb), held: peakHold && mark > 0 ? mark : null };
  };
  if (channels === 'stereo' && style !== 'ring')
    return [toLevel(levels[0], held[0]), toLevel(levels[1], held[1])];
  return [toLevel(Math.max(...levels), Math.max(...held))];
}

const GREEN = '#22c55e';
const YELLOW = '#facc15';
const RED = '#ef4444';

const ANGLES = { right: 90, left: 270, up: 0, down: 180 } as const;

/** From here on a level is high, and too high, dBFS. */
const HIGH_DB = -18;
const TOO_HIGH_DB = -6;
/** Half of the way that colours take to go over into each other, dB. */
const SOFT_DB = 1;

/** What a level is painted with. By itself it says how loud is loud; lights have one colour each. */
export function fillOf({ fill, floorDb, direction, style, segments }: MeterLayer): Paint {
  if (fill !== null) return fill;
  const shareAt = (db: number): number => Math.max(0, 1 - db / floorDb);
  // Between two lights, wherever their gap is.
  const lightAt = (db: number): number => Math.round(shareAt(db) * segments) / segments;
  const edge = (db: number): readonly [number, number] =>
    style === 'bar' ? [shareAt(db - SOFT_DB), shareAt(db + SOFT_DB)] : [lightAt(db), lightAt(db)];
  const [high, tooHigh] = [edge(HIGH_DB), edge(TOO_HIGH_DB)];
  return {
    type: 'linear',
    angle: ANGLES[direction],
    stops: [
      { at: 0, color: GREEN },
      { at: high[0], color: GREEN },
      { at: high[1], color: YELLOW },
      { at: tooHigh[0], color: YELLOW },
      { at: tooHigh[1], color: RED },
      { at: 1, color: RED },
    ],
  };
}
