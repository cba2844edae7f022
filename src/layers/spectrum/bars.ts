import { PLAIN, toContent, type Content, type Decoration } from '../../render/content.js';
import { equalSpans, type Span } from '../../render/even-spans.js';
import { filledPath, roundedRectangle } from '../../render/path-data.js';
import { cutPiece, toPiece, type Piece } from '../../render/piece.js';
import { columnCount } from './columns.js';
import type { SpectrumLayer } from './schema.js';

/** What of the bars stays as it is, however loud it is. */
export type SpectrumBars = {
  readonly columns: readonly Span[];
  /** One bar at its full length, for all of them alike; null: a gradient covers all of them. */
  readonly bar: Content | null;
  /** All bars at their full length. */
  readonly all: Content;
};

/** Lays out the bars: equally wide, with equal gaps, on whole pixels. */
export function layOutSpectrumBars(layer: SpectrumLayer, scale: number): SpectrumBars {
  const { width, height, gap, fill, cornerRadius } = layer;
  const columns = equalSpans({ length: width, count: columnCount(layer), gap, scale });
  const data = columns
    .map(({ from, to }) => ({ x: from, y: 0, width: to - from, height }))
    .map((box) => roundedRectangle(box, cornerRadius))
    .join('');
  const [first = { from: 0, to: 0 }] = columns;
  const box = { width: first.to - first.from, height };
  const decoration: Decoration = { ...PLAIN, cornerRadius };
  return {
    columns,
    bar:
      typeof fill === 'string'
        ? toContent({ kind: 'rectangle', fill }, decoration, box, scale)
        : null,
    all: toContent(filledPath(data, fill), PLAIN, { width, height }, scale),
  };
}

/** From where to where a bar reaches, in units from the top, on whole pixels. */
export function reachOfBar(
  { height, origin, restLength }: Pick<SpectrumLayer, 'height' | 'origin' | 'restLength'>,
  share: number,
  scale: number,
): Span {
  const wholePx = Math.floor(height * scale + 1e-6);
  const lengthPx = Math.min(wholePx, Math.max(restLength * scale, share * wholePx));
  if (origin === 'middle') {
    const halfPx = Math.round(lengthPx / 2);
    const middlePx = Math.round(wholePx / 2);
    const [from, to] = [Math.max(0, middlePx - halfPx), Math.min(wholePx, middlePx + halfPx)];
    return { from: from / scale, to: to / scale };
  }
  const px = Math.round(lengthPx);
  return origin === 'top'
    ? { from: 0, to: px / scale }
    : { from: (wholePx - px) / scale, to: wholePx / scale };
}

/** The bars: cut from bitmaps that are painted once. */
export function spectrumBarPieces(
  layer: SpectrumLayer,
  { columns, bar, all }: SpectrumBars,
  shares: readonly number[],
  scale: number,
): Piece[] {
  const whole = toPiece('bars', all);
  return columns.flatMap(({ from: x, to: right }, i) => {
    const { from, to } = reachOfBar(layer, shares[i] ?? 0, scale);
    const width = right - x;
    if (to <= from) return [];
    if (bar === null)
      return [cutPiece({ ...whole, name: `bar${i}` }, { x, y: from, width, height: to - from })];
    if (layer.cornerRadius === 0)
      return [cutPiece(toPiece(`bar${i}`, bar, x), { x, y: from, width, height: to - from })];
    // Both ends are round: the upper half is that of a bar which begins there, the lower one of a bar which ends there.
    const middle = Math.round(((from + to) / 2) * scale) / scale;
    const upper = toPiece(`bar${i}`, bar, x, from);
    const lower = toPiece(`bar${i}-end`, bar, x, to - bar.boxHeight);
    return [
      ...(middle > from ? [cutPiece(upper, { x, y: from, width, height: middle - from })] : []),
      ...(to > middle ? [cutPiece(lower, { x, y: middle, width, height: to - middle })] : []),
    ];
  });
}
