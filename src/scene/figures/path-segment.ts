/** A point, in whatever units. */
export type Point = { readonly x: number; readonly y: number };

/** A part of a path whose numbers are absolute. Curves are cubic: (x1, y1) and (x2, y2) are their control points. */
export type PathSegment =
  | ({ readonly type: 'move' | 'line' } & Point)
  | ({
      readonly type: 'curve';
      readonly x1: number;
      readonly y1: number;
      readonly x2: number;
      readonly y2: number;
    } & Point)
  | { readonly type: 'close' };

/** The points that a path does not leave: its ends and the control points of its curves. */
export function hullOf(segments: readonly PathSegment[]): Point[] {
  return segments.flatMap((segment) => {
    if (segment.type === 'close') return [];
    const { x, y } = segment;
    if (segment.type !== 'curve') return [{ x, y }];
    return [
      { x: segment.x1, y: segment.y1 },
      { x: segment.x2, y: segment.y2 },
      { x, y },
    ];
  });
}
