import { arcToCurves } from './arc.js';
import type { PathSegment, Point } from './path-segment.js';
import { PathScanner, PathSyntaxError } from './path-scanner.js';

/** What the next command goes on from. */
type Pen = {
  readonly at: Point;
  /** Where the subpath began. */
  readonly start: Point;
  /** The last control point, of which smooth curves take the mirror image: with the command that left it. */
  readonly control: Point;
  readonly last: string;
};

type Step = {
  readonly segments: readonly PathSegment[];
  readonly at: Point;
  readonly control?: Point;
};

function mirrored({ at, control, last }: Pen, commands: string): Point {
  return commands.includes(last) ? { x: 2 * at.x - control.x, y: 2 * at.y - control.y } : at;
}

function cubic(from: Point, to: Point, end: Point): Step {
  const segment = { type: 'curve', x1: from.x, y1: from.y, x2: to.x, y2: to.y, ...end } as const;
  return { segments: [segment], at: end, control: to };
}

/** A quadratic curve raised to a cubic one: its control points are two thirds of the way to the one it had. */
function quadratic(start: Point, control: Point, end: Point): Step {
  const towards = (from: Point): Point => ({
    x: from.x + (control.x - from.x) * (2 / 3),
    y: from.y + (control.y - from.y) * (2 / 3),
  });
  return { ...cubic(towards(start), towards(end), end), control };
}

/** Reads the numbers of one command and says what it draws. */
function step(letter: string, pen: Pen, scanner: PathScanner): Step {
  const isRelative = letter === letter.toLowerCase();
  const origin = isRelative ? pen.at : { x: 0, y: 0 };
  const point = (): Point => {
    const x = origin.x + scanner.number();
    return { x, y: origin.y + scanner.number() };
  };
  const line = (to: Point): Step => ({ segments: [{ type: 'line', ...to }], at: to });
  switch (letter.toUpperCase()) {
    case 'M': {
      const to = point();
      return { segments: [{ type: 'move', ...to }], at: to };
    }
    case 'L':
      return line(point());
    case 'H':
      return line({ x: origin.x + scanner.number(), y: pen.at.y });
    case 'V':
      return line({ x: pen.at.x, y: origin.y + scanner.number() });
    case 'C': {
      const [from, to] = [point(), point()];
      return cubic(from, to, point());
    }
    case 'S': {
      const to = point();
      return cubic(mirrored(pen, 'CS'), to, point());
    }
    case 'Q': {
      const control = point();
      return quadratic(pen.at, control, point());
    }
    case 'T':
      return quadratic(pen.at, mirrored(pen, 'QT'), point());
    case 'A': {
      const [radiusX, radiusY, rotationDeg] = [
        scanner.number(),
        scanner.number(),
        scanner.number(),
      ];
      const [isLarge, isClockwise] = [scanner.flag(), scanner.flag()];
      const to = point();
      const arc = { radiusX, radiusY, rotationDeg, isLarge, isClockwise };
      return { segments: arcToCurves(pen.at, to, arc), at: to };
    }
    case 'Z':
      return { segments: [{ type: 'close' }], at: pen.start };
    default:
      throw new PathSyntaxError(`there is no command ${letter}`);
  }
}

/**
 * Path data of SVG (https://www.w3.org/TR/SVG2/paths.html) as absolute lines and cubic curves.
 * @throws PathSyntaxError when it is not by the grammar; browsers would draw what comes before
 */
export function parseSvgPath(data: string): PathSegment[] {
  const scanner = new PathScanner(data);
  const segments: PathSegment[] = [];
  const zero = { x: 0, y: 0 };
  let pen: Pen = { at: zero, start: zero, control: zero, last: '' };
  if (scanner.isAtEnd()) throw new PathSyntaxError('there is nothing in it');
  while (!scanner.isAtEnd()) {
    let letter = scanner.command();
    if (pen.last === '' && letter.toUpperCase() !== 'M')
      throw new PathSyntaxError(`it begins with ${letter}, not with M`);
    do {
      const { segments: drawn, at, control = at } = step(letter, pen, scanner);
      // After a subpath was closed the next one begins where it did.
      if (pen.last === 'Z' && !'MZ'.includes(letter.toUpperCase()))
        segments.push({ type: 'move', ...pen.at });
      segments.push(...drawn);
      const last = letter.toUpperCase();
      pen = { at, start: last === 'M' ? at : pen.start, control, last };
      // Further points of a move are lines.
      if (last === 'M') letter = letter === 'M' ? 'L' : 'l';
    } while (pen.last !== 'Z' && scanner.hasNumber());
  }
  return segments;
}

/** What follows each command: numbers, and the flags of an arc. */
const ARGUMENTS: ReadonlyMap<string, string> = new Map([
  ['M', 'nn'],
  ['L', 'nn'],
  ['H', 'n'],
  ['V', 'n'],
  ['C', 'nnnnnn'],
  ['S', 'nnnn'],
  ['Q', 'nnnn'],
  ['T', 'nn'],
  ['A', 'nnnffnn'],
  ['Z', ''],
]);

/**
 * Reads path data as parseSvgPath does and keeps nothing: what checks a request need not have its curves.
 * @throws PathSyntaxError where parseSvgPath does
 */
export function checkSvgPath(data: string): void {
  const scanner = new PathScanner(data);
  if (scanner.isAtEnd()) throw new PathSyntaxError('there is nothing in it');
  for (let isFirst = true; !scanner.isAtEnd(); isFirst = false) {
    const letter = scanner.command();
    const name = letter.toUpperCase();
    if (isFirst && name !== 'M') throw new PathSyntaxError(`it begins with ${letter}, not with M`);
    const expected = ARGUMENTS.get(name);
    if (expected === undefined) throw new PathSyntaxError(`there is no command ${letter}`);
    do {
      for (let i = 0; i < expected.length; i++) {
        if (expected[i] === 'n') scanner.skipNumber();
        else scanner.flag();
      }
    } while (name !== 'Z' && scanner.hasNumber());
  }
}
