import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { ColorSchema, IdSchema, numberBetween, OffsetPxSchema } from './values.js';

/** A line around a layer's box, inside of it. */
export const BorderSchema = z.strictObject({
  width: numberBetween(0, LIMITS.borderPx),
  color: ColorSchema.default('#ffffff'),
});

/** A drop shadow as in CSS; `blur` is twice its standard deviation. */
export const ShadowSchema = z.strictObject({
  x: numberBetween(-LIMITS.shadowPx, LIMITS.shadowPx).default(0),
  y: numberBetween(-LIMITS.shadowPx, LIMITS.shadowPx).default(4),
  blur: numberBetween(0, LIMITS.shadowPx).default(8),
  color: ColorSchema.default('#00000080'),
});

/** One shadow, or several of which the first is on top. */
export const ShadowsSchema = z.union([
  ShadowSchema,
  z.array(ShadowSchema).min(1).max(LIMITS.shadowsPerLayer),
]);

const AmountSchema = numberBetween(0, LIMITS.filterAmount);
const ShareSchema = numberBetween(0, 1).default(1);

/** Filters of https://www.w3.org/TR/filter-effects-1/, and `tint`, which draws every colour towards one. */
export const FilterSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('blur'),
    radius: numberBetween(0, LIMITS.blurPx).meta({
      description: 'Standard deviation of the blur in pixels.',
    }),
  }),
  z.strictObject({ type: z.literal('brightness'), amount: AmountSchema }),
  z.strictObject({ type: z.literal('contrast'), amount: AmountSchema }),
  z.strictObject({ type: z.literal('saturation'), amount: AmountSchema }),
  z.strictObject({
    type: z.literal('hue'),
    degrees: numberBetween(-1_000_000, 1_000_000).meta({
      description: 'Rotation of the hue in degrees.',
    }),
  }),
  z.strictObject({ type: z.literal('grayscale'), amount: ShareSchema }),
  z.strictObject({ type: z.literal('sepia'), amount: ShareSchema }),
  z.strictObject({ type: z.literal('invert'), amount: ShareSchema }),
  z.strictObject({ type: z.literal('tint'), color: ColorSchema, amount: ShareSchema }),
]);
export type Filter = z.infer<typeof FilterSchema>;

const MASK_FIELDS = {
  mode: z.enum(['alpha', 'luma']).default('alpha').meta({
    description:
      'Channel of the mask that is used. alpha: its opacity. luma: its brightness multiplied by its opacity.',
  }),
  inverted: z.boolean().default(false),
};

/** What of a layer is seen: where another layer is, or inside a figure of its own. */
export const MaskSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('layer'),
    layer: IdSchema.meta({
      description:
        'Id of a layer of the same group or scene. It is used as a mask even if it is not visible.',
    }),
    ...MASK_FIELDS,
  }),
  z.strictObject({
    type: z.literal('shape'),
    shape: z.enum(['rectangle', 'ellipse']),
    x: OffsetPxSchema.default(0).meta({
      description: 'Distance from the left edge of the layer in pixels.',
    }),
    y: OffsetPxSchema.default(0),
    width: numberBetween(0, LIMITS.extentPx)
      .optional()
      .meta({ description: 'Width in pixels. Default: the width of the layer.' }),
    height: numberBetween(0, LIMITS.extentPx).optional(),
    cornerRadius: numberBetween(0, LIMITS.radiusPx).default(0),
    ...MASK_FIELDS,
  }),
]);
export type Mask = z.infer<typeof MaskSchema>;

/** Takes a colour out of a picture, as one does with a green screen. */
export const ChromaKeySchema = z.strictObject({
  color: ColorSchema.default('#00ff00'),
  similarity: numberBetween(0, 1).default(0.25).meta({
    description:
      'Distance from the key colour in the chroma plane up to which colours are removed.',
  }),
  smoothness: numberBetween(0, 1)
    .default(0.08)
    .meta({ description: 'Width of the soft edge beyond `similarity`.' }),
  spill: numberBetween(0, 1).default(0.1).meta({
    description: 'Distance beyond the soft edge over which the tint of the key colour is removed.',
  }),
});
export type ChromaKey = z.infer<typeof ChromaKeySchema>;

const StopsSchema = z
  .array(z.strictObject({ at: numberBetween(0, 1), color: ColorSchema }))
  .min(2)
  .max(LIMITS.gradientStops);

const CentreSchema = z
  .strictObject({ x: numberBetween(-10, 10).default(0.5), y: numberBetween(-10, 10).default(0.5) })
  .prefault({})
  .meta({ description: 'Centre as fractions of the size of the box.' });

const DegreesSchema = numberBetween(-1_000_000, 1_000_000);

/** Colours that change over the box of what is filled, as in https://www.w3.org/TR/css-images-3/#gradients. */
export const GradientSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('linear'),
    angle: DegreesSchema.default(180).meta({
      description: 'Direction of the gradient in degrees clockwise from the top; 180 is downwards.',
    }),
    stops: StopsSchema,
  }),
  z.strictObject({
    type: z.literal('radial'),
    center: CentreSchema,
    radius: numberBetween(0, 10)
      .default(0.5)
      .meta({ description: 'Radius as a fraction of the larger side of the box.' }),
    stops: StopsSchema,
  }),
  z.strictObject({
    type: z.literal('conic'),
    center: CentreSchema,
    angle: DegreesSchema.default(0).meta({
      description: 'Start angle in degrees clockwise from the top.',
    }),
    stops: StopsSchema,
  }),
]);
export type Gradient = z.infer<typeof GradientSchema>;

/** A colour or a gradient. */
export const PaintSchema = z.union([ColorSchema, GradientSchema]).meta({ id: 'Paint' });
export type Paint = z.infer<typeof PaintSchema>;
