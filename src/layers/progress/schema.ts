import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { PaintSchema } from '../../scene/schema/style.js';
import { DigitsSchema, TEXT_STYLE } from '../../scene/schema/text-style.js';
import { ExtentPxSchema, numberBetween } from '../../scene/schema/values.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';

const ValueSchema = numberBetween(-1_000_000, 1_000_000);

const LabelSchema = z.strictObject({
  ...TEXT_STYLE,
  digits: DigitsSchema.default('tabular'),
  text: z.string().max(LIMITS.nameChars).default('{percent}%').meta({
    description:
      'Text of the label. {percent}, {value}, {min} and {max} are replaced by the numbers.',
  }),
  fontSize: numberBetween(1, LIMITS.fontSizePx).default(24),
});

/** How much of something is done. */
export const ProgressLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('progress'),
  width: ExtentPxSchema.default(600),
  height: ExtentPxSchema.default(24),
  value: ValueSchema.default(0).meta({
    description: 'Current value; clamped to min and max.',
  }),
  min: ValueSchema.default(0),
  max: ValueSchema.default(1),
  style: z.enum(['bar', 'ring', 'segments']).default('bar'),
  direction: z.enum(['right', 'left', 'up', 'down']).default('right').meta({
    description:
      'Direction in which the bar grows. A ring runs clockwise, or counter-clockwise with left.',
  }),
  fill: PaintSchema.default('#38bdf8').meta({
    description: 'Paint of the completed part; a gradient covers the whole box.',
  }),
  trackColor: PaintSchema.default('#ffffff26').meta({
    description: 'Paint of the track behind the completed part.',
  }),
  thickness: numberBetween(0, LIMITS.extentPx)
    .default(16)
    .meta({ description: 'Thickness of a ring in pixels.' }),
  cap: z
    .enum(['round', 'butt'])
    .default('round')
    .meta({ description: 'Shape of the ends of a ring.' }),
  startAngle: numberBetween(-1_000_000, 1_000_000)
    .default(0)
    .meta({ description: 'Start of a ring in degrees, clockwise from the top.' }),
  segments: z.int().min(1).max(LIMITS.progressSegments).default(10).meta({
    description: 'Number of segments. A segment is filled when the value reaches its end.',
  }),
  gap: numberBetween(0, LIMITS.extentPx)
    .default(4)
    .meta({ description: 'Pixels between segments.' }),
  label: LabelSchema.nullable()
    .default(null)
    .meta({ description: 'Text in the middle of the layer; null: none.' }),
});
export type ProgressLayer = z.infer<typeof ProgressLayerSchema>;
