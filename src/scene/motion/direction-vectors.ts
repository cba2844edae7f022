import type { Direction } from '../schema/direction.js';

/** Directions in the axes of pictures: x to the right, y down. */
export const DIRECTION_VECTORS: Readonly<Record<Direction, readonly [x: number, y: number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};
