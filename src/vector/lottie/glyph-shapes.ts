import type { SetGlyph } from '../fonts/glyph-font.js';
import type { Contour } from '../fonts/outline.js';
import { still } from './color-glyphs.js';
import type { JsonObject } from './json.js';

/** Heights of a font in units of its characters: they are drawn for a size of 100. */
const SIZE = 100;

type Vertex = { at: [number, number]; in: [number, number]; out: [number, number] };

/** A contour as cubic curves, y downwards. Between two points on it there is at most one that is not. */
function verticesOf(contour: Contour): Vertex[] {
  const vertices: Vertex[] = [];
  let control: [number, number] | null = null;
  const place = ({ x, y }: { x: number; y: number }): [number, number] => [x * SIZE, -y * SIZE];
  const bend = (from: Vertex, to: Vertex, [cx, cy]: [number, number]): void => {
    from.out = [((cx - from.at[0]) * 2) / 3, ((cy - from.at[1]) * 2) / 3];
    to.in = [((cx - to.at[0]) * 2) / 3, ((cy - to.at[1]) * 2) / 3];
  };
  for (const point of contour) {
    if (!point.isOn) {
      control = place(point);
      continue;
    }
    const vertex: Vertex = { at: place(point), in: [0, 0], out: [0, 0] };
    const before = vertices.at(-1);
    if (control !== null && before !== undefined) bend(before, vertex, control);
    control = null;
    vertices.push(vertex);
  }
  const [first, last] = [vertices[0], vertices.at(-1)];
  if (control !== null && first !== undefined && last !== undefined) bend(last, first, control);
  return vertices;
}

/** What a character of a font in an animation draws. */
export function glyphShapes({ contours }: SetGlyph): JsonObject[] {
  const paths = contours
    .map(verticesOf)
    .filter((vertices) => vertices.length > 1)
    .map((vertices) => ({
      ty: 'sh',
      ks: still({
        c: true,
        v: vertices.map(({ at }) => at),
        i: vertices.map((vertex) => vertex.in),
        o: vertices.map(({ out }) => out),
      }),
    }));
  return paths.length === 0 ? [] : [{ ty: 'gr', it: paths }];
}
