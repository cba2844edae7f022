import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { AnimationSchema } from './animation.js';
import { SlotSchema } from './layout.js';
import { EnterSchema, ExitSchema } from './appearance.js';
import { BindingsSchema } from './bindings.js';
import { BorderSchema, FilterSchema, MaskSchema, ShadowsSchema } from './style.js';
import { IdSchema, LocaleSchema, NameSchema, numberBetween, OffsetPxSchema } from './values.js';

/** Blend modes of https://www.w3.org/TR/compositing-1/; `add` is its plus-lighter. */
export const BLEND_MODES = [
  'normal',
  'multiply',
  'screen',
  'overlay',
  'darken',
  'lighten',
  'color-dodge',
  'color-burn',
  'hard-light',
  'soft-light',
  'difference',
  'exclusion',
  'hue',
  'saturation',
  'color',
  'luminosity',
  'add',
] as const;

/** What is seen of a layer that fails or is shut off because it is too slow. */
export const ERROR_POLICIES = ['placeholder', 'hide', 'hold', 'fallback'] as const;
export type ErrorPolicy = (typeof ERROR_POLICIES)[number];

const TurnDegSchema = numberBetween(-1_000_000, 1_000_000).default(0);
const SkewDegSchema = numberBetween(-LIMITS.skewDeg, LIMITS.skewDeg).default(0);

/** The fields that every kind of layer has. */
export const BASE_FIELDS = {
  id: IdSchema,
  name: NameSchema.optional(),
  visible: z.boolean().default(true),
  x: OffsetPxSchema.default(0).meta({
    description:
      'Where the anchor stands, in pixels of the scene or of the group it is in; where a layout places the layer, an offset from there.',
  }),
  y: OffsetPxSchema.default(0).meta({ description: 'As x.' }),
  rotation: numberBetween(-1_000_000, 1_000_000)
    .default(0)
    .meta({ description: 'Degrees, clockwise, about the anchor.' }),
  skewX: SkewDegSchema.meta({ description: 'Degrees that upright lines lean, about the anchor.' }),
  skewY: SkewDegSchema.meta({ description: 'Degrees that level lines sink, about the anchor.' }),
  rotationX: TurnDegSchema.meta({
    description: 'Degrees, about the level axis through the anchor: the top goes back.',
  }),
  rotationY: TurnDegSchema.meta({
    description: 'Degrees, about the upright axis through the anchor: the right goes back.',
  }),
  perspective: numberBetween(LIMITS.perspectivePx[0], LIMITS.perspectivePx[1])
    .default(1600)
    .meta({ description: 'How far away the eye is that looks at a layer turned so, pixels.' }),
  anchor: z
    .strictObject({ x: numberBetween(0, 1).default(0), y: numberBetween(0, 1).default(0) })
    .prefault({})
    .meta({
      description:
        'The point of the layer that stands at x, y and about which it turns and scales: 0,0 top left, 1,1 bottom right.',
    }),
  scale: numberBetween(0, LIMITS.scale).default(1),
  opacity: numberBetween(0, 1).default(1),
  blend: z.enum(BLEND_MODES).default('normal'),
  cornerRadius: numberBetween(0, LIMITS.radiusPx).default(0),
  border: BorderSchema.nullable().default(null),
  shadow: ShadowsSchema.nullable().default(null),
  filters: z
    .array(FilterSchema)
    .max(LIMITS.filtersPerLayer)
    .default([])
    .meta({ description: 'One after the other, the first one first.' }),
  mask: MaskSchema.nullable().default(null),
  onError: z.enum(ERROR_POLICIES).default('placeholder').meta({
    description:
      'What is seen while the layer can not be shown, or is shut off because it is too slow: an area that stands for it, nothing, what it showed last, or the layer that `fallback` names.',
    example: 'hold',
  }),
  fallback: IdSchema.nullable().default(null).meta({
    description:
      'A layer of the same stack, visible or not, that is shown in place of this one when onError is fallback.',
    example: 'still-picture',
  }),
  timeLimitMs: z.number().min(1).max(LIMITS.layerTimeMs).default(LIMITS.layerTimeDefaultMs).meta({
    description:
      'How long laying out or painting the layer may take, milliseconds. One that takes longer again and again is shut off for a while.',
    example: 50,
  }),
  slot: SlotSchema.nullable().default(null),
  animations: z.array(AnimationSchema).max(LIMITS.animationsPerLayer).default([]),
  enter: EnterSchema.nullable()
    .default(null)
    .meta({ description: 'How it comes; null: it is just there.' }),
  exit: ExitSchema.nullable()
    .default(null)
    .meta({ description: 'How it goes when it is removed or hidden; null: at once.' }),
  bindings: BindingsSchema,
  locale: LocaleSchema.optional().meta({
    description: 'Language of numbers and dates in its texts; default: that of its group or scene.',
  }),
};
