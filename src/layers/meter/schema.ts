import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';
import { StripKeySchema } from '../../scene/schema/strip-key.js';
import { PaintSchema } from '../../scene/schema/style.js';
import { ColorSchema, ExtentPxSchema, numberBetween } from '../../scene/schema/values.js';

/** How loud something is. */
export const MeterLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('meter'),
  strip: StripKeySchema,
  width: ExtentPxSchema.default(480),
  height: ExtentPxSchema.default(24),
  style: z.enum(['bar', 'segments', 'ring']).default('bar').meta({
    description:
      'bar: grows smoothly. segments: a row of lights. ring: lights on an arc, which show the louder channel.',
  }),
  direction: z.enum(['right', 'left', 'up', 'down']).default('right').meta({
    description:
      'Direction in which the level grows. A ring runs clockwise, or counter-clockwise with left.',
  }),
  measure: z.enum(['peak', 'rms']).default('peak').meta({
    description:
      'peak: the largest sample, which falls by 20 dB in 0.6 s. rms: the root mean square, which is closer to how loud it sounds.',
  }),
  channels: z.enum(['louder', 'stereo']).default('louder').meta({
    description:
      'louder: one bar for the louder channel. stereo: two bars, left first. A ring always has one.',
  }),
  floorDb: numberBetween(-100, -10)
    .default(-60)
    .meta({ description: 'Level at which the meter is empty, in dBFS; it is full at 0 dBFS.' }),
  fill: PaintSchema.nullable().default(null).meta({
    description:
      'Paint of the level; a gradient covers the whole box, and on a ring runs along the arc. Null: green, yellow above -18 dBFS, red above -6 dBFS.',
  }),
  trackColor: PaintSchema.default('#ffffff1f').meta({
    description: 'Paint of what the level has not reached.',
  }),
  peakHold: z.boolean().default(true).meta({
    description: 'Whether a mark stays at the highest peak for a second before it falls.',
  }),
  holdColor: ColorSchema.default('#ffffff').meta({
    description: 'Colour of that mark on a bar. Segments have their own colours.',
  }),
  segments: z.int().min(2).max(LIMITS.meterSegments).default(24).meta({
    description: 'Number of lights of segments and ring.',
  }),
  gap: numberBetween(0, LIMITS.extentPx).default(3).meta({
    description: 'Pixels between segments and between the bars of two channels.',
  }),
  thickness: numberBetween(0, LIMITS.extentPx)
    .default(16)
    .meta({ description: 'Thickness of a ring in pixels.' }),
  startAngle: numberBetween(-1_000_000, 1_000_000)
    .default(-135)
    .meta({ description: 'Start of a ring in degrees, clockwise from the top.' }),
  sweep: numberBetween(10, 360)
    .default(270)
    .meta({ description: 'Angle that a ring covers in degrees.' }),
});
export type MeterLayer = z.infer<typeof MeterLayerSchema>;
