import type { FaceUse } from '../../fonts/match.js';
import type { ColorLine, GlyphColor, OutlineStep } from '../../fonts/glyph-drawing.js';
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

/**
 * A colour glyph (COLR) as elements of SVG, in units of the font, y upwards.
 * @param prefix - of the ids in it, to be unique in the document
 */
export function colorGlyphSvg(shaper: Shaper, use: FaceUse, glyph: number, prefix: string): string {
  const parts: string[] = [];
  const transforms: Matrix[] = [IDENTITY];
  const clips: { readonly path: string; readonly at: Matrix }[] = [];
  let ids = 0;
  const here = (): Matrix => transforms.at(-1) ?? IDENTITY;

  /** Fills what is clipped to; where clips are nested the innermost is the shape, as emoji fonts have it. */
  const fill = (attributes: string): void => {
    const clip = clips.at(-1);
    if (clip !== undefined)
      parts.push(`<path transform="${matrixText(clip.at)}" d="${clip.path}" ${attributes}/>`);
  };
  const gradient = (kind: string, geometry: string, { stops: colors, extend }: ColorLine): void => {
    const clip = clips.at(-1);
    const back = clip === undefined ? null : inverse(clip.at);
    if (back === null) return;
    const id = `${prefix}${ids++}`;
    const spread = ['pad', 'repeat', 'reflect'][extend] ?? 'pad';
    const stops = colors
      .toSorted((a, b) => a.offset - b.offset)
      .map(
        ({ offset, color }) =>
          `<stop offset="${round(offset)}" ${colorAttributes('stop', color)}/>`,
      );
    parts.push(
      `<${kind} id="${id}" gradientUnits="userSpaceOnUse" spreadMethod="${spread}" gradientTransform="${matrixText(multiply(back, here()))}" ${geometry}>${stops.join('')}</${kind}>`,
    );
    fill(`fill="url(#${id})"`);
  };

  const groups: number[] = [];
  shaper.drawing.paint(shaper.font(use), glyph, {
    pushTransform(matrix) {
      transforms.push(multiply(here(), matrix));
    },
    popTransform() {
      transforms.pop();
    },
    pushClipGlyph(outline) {
      clips.push({ path: pathOf(outline), at: here() });
    },
    pushClipRectangle(x0, y0, x1, y1) {
      clips.push({ path: `M${x0} ${y0}H${x1}V${y1}H${x0}Z`, at: here() });
    },
    popClip() {
      clips.pop();
    },
    color(color, isForeground) {
      fill(isForeground ? 'fill="currentColor"' : colorAttributes('fill', color));
    },
    linearGradient(line, [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0]) {
      // The third point turns the lines of equal colour: the end is brought onto their normal.
      const [nx, ny] = [y2 - y0, x0 - x2];
      const length = nx * nx + ny * ny;
      const share = length === 0 ? 0 : ((x1 - x0) * nx + (y1 - y0) * ny) / length;
      const [ex, ey] = length === 0 ? [x1, y1] : [x0 + share * nx, y0 + share * ny];
      gradient(
        'linearGradient',
        `x1="${round(x0)}" y1="${round(y0)}" x2="${round(ex)}" y2="${round(ey)}"`,
        line,
      );
    },
    radialGradient(line, [x0 = 0, y0 = 0, r0 = 0, x1 = 0, y1 = 0, r1 = 0]) {
      gradient(
        'radialGradient',
        `cx="${round(x1)}" cy="${round(y1)}" r="${round(r1)}" fx="${round(x0)}" fy="${round(y0)}" fr="${round(r0)}"`,
        line,
      );
    },
    sweepGradient({ stops }) {
      // SVG has none: the colour in its middle.
      const middle = stops[stops.length >> 1];
      if (middle !== undefined) fill(colorAttributes('fill', middle.color));
    },
    pushGroup() {
      groups.push(parts.length);
    },
    popGroup(mode) {
      const start = groups.pop() ?? parts.length;
      const blend = BLEND_MODES[mode];
      const inner = parts.splice(start).join('');
      parts.push(blend === undefined ? inner : `<g style="mix-blend-mode:${blend}">${inner}</g>`);
    },
  });
  return parts.join('');
}
