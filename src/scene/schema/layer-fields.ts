import { z } from 'zod';
import { BLEND_MODES } from '../blend-modes.js';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { AnimationSchema } from './animation.js';
import { SlotSchema } from './layout.js';
import { EnterSchema, ExitSchema } from './appearance.js';
import { BindingsSchema } from './bindings.js';
import { BorderSchema, FilterSchema, MaskSchema, ShadowsSchema } from './style.js';
import { IdSchema, LocaleSchema, NameSchema, numberBetween, OffsetPxSchema } from './values.js';

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
      'Horizontal position of the anchor in pixels of the scene or of the enclosing group. In a layout, an offset from the position given by the layout.',
  }),
  y: OffsetPxSchema.default(0).meta({ description: 'Vertical position of the anchor; see x.' }),
  rotation: numberBetween(-1_000_000, 1_000_000)
    .default(0)
    .meta({ description: 'Rotation around the anchor in degrees, clockwise.' }),
  skewX: SkewDegSchema.meta({ description: 'Horizontal skew around the anchor in degrees.' }),
  skewY: SkewDegSchema.meta({ description: 'Vertical skew around the anchor in degrees.' }),
  rotationX: TurnDegSchema.meta({
    description:
      'Rotation around the horizontal axis through the anchor in degrees. Positive values move the top away from the viewer.',
  }),
  rotationY: TurnDegSchema.meta({
    description:
      'Rotation around the vertical axis through the anchor in degrees. Positive values move the right side away from the viewer.',
  }),
  perspective: numberBetween(LIMITS.perspectivePx[0], LIMITS.perspectivePx[1])
    .default(1600)
    .meta({ description: 'Distance of the viewer for rotateX and rotateY in pixels.' }),
  anchor: z
    .strictObject({ x: numberBetween(0, 1).default(0), y: numberBetween(0, 1).default(0) })
    .prefault({})
    .meta({
      description:
        'Point of the layer that is placed at x, y and around which the layer rotates and scales: 0,0 is the top left, 1,1 the bottom right.',
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
    .meta({ description: 'Filters, applied in order.' }),
  mask: MaskSchema.nullable().default(null),
  onError: z.enum(ERROR_POLICIES).default('placeholder').meta({
    description:
      'What is shown while the layer cannot be rendered or is disabled because it is too slow. placeholder: a neutral area. hide: nothing. hold: its last content. fallback: the layer named by `fallback`.',
    example: 'hold',
  }),
  fallback: IdSchema.nullable().default(null).meta({
    description:
      'Id of a layer of the same scene or group, visible or not, that is shown in place of this one when onError is fallback.',
    example: 'still-picture',
  }),
  timeLimitMs: z.number().min(1).max(LIMITS.layerTimeMs).default(LIMITS.layerTimeDefaultMs).meta({
    description:
      'Time limit for laying out and for painting the layer, in milliseconds. A layer that exceeds it repeatedly is disabled for a while.',
    example: 50,
  }),
  slot: SlotSchema.nullable().default(null),
  animations: z.array(AnimationSchema).max(LIMITS.animationsPerLayer).default([]),
  enter: EnterSchema.nullable()
    .default(null)
    .meta({ description: 'Animation with which the layer appears; null: it appears immediately.' }),
  exit: ExitSchema.nullable().default(null).meta({
    description:
      'Animation with which the layer disappears when it is removed or hidden; null: it disappears immediately.',
  }),
  bindings: BindingsSchema,
  locale: LocaleSchema.optional().meta({
    description:
      'Language of numbers and dates in the texts of the layer. Default: the language of its group or scene.',
  }),
};
