import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import {
  PLAIN,
  toContent,
  type Content,
  type Decoration,
  type Drawing,
} from '../../render/content.js';
import { filledPath, roundedRectangle } from '../../render/path-data.js';
import { cutPiece, toPiece, type BoxPart, type Piece } from '../../render/piece.js';
import type { ProgressLayer } from './schema.js';

/** What grows along one side of its box. */
type Strip = {
  /** Of the side, in units. */
  readonly length: number;
  readonly isUpright: boolean;
  /** Whether it begins at the right or at the bottom. */
  readonly isReversed: boolean;
  /** The part of the box between two distances from the beginning. */
  readonly part: (from: number, to: number) => BoxPart;
  readonly content: (drawing: Drawing, decoration: Decoration) => Content;
  readonly scale: number;
};

/** The figure of all segments, and how far from the beginning each of them ends. */
function segmentsFill(
  layer: ProgressLayer,
  { length, part, scale }: Strip,
): { readonly ends: readonly number[]; readonly data: string } {
  // A field that moves may stop between two whole numbers, or overshoot.
  const count = Math.min(LIMITS.progressSegments, Math.max(1, Math.round(layer.segments)));
  const gap = Math.min(layer.gap, length / count);
  const step = (length + gap) / count;
  const snapped = (units: number): number => Math.round(units * scale) / scale;
  const spans = Array.from({ length: count }, (_, i): readonly [number, number] => [
    snapped(i * step),
    snapped(i * step + step - gap),
  ]);
  const data = spans
    .map(([from, to]) => part(from, to))
    .map(({ x, y, width, height }) => roundedRectangle(x, y, width, height, layer.cornerRadius))
    .join('');
  return { ends: spans.map(([, to]) => to), data };
}

/**
 * The part of a bar that is done. It is painted once, as long as the bar, and cut where it ends. With round corners
 * its end is cut from the same bitmap, pushed back: a change of the value paints nothing. Only a gradient with round
 * corners is painted anew, since it would not go on from one to the other.
 */
function barFill(
  layer: ProgressLayer,
  share: number,
  strip: Strip,
  decoration: Decoration,
): Piece[] {
  const { length, isUpright, isReversed, part, content, scale } = strip;
  const { fill, width, height } = layer;
  const snapped = (units: number): number => Math.round(units * scale) / scale;
  const done = snapped(share * length);
  if (done <= 0) return [];
  const whole = toPiece('fill', content({ kind: 'rectangle', fill }, decoration));
  const radius = Math.min(layer.cornerRadius, width / 2, height / 2);
  if (radius === 0 || done >= length) return [cutPiece(whole, part(0, done))];
  if (typeof fill !== 'string') {
    const { x, y, width: across, height: down } = part(0, done);
    const data = roundedRectangle(x, y, across, down, radius);
    const drawing = filledPath(data, fill);
    return [toPiece('fill', content(drawing, { ...decoration, cornerRadius: 0 }))];
  }
  const end = done - Math.min(snapped(radius), snapped(done / 2));
  const back = (length - done) * (isReversed ? 1 : -1);
  const pushed = isUpright ? { ...whole, y: back } : { ...whole, x: back };
  return [
    cutPiece(whole, part(0, end)),
    cutPiece({ ...pushed, name: 'fill-end' }, part(end, done)),
  ];
}

/** The pieces of a bar or of segments, `share` of which is done: what lies below, with the shadows, and what is done. */
export function stripPieces(
  layer: ProgressLayer,
  share: number,
  scale: number,
  shadows: Decoration,
): Piece[] {
  const { width, height, cornerRadius, fill, trackColor, direction, style } = layer;
  const isUpright = direction === 'up' || direction === 'down';
  const length = isUpright ? height : width;
  const isReversed = direction === 'left' || direction === 'up';
  /** A part of the box from one distance from the beginning to another. */
  const part = (from: number, to: number): BoxPart => {
    const start = isReversed ? length - to : from;
    return isUpright
      ? { x: 0, y: start, width, height: to - from }
      : { x: start, y: 0, width: to - from, height };
  };
  const own = { ...PLAIN, cornerRadius };
  const content = (drawing: Drawing, decoration: Decoration): Content =>
    toContent(drawing, decoration, { width, height }, scale);
  const strip = { part, length, isUpright, isReversed, scale, content };

  if (style === 'segments') {
    const { ends, data } = segmentsFill(layer, strip);
    const lit = ends[Math.floor(share * ends.length + 1e-9) - 1] ?? 0;
    const track = toPiece(
      'track',
      content(filledPath(data, trackColor), { ...shadows, cornerRadius: 0 }),
    );
    if (lit <= 0) return [track];
    return [track, cutPiece(toPiece('fill', content(filledPath(data, fill), PLAIN)), part(0, lit))];
  }
  const track = toPiece(
    'track',
    content({ kind: 'rectangle', fill: trackColor }, { ...shadows, cornerRadius }),
  );
  return [track, ...barFill(layer, share, strip, own)];
}
