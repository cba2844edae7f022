import { z } from 'zod';

/** Where a movement goes to. */
export const DirectionSchema = z.enum(['left', 'right', 'up', 'down']);
export type Direction = z.infer<typeof DirectionSchema>;
