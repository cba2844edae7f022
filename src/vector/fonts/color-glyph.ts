import type { FaceUse } from '../../fonts/match.js';
import type {
  ColorLine,
  ColorPainter,
  GlyphColor,
  OutlineStep,
} from '../../fonts/glyph-drawing.js';
import type { Shaper } from './shaper.js';

/** [xx, yx, xy, yy, dx, dy], as in an SVG matrix. */
type Matrix = readonly [number, number, number, number, number, number];

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

function multiply(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[2] * b[1],
    a[1] * b[0] + a[3] * b[1],
    a[0] * b[2] + a[2] * b[3],
    a[1] * b[2] + a[3] * b[3],
    a[0] * b[4] + a[2] * b[5] + a[4],
    a[1] * b[4] + a[3] * b[5] + a[5],
  ];
}

function inverse([a, b, c, d, e, f]: Matrix): Matrix | null {
  const determinant = a * d - b * c;
  if (Math.abs(determinant) < 1e-12) return null;
  const [p, q, r, s] = [d / determinant, -b / determinant, -c / determinant, a / determinant];
  return [p, q, r, s, -(p * e + r * f), -(q * e + s * f)];
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function matrixText(matrix: Matrix): string {
  return `matrix(${matrix.map((value) => Math.round(value * 1e6) / 1e6).join(' ')})`;
}

function colorAttributes(name: string, { red, green, blue, alpha }: GlyphColor): string {
  const opacity = alpha === 255 ? '' : ` ${name}-opacity="${round(alpha / 255)}"`;
  const key = name === 'fill' ? 'fill' : 'stop-color';
  return `${key}="rgb(${red},${green},${blue})"${opacity}`;
}

/** An outline as SVG writes it; its contours are closed by filling them. */
function pathOf(outline: readonly OutlineStep[]): string {
  return outline.map(({ type, values }) => `${type}${values.join(' ')}`).join('');
}

/** How the format's composite modes are called in CSS; others are drawn one over the other. */
const BLEND_MODES: Readonly<Record<number, string>> = {
  13: 'screen',
  14: 'overlay',
  15: 'darken',
  16: 'lighten',
  17: 'color-dodge',
  18: 'color-burn',
  19: 'hard-light',
  20: 'soft-light',
  21: 'difference',
  22: 'exclusion',
  23: 'multiply',
};

/** Writes what a colour glyph is made of as elements of SVG. */
class SvgPainter implements ColorPainter {
  readonly #idPrefix: string;
  readonly #parts: string[] = [];
  readonly #transforms: Matrix[] = [IDENTITY];
  readonly #clips: { readonly path: string; readonly at: Matrix }[] = [];
  /** How many parts there were when each of the open groups began. */
  readonly #groups: number[] = [];
  #ids = 0;

  constructor(idPrefix: string) {
    this.#idPrefix = idPrefix;
  }

  toString(): string {
    return this.#parts.join('');
  }

  pushTransform(matrix: Matrix): void {
    this.#transforms.push(multiply(this.#here(), matrix));
  }

  popTransform(): void {
    this.#transforms.pop();
  }

  pushClipGlyph(outline: readonly OutlineStep[]): void {
    this.#clips.push({ path: pathOf(outline), at: this.#here() });
  }

  pushClipRectangle(x0: number, y0: number, x1: number, y1: number): void {
    this.#clips.push({ path: `M${x0} ${y0}H${x1}V${y1}H${x0}Z`, at: this.#here() });
  }

  popClip(): void {
    this.#clips.pop();
  }

  color(color: GlyphColor, isForeground: boolean): void {
    this.#fill(isForeground ? 'fill="currentColor"' : colorAttributes('fill', color));
  }

  linearGradient(line: ColorLine, points: readonly number[]): void {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0] = points;
    // The third point turns the lines of equal colour: the end is brought onto their normal.
    const [nx, ny] = [y2 - y0, x0 - x2];
    const length = nx * nx + ny * ny;
    const share = length === 0 ? 0 : ((x1 - x0) * nx + (y1 - y0) * ny) / length;
    const [ex, ey] = length === 0 ? [x1, y1] : [x0 + share * nx, y0 + share * ny];
    this.#gradient(
      'linearGradient',
      `x1="${round(x0)}" y1="${round(y0)}" x2="${round(ex)}" y2="${round(ey)}"`,
      line,
    );
  }

  radialGradient(line: ColorLine, circles: readonly number[]): void {
    const [x0 = 0, y0 = 0, r0 = 0, x1 = 0, y1 = 0, r1 = 0] = circles;
    this.#gradient(
      'radialGradient',
      `cx="${round(x1)}" cy="${round(y1)}" r="${round(r1)}" fx="${round(x0)}" fy="${round(y0)}" fr="${round(r0)}"`,
      line,
    );
  }

  sweepGradient({ stops }: ColorLine): void {
    // SVG has none: the colour in its middle.
    const middle = stops[stops.length >> 1];
    if (middle !== undefined) this.#fill(colorAttributes('fill', middle.color));
  }

  pushGroup(): void {
    this.#groups.push(this.#parts.length);
  }

  popGroup(mode: number): void {
    const start = this.#groups.pop() ?? this.#parts.length;
    const blend = BLEND_MODES[mode];
    const inner = this.#parts.splice(start).join('');
    this.#parts.push(
      blend === undefined ? inner : `<g style="mix-blend-mode:${blend}">${inner}</g>`,
    );
  }

  #here(): Matrix {
    return this.#transforms.at(-1) ?? IDENTITY;
  }

  /** Fills what is clipped to; where clips are nested the innermost is the shape, as emoji fonts have it. */
  #fill(attributes: string): void {
    const clip = this.#clips.at(-1);
    if (clip !== undefined)
      this.#parts.push(`<path transform="${matrixText(clip.at)}" d="${clip.path}" ${attributes}/>`);
  }

  #gradient(kind: string, geometry: string, { stops: colors, extend }: ColorLine): void {
    const clip = this.#clips.at(-1);
    const back = clip === undefined ? null : inverse(clip.at);
    if (back === null) return;
    const id = `${this.#idPrefix}${this.#ids++}`;
    const spread = ['pad', 'repeat', 'reflect'][extend] ?? 'pad';
    const stops = colors
      .toSorted((a, b) => a.offset - b.offset)
      .map(
        ({ offset, color }) =>
          `<stop offset="${round(offset)}" ${colorAttributes('stop', color)}/>`,
      );
    this.#parts.push(
      `<${kind} id="${id}" gradientUnits="userSpaceOnUse" spreadMethod="${spread}" gradientTransform="${matrixText(multiply(back, this.#here()))}" ${geometry}>${stops.join('')}</${kind}>`,
    );
    this.#fill(`fill="url(#${id})"`);
  }
}

/**
 * A colour glyph (COLR) as elements of SVG, in units of the font, y upwards.
 * @param prefix - of the ids in it, to be unique in the document
 */
export function colorGlyphSvg(shaper: Shaper, use: FaceUse, glyph: number, prefix: string): string {
  const painter = new SvgPainter(prefix);
  shaper.drawing.paint(shaper.font(use), glyph, painter);
  return painter.toString();
}
