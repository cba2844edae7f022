import { z } from 'zod';
import { dashLengthPx, MIN_DASH_PX } from '../dashes.js';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { PaintSchema } from './style.js';
import { numberBetween } from './values.js';

const DashSchema = z
  .array(numberBetween(0, LIMITS.extentPx))
  .max(LIMITS.dashes)
  .refine(
    (dash) => dash.length === 0 || dashLengthPx(dash) >= MIN_DASH_PX,
    'must have a total length of at least one pixel',
  );

/** The line around a figure, or that a line is drawn with. */
export const StrokeSchema = z
  .strictObject({
    color: PaintSchema.default('#ffffff').meta({
      description: 'A colour, or a gradient over the box of the layer.',
    }),
    width: numberBetween(0, LIMITS.borderPx).default(4),
    dash: DashSchema.default([]).meta({
      description:
        'Alternating lengths of dashes and gaps in pixels; an odd number of lengths is repeated. Empty: a solid line.',
    }),
    dashOffset: numberBetween(-LIMITS.offsetPx, LIMITS.offsetPx).default(0).meta({
      description: 'Offset into the dash pattern in pixels. Animate it to move the dashes.',
    }),
    cap: z.enum(['butt', 'round', 'square']).default('butt').meta({
      description: 'Shape of the ends of open lines and of dashes.',
    }),
    join: z.enum(['miter', 'round', 'bevel']).default('miter'),
    align: z.enum(['inside', 'center', 'outside']).default('center').meta({
      description:
        'Position of the stroke relative to the outline. Open lines are always stroked on both sides.',
    }),
  })
  .meta({ id: 'Stroke', example: { color: '#ffcc00', width: 4, dash: [12, 8] } });
export type Stroke = z.infer<typeof StrokeSchema>;
