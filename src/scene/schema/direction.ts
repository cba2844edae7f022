import { z } from 'zod';

/** Where a movement goes to. */
export const DirectionSchema = z.enum(['left', 'right', 'up', 'down']);
export type Direction = z.infer<typeof DirectionSchema>;

/** The same in the axes of pictures: x to the right, y down. */
export const DIRECTION_VECTORS: Readonly<Record<Direction, readonly [x: number, y: number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};
