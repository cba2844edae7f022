import { barPieces, partAlong } from '../../render/bar.js';
import {
  PLAIN,
  toContent,
  type Content,
  type Decoration,
  type Drawing,
} from '../../render/content.js';
import { filledPath, roundedRectangle } from '../../render/path-data.js';
import { cutPiece, toPiece, type BoxPart, type Piece } from '../../render/piece.js';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import type { ProgressLayer } from './schema.js';

/** The part of the box between two distances from where it begins. */
type PartOf = (from: number, to: number) => BoxPart;

/** The figure of all segments, and how far from the beginning each of them ends. @param length - of the box, in units */
function segmentsFill(
  layer: ProgressLayer,
  length: number,
  part: PartOf,
  scale: number,
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
    .map((segment) => roundedRectangle(segment, layer.cornerRadius))
    .join('');
  return { ends: spans.map(([, to]) => to), data };
}

/** The pieces of a bar or of segments, `share` of which is done: what lies below, with the shadows, and what is done. */
export function stripPieces(
  layer: ProgressLayer,
  share: number,
  scale: number,
  shadows: Decoration,
): Piece[] {
  const { width, height, cornerRadius, fill, trackColor, direction, style } = layer;
  const box = { x: 0, y: 0, width, height };
  const part: PartOf = (from, to) => partAlong(box, direction, from, to);
  const content = (drawing: Drawing, decoration: Decoration): Content =>
    toContent(drawing, decoration, box, scale);

  if (style === 'segments') {
    const length = direction === 'up' || direction === 'down' ? height : width;
    const { ends, data } = segmentsFill(layer, length, part, scale);
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
  const bar = { name: 'fill', box, direction, share, fill, cornerRadius };
  return [track, ...barPieces(bar, scale)];
}
