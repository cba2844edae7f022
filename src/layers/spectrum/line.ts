import { PLAIN, toContent } from '../../render/content.js';
import { colorAt } from '../../render/paint-at.js';
import { filledPath } from '../../render/path-data.js';
import { cutPiece, toPiece, type Piece } from '../../render/piece.js';
import { smallPiece } from '../../render/small-path.js';
import { MAX_LINE_PARTS } from './line-parts.js';
import type { SpectrumLayer } from './schema.js';

/** Shortest straight part of a line, pixels. */
const PART_PX = 6;

/**
 * A smooth curve through values at equal distances, at a place between 0 and the last of them; never beyond its neighbours, so
 * that no band seems louder than it is (monotone cubic: slopes are harmonic means, after Fritsch and Carlson).
 */
export function smoothAt(values: readonly number[], place: number): number {
  const i = Math.min(values.length - 2, Math.max(0, Math.floor(place)));
  const at = (k: number): number => values[Math.min(values.length - 1, Math.max(0, k))] ?? 0;
  const slopeAt = (k: number): number => {
    const [before, after] = [at(k) - at(k - 1), at(k + 1) - at(k)];
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  };
  const t = Math.min(1, Math.max(0, place - i));
  const [a, b] = [at(i), at(i + 1)];
  const h = t * t * (3 - 2 * t);
  return a * (1 - h) + b * h + (t * (1 - t) ** 2 * slopeAt(i) - t * t * (1 - t) * slopeAt(i + 1));
}

/** Where a line bends: pixels from the left, and from the top to its upper edge. */
export type Bend = { readonly xPx: number; readonly yPx: number };

/** The bends of a line, equally far from each other. */
export function bendsOf(layer: SpectrumLayer, shares: readonly number[], scale: number): Bend[] {
  const { width, height, origin, lineWidth } = layer;
  const [widthPx, heightPx] = [Math.floor(width * scale), Math.floor(height * scale)];
  const partPx = Math.max(PART_PX, Math.ceil(widthPx / MAX_LINE_PARTS));
  const parts = Math.max(1, Math.floor(widthPx / partPx));
  const firstPx = Math.floor((widthPx - parts * partPx) / 2);
  const roomPx = Math.max(0, heightPx - Math.round(lineWidth * scale));
  return Array.from({ length: parts + 1 }, (_, i) => {
    const share = smoothAt(shares, (i / parts) * (shares.length - 1));
    const upPx = Math.round(share * roomPx);
    return { xPx: firstPx + i * partPx, yPx: origin === 'top' ? upPx : roomPx - upPx };
  });
}

/**
 * The pieces of a line with the area below it. Each straight part is a bitmap of its own that depends on how steep it is alone:
 * after a while there is one for all that are seen.
 */
export function linePieces(
  layer: SpectrumLayer,
  shares: readonly number[],
  scale: number,
): Piece[] {
  const { fill, areaColor, height, lineWidth, origin } = layer;
  const bends = bendsOf(layer, shares, scale);
  const linePx = Math.max(1, Math.round(lineWidth * scale));
  const thickness = linePx / scale;
  const heightPx = Math.floor(height * scale);
  const parts = bends.slice(1).map((to, i) => ({ from: bends[i] ?? to, to }));
  const pieces = parts.map(({ from, to }, i) => {
    const [x, width] = [from.xPx / scale, (to.xPx - from.xPx) / scale];
    const top = Math.min(from.yPx, to.yPx) / scale;
    const [a, b] = [from.yPx / scale - top, to.yPx / scale - top];
    const color = colorAt(fill, (i + 0.5) / parts.length);
    const steep = Math.abs(a - b);
    const line = smallPiece(
      `line${i}`,
      { x, y: top, width, height: steep + thickness },
      scale,
      (dx, dy) => {
        const [left, upper] = [x + dx, top + dy];
        const data = `M${left} ${upper + a}L${left + width} ${upper + b}v${thickness}L${left} ${upper + a + thickness}z`;
        return filledPath(data, color);
      },
    );
    // From the middle of the line on, where it is not seen.
    const middlePx = Math.round(linePx / 2);
    const [highPx, lowPx] = [
      Math.min(from.yPx, to.yPx) + middlePx,
      Math.max(from.yPx, to.yPx) + middlePx,
    ];
    const isTop = origin === 'top';
    const wedge =
      steep === 0
        ? []
        : [
            toPiece(
              `wedge${i}`,
              toContent(
                filledPath(
                  isTop ? `M0 0h${width}V${b}L0 ${a}z` : `M0 ${a}L${width} ${b}V${steep}H0z`,
                  areaColor,
                ),
                PLAIN,
                { width, height: steep },
                scale,
              ),
              x,
              highPx / scale,
            ),
          ];
    const column = toPiece(
      `area${i}`,
      toContent({ kind: 'rectangle', fill: areaColor }, PLAIN, { width, height }, scale),
      x,
    );
    const [startPx, endPx] = isTop ? [0, highPx] : [lowPx, heightPx];
    const area =
      endPx > startPx
        ? [
            cutPiece(column, {
              x,
              y: startPx / scale,
              width,
              height: (endPx - startPx) / scale,
            }),
          ]
        : [];
    return { area: [...wedge, ...area], line };
  });
  return [...pieces.flatMap(({ area }) => area), ...pieces.map(({ line }) => line)];
}
