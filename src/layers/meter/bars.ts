import { partAlong, type BarDirection } from '../../render/bar.js';
import { PLAIN, toContent, type Content, type Decoration } from '../../render/content.js';
import { equalSpans, fillingSpans, type Span } from '../../render/even-spans.js';
import { filledPath, roundedRectangle } from '../../render/path-data.js';
import { cutPiece, toPiece, type BoxPart, type Piece } from '../../render/piece.js';
import type { Paint } from '../../scene/schema/style.js';
import { fillOf, type ShownLevel } from './levels.js';
import type { MeterLayer } from './schema.js';

/** How wide the mark of a held peak is, units. */
const MARK_WIDTH = 3;

/** What of a meter stays as it is, however loud it is. */
export type MeterBars = {
  readonly track: Content;
  /** All that a level can fill. */
  readonly fill: Content;
  /** Of each channel. */
  readonly channels: readonly BoxPart[];
  /** Where the segments are along the channels; a bar has none. */
  readonly segments: readonly Span[];
  readonly length: number;
};

function isUpright(direction: BarDirection): boolean {
  return direction === 'up' || direction === 'down';
}

/** The boxes of the channels, side by side. */
function lanesOf(layer: MeterLayer, scale: number): BoxPart[] {
  const { width, height, channels, gap, direction } = layer;
  const upright = isUpright(direction);
  const count = channels === 'stereo' ? 2 : 1;
  const across = upright ? width : height;
  return equalSpans({ length: across, count, gap, scale }).map(({ from, to }) =>
    upright
      ? { x: from, y: 0, width: to - from, height }
      : { x: 0, y: from, width, height: to - from },
  );
}

/** Lays out a meter. @param shadows - that its track throws */
export function layOutBars(layer: MeterLayer, scale: number, shadows: Decoration): MeterBars {
  const { width, height, direction, style, segments, gap, cornerRadius, trackColor } = layer;
  const length = isUpright(direction) ? height : width;
  const channels = lanesOf(layer, scale);
  const division = { length, count: Math.max(2, Math.round(segments)), gap, scale };
  const spans = style === 'segments' ? fillingSpans(division) : [];
  const boxes = channels.flatMap((box) =>
    style === 'segments' ? spans.map(({ from, to }) => partAlong(box, direction, from, to)) : [box],
  );
  const data = boxes.map((box) => roundedRectangle(box, cornerRadius)).join('');
  const content = (paint: Paint, decoration: Decoration): Content =>
    toContent(
      filledPath(data, paint),
      { ...decoration, cornerRadius: 0 },
      { width, height },
      scale,
    );
  return {
    track: content(trackColor, shadows),
    fill: content(fillOf(layer), PLAIN),
    channels,
    segments: spans,
    length,
  };
}

/** The pieces of a bar or of segments: a change of the level paints nothing, since all of it is cut from one bitmap. */
export function barsPieces(
  layer: MeterLayer,
  bars: MeterBars,
  levels: readonly ShownLevel[],
  scale: number,
): Piece[] {
  const { style, direction } = layer;
  const track = toPiece('track', bars.track);
  const fill = toPiece('fill', bars.fill);
  const cut = (name: string, box: BoxPart, from: number, to: number): Piece[] =>
    to > from ? [cutPiece({ ...fill, name }, partAlong(box, direction, from, to))] : [];
  const channels = bars.channels.flatMap((box, i) => {
    const { share = 0, held = null } = levels[i] ?? {};
    if (style === 'bar') {
      const done = Math.round(share * bars.length * scale) / scale;
      return [...cut(`level${i}`, box, 0, done), ...markPieces(layer, bars, { i, held }, scale)];
    }
    const count = bars.segments.length;
    const lit = Math.round(share * count);
    const mark = held === null ? 0 : Math.round(held * count);
    const last = bars.segments[lit - 1]?.to ?? 0;
    const marked = mark > lit ? bars.segments[mark - 1] : undefined;
    return [
      ...cut(`level${i}`, box, 0, last),
      ...(marked === undefined ? [] : cut(`mark${i}`, box, marked.from, marked.to)),
    ];
  });
  return [track, ...channels];
}

/** The mark of a held peak on the bar of a channel. */
function markPieces(
  { holdColor, direction }: MeterLayer,
  { channels, length }: MeterBars,
  { i, held }: { readonly i: number; readonly held: number | null },
  scale: number,
): Piece[] {
  const channel = channels[i];
  const markPx = Math.max(1, Math.round(MARK_WIDTH * scale));
  const endPx = Math.round((held ?? 0) * length * scale);
  if (channel === undefined || endPx < markPx) return [];
  const box = partAlong(channel, direction, (endPx - markPx) / scale, endPx / scale);
  const content = toContent({ kind: 'rectangle', fill: holdColor }, PLAIN, box, scale);
  return [toPiece(`mark${i}`, content, box.x, box.y)];
}
