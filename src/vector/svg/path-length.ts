import { elementNumber } from './numbers.js';
import type { SvgElement } from './tree.js';

const TOKEN = /([achlmqstvz])|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/gi;

/** Numbers that one command takes. */
const ARGUMENTS: Readonly<Record<string, number>> = {
  a: 7,
  c: 6,
  h: 1,
  l: 2,
  m: 2,
  q: 4,
  s: 4,
  t: 2,
  v: 1,
};

/** What is known of an outline without drawing it: curves count as long as what controls them. */
export type Outline = {
  readonly length: number;
  readonly corners: number;
  /** Of the box around it. */
  readonly width: number;
  readonly height: number;
};

const NOTHING: Outline = { length: 0, corners: 0, width: 0, height: 0 };

type Point = { readonly x: number; readonly y: number };

/** How long the outline of path data is at the most, in its own units. */
export function outlineOfPath(data: string): Outline {
  let [length, corners] = [0, 0];
  let at: Point = { x: 0, y: 0 };
  let start = at;
  let command = '';
  let args: number[] = [];
  let box: readonly [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  const go = (to: Point, isDrawn: boolean): void => {
    const [x0, y0, x1, y1] = box;
    box = [Math.min(x0, to.x), Math.min(y0, to.y), Math.max(x1, to.x), Math.max(y1, to.y)];
    if (isDrawn) length += Math.hypot(to.x - at.x, to.y - at.y);
    at = to;
  };
  const draw = (): void => {
    const isRelative = command === command.toLowerCase();
    const kind = command.toLowerCase();
    const from = isRelative ? at : { x: 0, y: 0 };
    corners += 1;
    if (kind === 'h') go({ x: from.x + (args[0] ?? 0), y: at.y }, true);
    else if (kind === 'v') go({ x: at.x, y: from.y + (args[0] ?? 0) }, true);
    else if (kind === 'a') {
      const to = { x: from.x + (args[5] ?? 0), y: from.y + (args[6] ?? 0) };
      const chord = Math.hypot(to.x - at.x, to.y - at.y);
      const radius = Math.max(Math.abs(args[0] ?? 0), Math.abs(args[1] ?? 0), chord / 2);
      // An arc between two points that are the same draws nothing.
      if (chord > 0) length += Math.min(2 * Math.PI * radius, Math.PI * Math.max(radius, chord));
      go(to, false);
    } else {
      for (let i = 0; i < args.length; i += 2)
        go({ x: from.x + (args[i] ?? 0), y: from.y + (args[i + 1] ?? 0) }, kind !== 'm');
      if (kind === 'm') {
        start = at;
        command = isRelative ? 'l' : 'L';
      }
    }
    args = [];
  };
  for (const [token, letter] of data.matchAll(TOKEN)) {
    if (letter === undefined) {
      args.push(Number(token));
      if (args.length === ARGUMENTS[command.toLowerCase()]) draw();
      else if (command === '') return NOTHING;
      continue;
    }
    args = [];
    command = letter;
    if (letter === 'z' || letter === 'Z') go(start, true);
  }
  const [x0, y0, x1, y1] = box;
  return { length, corners, width: Math.max(0, x1 - x0), height: Math.max(0, y1 - y0) };
}

function outlineOfPoints(points: string): Outline {
  const numbers = points.trim().split(/[\s,]+/);
  return outlineOfPath(`M${numbers.join(' ')}`);
}

/** What many refer to is gone through once. */
const known = new WeakMap<SvgElement, Outline>();

/** How long the outline of a shape is at the most, in its own units; nothing for what is none. */
export function outlineOf(shape: SvgElement, extent: number): Outline {
  const outline = known.get(shape) ?? findOutline(shape, extent);
  known.set(shape, outline);
  return outline;
}

function findOutline(shape: SvgElement, extent: number): Outline {
  const number = (name: string): number => elementNumber(shape, name, extent);
  switch (shape.name) {
    case 'path':
      return outlineOfPath(shape.attributes.get('d') ?? '');
    case 'polyline':
    case 'polygon':
      return outlineOfPoints(shape.attributes.get('points') ?? '');
    case 'rect':
      return boxed(number('width'), number('height'), 2 * (number('width') + number('height')));
    case 'circle':
      return boxed(2 * number('r'), 2 * number('r'), 2 * Math.PI * number('r'));
    case 'ellipse':
      return boxed(
        2 * number('rx'),
        2 * number('ry'),
        2 * Math.PI * Math.max(number('rx'), number('ry')),
      );
    case 'line': {
      const [width, height] = [
        Math.abs(number('x2') - number('x1')),
        Math.abs(number('y2') - number('y1')),
      ];
      return boxed(width, height, Math.hypot(width, height));
    }
    default:
      return NOTHING;
  }
}

function boxed(width: number, height: number, length: number): Outline {
  return { length, corners: 4, width, height };
}
