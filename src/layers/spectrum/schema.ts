import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';
import { StripKeySchema } from '../../scene/schema/strip-key.js';
import { PaintSchema } from '../../scene/schema/style.js';
import { ColorSchema, ExtentPxSchema, numberBetween } from '../../scene/schema/values.js';

/** How loud something is by frequency. */
export const SpectrumLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('spectrum'),
  strip: StripKeySchema,
  width: ExtentPxSchema.default(960),
  height: ExtentPxSchema.default(240),
  style: z.enum(['bars', 'line', 'ring']).default('bars').meta({
    description: 'bars: a bar for each band. line: one line. ring: bars that stand on a circle.',
  }),
  bands: z.int().min(4).max(64).default(32).meta({
    description:
      'Number of bands from 40 Hz to 16 kHz, each the same part of an octave wide. At most 16 different spectra (strip, bands, fallMs) are measured at a time; further ones show silence.',
  }),
  fallMs: numberBetween(0, 5000).default(300).meta({
    description:
      'Time in which a band falls by 20 dB, in milliseconds; 0: at once. Bands rise at once.',
  }),
  floorDb: numberBetween(-100, -10).default(-60).meta({
    description: 'Level at which a band is empty, in dBFS; a sine at 0 dBFS fills its band.',
  }),
  order: z.enum(['rising', 'falling', 'symmetric']).default('rising').meta({
    description:
      'rising: low frequencies first. falling: high ones first. symmetric: low ones in the middle, and all of them on both sides.',
  }),
  origin: z.enum(['bottom', 'top', 'middle']).default('bottom').meta({
    description:
      'Edge from which bars grow, or the middle for bars that grow both ways. A line takes middle as bottom.',
  }),
  fill: PaintSchema.default('#38bdf8').meta({
    description:
      'Paint of the bars or of the line. A gradient covers the whole box; on a line or ring it runs from the first band to the last.',
  }),
  areaColor: ColorSchema.default('#38bdf82e').meta({
    description: 'Colour of the area below a line.',
  }),
  gap: numberBetween(0, LIMITS.extentPx).default(4).meta({ description: 'Pixels between bars.' }),
  restLength: numberBetween(0, LIMITS.extentPx).default(2).meta({
    description: 'Length of the bar of a silent band in pixels.',
  }),
  lineWidth: numberBetween(1, 100).default(3).meta({ description: 'Width of a line in pixels.' }),
  innerRadius: numberBetween(0, 1).default(0.55).meta({
    description: 'Radius of the circle of a ring as a part of the largest that there is room for.',
  }),
  startAngle: numberBetween(-1_000_000, 1_000_000).default(0).meta({
    description:
      'Where a ring begins in degrees, clockwise from the top. A symmetric one has its low frequencies opposite.',
  }),
});
export type SpectrumLayer = z.infer<typeof SpectrumLayerSchema>;
