import type { BarDirection } from '../../render/bar.js';
import type { BoxPart } from '../../render/piece.js';
import type { VoteLayer } from './schema.js';

/** Where the parts of an option are, in units from the top left of the layer. */
export type OptionPlace = {
  /** All that its bar can fill. */
  readonly bar: BoxPart;
  /** Where its label may stand, with the figures or without. */
  readonly text: BoxPart;
};

/** Where options are, and how large their letters. */
export type Arrangement = {
  readonly direction: BarDirection;
  /** Of all texts: smaller than that of the layer where there is too little room. */
  readonly fontSize: number;
  readonly lineHeight: number;
  /** @param stand - how many places from the first one, whole when it does not move */
  readonly placeAt: (stand: number) => OptionPlace;
};

/** Height of a line, of the font size. */
const LINE_HEIGHT = 1.3;
/** What texts may take at the most of the height of an option. */
const TEXT_SHARE = { outside: 0.6, inside: 1, upright: 0.15 } as const;
/** What of an option's extent the gap to the next may be at the most. */
const GAP_SHARE = 0.5;
/** Font size of the label of an upright option at the most, of the room that it has. */
const LETTER_SHARE = 0.6;
/** Room between the end of a bar and a text on it, of the font size. */
const INSET_EM = 0.5;

/** Shares the box of a layer out among so many options. @param scale - pixels of a unit: edges stand on whole ones */
export function arrange(
  layer: Pick<
    VoteLayer,
    'width' | 'height' | 'padding' | 'gap' | 'orientation' | 'labels' | 'fontSize' | 'figures'
  >,
  count: number,
  isRightToLeft: boolean,
  scale: number,
): Arrangement {
  const snapped = (units: number): number => Math.round(units * scale) / scale;
  const isUpright = layer.orientation === 'vertical';
  const padding = Math.min(layer.padding, layer.width / 2, layer.height / 2);
  const [width, height] = [layer.width - 2 * padding, layer.height - 2 * padding];
  const length = isUpright ? width : height;
  // So many parts for options, and that many less one for gaps.
  const gap = Math.min(layer.gap, (length * GAP_SHARE) / (count + (count - 1) * GAP_SHARE));
  const extent = (length - gap * (count - 1)) / count;
  const room = isUpright ? height * TEXT_SHARE.upright : extent * TEXT_SHARE[layer.labels];
  // Upright options are as wide as their labels: of each some letters must have room.
  const widest = isUpright ? (extent + gap) * LETTER_SHARE : Infinity;
  const fontSize = Math.min(layer.fontSize, widest, room / LINE_HEIGHT);
  const lineHeight = fontSize * LINE_HEIGHT;

  const upright = (stand: number): OptionPlace => {
    const start = stand * (extent + gap);
    const x = snapped(padding + (isRightToLeft ? width - extent - start : start));
    const top = layer.figures === '' ? 0 : lineHeight;
    const y = snapped(padding + top);
    const end = snapped(padding + height - lineHeight);
    const bar = { x, y, width: snapped(extent), height: Math.max(0, end - y) };
    return { bar, text: { x: x - gap / 2, y: end, width: extent + gap, height: lineHeight } };
  };
  const level = (stand: number): OptionPlace => {
    const y = snapped(padding + stand * (extent + gap));
    const x = snapped(padding);
    if (layer.labels === 'inside') {
      const inset = Math.min(fontSize * INSET_EM, width / 2);
      const bar = { x, y, width: snapped(width), height: snapped(extent) };
      return { bar, text: { ...bar, x: x + inset, width: width - 2 * inset } };
    }
    const line = snapped(lineHeight);
    return {
      bar: { x, y: y + line, width: snapped(width), height: Math.max(0, snapped(extent) - line) },
      text: { x, y, width, height: line },
    };
  };
  const direction = isUpright ? 'up' : isRightToLeft ? 'left' : 'right';
  return { direction, fontSize, lineHeight, placeAt: isUpright ? upright : level };
}
