import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { ColorSchema, ExtentPxSchema, numberBetween } from '../../scene/schema/values.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';

/** What a test picture shows. */
export const PATTERNS = [
  'smpte-bars',
  'ebu-bars',
  'ramp',
  'grid',
  'checkerboard',
  'circles',
  'focus',
  'zone-plate',
  'noise',
] as const;

/** A test picture, as large as the layer. */
export const PatternLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('pattern'),
  pattern: z.enum(PATTERNS).meta({
    description:
      'smpte-bars: SMPTE RP 219. ebu-bars: 100/0/75/0 bars. ramp: greys and primaries from dark to light. grid, checkerboard, circles: for size and shape. focus: rays that meet. zone-plate: rings that get finer up to single pixels. noise: grey, the same in every frame.',
  }),
  width: ExtentPxSchema.default(1920),
  height: ExtentPxSchema.default(1080),
  cellSize: numberBetween(4, LIMITS.extentPx)
    .default(60)
    .meta({ description: 'Of grid, checkerboard and circles: pixels from one to the next.' }),
  lineWidth: numberBetween(0, LIMITS.borderPx)
    .default(2)
    .meta({ description: 'Of grid and circles.' }),
  color: ColorSchema.default('#ffffff').meta({
    description: 'Lines, light cells and rays; bars, ramps, zone plate and noise have their own.',
  }),
  background: ColorSchema.default('#000000').meta({ description: 'What is between these.' }),
  seed: z.int().min(0).max(0xffffffff).default(1).meta({ description: 'Which noise.' }),
});

export type PatternLayer = z.infer<typeof PatternLayerSchema>;
