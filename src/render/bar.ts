import type { Paint } from '../scene/schema/style.js';
import { PLAIN, toContent } from './content.js';
import { filledPath, roundedRectangle } from './path-data.js';
import { cutPiece, toPiece, type BoxPart, type Piece } from './piece.js';

/** Where a bar grows to. */
export type BarDirection = 'right' | 'left' | 'up' | 'down';

/** A bar of which a part is filled. */
export type Bar = {
  /** What the names of its pieces begin with. */
  readonly name: string;
  /** All that it can fill, in units of the layer, its top left on a whole pixel. */
  readonly box: BoxPart;
  readonly direction: BarDirection;
  /** How much of it is filled, 0 to 1. */
  readonly share: number;
  readonly fill: Paint;
  readonly cornerRadius: number;
};

/** The part of a box between two distances from where a bar in it begins. */
export function partAlong(
  box: BoxPart,
  direction: BarDirection,
  from: number,
  to: number,
): BoxPart {
  const isUpright = direction === 'up' || direction === 'down';
  const isReversed = direction === 'left' || direction === 'up';
  const start = isReversed ? (isUpright ? box.height : box.width) - to : from;
  return isUpright
    ? { x: box.x, y: box.y + start, width: box.width, height: to - from }
    : { x: box.x + start, y: box.y, width: to - from, height: box.height };
}

/**
 * The part of a bar that is filled. It is painted once, as long as the bar, and cut where it ends. With round corners
 * its end is cut from the same bitmap, pushed back: a change of the share paints nothing. Only a gradient with round
 * corners is painted anew, since it would not go on from one to the other.
 */
export function barPieces(bar: Bar, scale: number): Piece[] {
  const { name, box, direction, share, fill, cornerRadius } = bar;
  const isUpright = direction === 'up' || direction === 'down';
  const isReversed = direction === 'left' || direction === 'up';
  const length = isUpright ? box.height : box.width;
  const snapped = (units: number): number => Math.round(units * scale) / scale;
  const done = snapped(share * length);
  if (done <= 0) return [];
  const part = (from: number, to: number): BoxPart => partAlong(box, direction, from, to);
  const drawing = { kind: 'rectangle', fill } as const;
  const content = toContent(drawing, { ...PLAIN, cornerRadius }, box, scale);
  const whole = toPiece(name, content, box.x, box.y);
  const radius = Math.min(cornerRadius, box.width / 2, box.height / 2);
  if (radius === 0 || done >= length) return [cutPiece(whole, part(0, done))];
  if (typeof fill !== 'string') {
    const lit = part(0, done);
    const data = roundedRectangle({ ...lit, x: lit.x - box.x, y: lit.y - box.y }, radius);
    return [toPiece(name, toContent(filledPath(data, fill), PLAIN, box, scale), box.x, box.y)];
  }
  const end = done - Math.min(snapped(radius), snapped(done / 2));
  const back = (length - done) * (isReversed ? 1 : -1);
  const pushed = isUpright ? { ...whole, y: whole.y + back } : { ...whole, x: whole.x + back };
  return [
    cutPiece(whole, part(0, end)),
    cutPiece({ ...pushed, name: `${name}-end` }, part(end, done)),
  ];
}
