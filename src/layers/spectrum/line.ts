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

/** How wide the straight parts of a line are. */
function partPxOf({ width }: Pick<SpectrumLayer, 'width'>, scale: number): number {
  return Math.max(PART_PX, Math.ceil(Math.floor(width * scale) / MAX_LINE_PARTS));
}

/** The bends of a line, equally far from each other. */
export function bendsOf(layer: SpectrumLayer, shares: readonly number[], scale: number): Bend[] {
  const { width, height, origin, lineWidth } = layer;
  const [widthPx, heightPx] = [Math.floor(width * scale), Math.floor(height * scale)];
  const partPx = partPxOf(layer, scale);
  const parts = Math.max(1, Math.floor(widthPx / partPx));
  const firstPx = Math.floor((widthPx - parts * partPx) / 2);
  const roomPx = Math.max(0, heightPx - Math.round(lineWidth * scale));
  return Array.from({ length: parts + 1 }, (_, i) => {
    const share = smoothAt(shares, (i / parts) * (shares.length - 1));
    const upPx = Math.round(share * roomPx);
    return { xPx: firstPx + i * partPx, yPx: origin === 'top' ? upPx : roomPx - upPx };
  });
}

/** Pieces that are kept by what they look like, so that they are not worked out for every frame. */
const KEPT_PIECES = 4000;

/** What of a line is painted once: pieces at the top left of the box. */
export class LineParts {
  readonly #layer: SpectrumLayer;
  readonly #scale: number;
  readonly #pieces = new Map<string, Piece>();
  readonly #column: Piece;

  /** @param width - of a straight part, units */
  constructor(layer: SpectrumLayer, scale: number, width: number) {
    const { areaColor: fill, height } = layer;
    this.#layer = layer;
    this.#scale = scale;
    const content = toContent({ kind: 'rectangle', fill }, PLAIN, { width, height }, scale);
    this.#column = toPiece('area', content);
  }

  /** The area below a part, as high as the layer. */
  get column(): Piece {
    return this.#column;
  }

  /** A part of the line that rises by so many pixels (falls: below 0) over `width` units; `share` of the line is before it. */
  line(risePx: number, width: number, share: number): Piece {
    const color = colorAt(this.#layer.fill, share);
    return this.#kept(`line ${risePx} ${color}`, () => {
      const thickness = Math.max(1, Math.round(this.#layer.lineWidth * this.#scale)) / this.#scale;
      const { left, right, height } = this.#ends(risePx);
      const box = { x: 0, y: 0, width, height: height + thickness };
      return smallPiece('line', box, this.#scale, (dx, dy) =>
        filledPath(
          `M${dx} ${dy + left}L${dx + width} ${dy + right}v${thickness}L${dx} ${dy + left + thickness}z`,
          color,
        ),
      );
    });
  }

  /** The area beside such a part, between its ends; null where it is level. */
  wedge(risePx: number, width: number): Piece | null {
    if (risePx === 0) return null;
    const { areaColor, origin } = this.#layer;
    return this.#kept(`wedge ${risePx}`, () => {
      const { left, right, height } = this.#ends(risePx);
      const data =
        origin === 'top'
          ? `M0 0h${width}V${right}L0 ${left}z`
          : `M0 ${left}L${width} ${right}V${height}H0z`;
      const drawing = filledPath(data, areaColor);
      return toPiece('wedge', toContent(drawing, PLAIN, { width, height }, this.#scale));
    });
  }

  /** How far the ends of a part are below the higher one, units. */
  #ends(risePx: number): {
    readonly left: number;
    readonly right: number;
    readonly height: number;
  } {
    const height = Math.abs(risePx) / this.#scale;
    return { left: risePx > 0 ? height : 0, right: risePx > 0 ? 0 : height, height };
  }

  #kept(key: string, make: () => Piece): Piece {
    const known = this.#pieces.get(key);
    if (known !== undefined) return known;
    if (this.#pieces.size >= KEPT_PIECES) this.#pieces.clear();
    const piece = make();
    this.#pieces.set(key, piece);
    return piece;
  }
}

function moved(piece: Piece, name: string, x: number, y: number): Piece {
  return { ...piece, name, x: x + piece.x, y: y + piece.y };
}

/** The parts of a line at a scale. */
export function layOutLine(layer: SpectrumLayer, scale: number): LineParts {
  return new LineParts(layer, scale, partPxOf(layer, scale) / scale);
}

/**
 * The pieces of a line with the area below it. Each straight part is a bitmap of its own that depends on how steep it is alone:
 * after a while there is one for all that are seen.
 */
export function linePieces(
  layer: SpectrumLayer,
  known: LineParts,
  shares: readonly number[],
  scale: number,
): Piece[] {
  const bends = bendsOf(layer, shares, scale);
  // The area begins in the middle of the line, where it is not seen.
  const middlePx = Math.round(Math.max(1, Math.round(layer.lineWidth * scale)) / 2);
  const heightPx = Math.floor(layer.height * scale);
  const areas: Piece[] = [];
  const lines: Piece[] = [];
  for (const [i, to] of bends.entries()) {
    const from = bends[i - 1];
    if (from === undefined) continue;
    const [x, width] = [from.xPx / scale, (to.xPx - from.xPx) / scale];
    const [highPx, lowPx] = [Math.min(from.yPx, to.yPx), Math.max(from.yPx, to.yPx)];
    const risePx = from.yPx - to.yPx;
    const wedge = known.wedge(risePx, width);
    if (wedge !== null) areas.push(moved(wedge, `wedge${i}`, x, (highPx + middlePx) / scale));
    const [startPx, endPx] =
      layer.origin === 'top' ? [0, highPx + middlePx] : [lowPx + middlePx, heightPx];
    const [y, height] = [startPx / scale, (endPx - startPx) / scale];
    if (height > 0)
      areas.push(cutPiece(moved(known.column, `area${i}`, x, 0), { x, y, width, height }));
    const share = (i - 0.5) / (bends.length - 1);
    lines.push(moved(known.line(risePx, width, share), `line${i}`, x, highPx / scale));
  }
  return [...areas, ...lines];
}
