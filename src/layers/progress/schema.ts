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
    description: '{percent}, {value}, {min} and {max} stand for the figures.',
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
    description: 'Between min and max; what is beyond counts as these.',
  }),
  min: ValueSchema.default(0),
  max: ValueSchema.default(1),
  style: z.enum(['bar', 'ring', 'segments']).default('bar'),
  direction: z.enum(['right', 'left', 'up', 'down']).default('right').meta({
    description: 'Where it grows to. A ring runs clockwise, with left counter-clockwise.',
  }),
  fill: PaintSchema.default('#38bdf8').meta({
    description: 'Of the part that is done; a gradient runs over the whole box.',
  }),
  trackColor: PaintSchema.default('#ffffff26').meta({ description: 'Of what lies below it.' }),
  thickness: numberBetween(0, LIMITS.extentPx).default(16).meta({ description: 'Of a ring.' }),
  cap: z.enum(['round', 'butt']).default('round').meta({ description: 'The ends of a ring.' }),
  startAngle: numberBetween(-1_000_000, 1_000_000)
    .default(0)
    .meta({ description: 'Where a ring begins, degrees clockwise from the top.' }),
  segments: z.int().min(1).max(LIMITS.progressSegments).default(10).meta({
    description: 'How many; one is lit when its end is reached.',
  }),
  gap: numberBetween(0, LIMITS.extentPx).default(4).meta({ description: 'Between segments.' }),
  label: LabelSchema.nullable().default(null).meta({ description: 'A text in the middle.' }),
});
export type ProgressLayer = z.infer<typeof ProgressLayerSchema>;
