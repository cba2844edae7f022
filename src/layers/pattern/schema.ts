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
      'smpte-bars: SMPTE RP 219. ebu-bars: 100/0/75/0 bars. ramp: greys and primaries from dark to light. grid, checkerboard, circles: geometry. focus: converging rays. zone-plate: rings that become as fine as single pixels. noise: static grey noise.',
  }),
  width: ExtentPxSchema.default(1920),
  height: ExtentPxSchema.default(1080),
  cellSize: numberBetween(4, LIMITS.extentPx).default(60).meta({
    description:
      'Distance between lines, cells or circles of grid, checkerboard and circles, in pixels.',
  }),
  lineWidth: numberBetween(0, LIMITS.borderPx)
    .default(2)
    .meta({ description: 'Line width of grid and circles, in pixels.' }),
  color: ColorSchema.default('#ffffff').meta({
    description:
      'Colour of lines, light cells and rays. Bars, ramp, zone plate and noise have fixed colours.',
  }),
  background: ColorSchema.default('#000000').meta({
    description: 'Colour between lines, cells and rays.',
  }),
  seed: z.int().min(0).max(0xffffffff).default(1).meta({ description: 'Seed of the noise.' }),
});

export type PatternLayer = z.infer<typeof PatternLayerSchema>;
