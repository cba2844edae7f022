import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { AnimationSchema } from './animation.js';
import {
  ColorSchema,
  ExtentPxSchema,
  IdSchema,
  NameSchema,
  numberBetween,
  OffsetPxSchema,
  TextSchema,
} from './values.js';

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

export const BorderSchema = z.strictObject({
  width: numberBetween(0, LIMITS.borderPx),
  color: ColorSchema.default('#ffffff'),
});

export const ShadowSchema = z.strictObject({
  x: numberBetween(-LIMITS.shadowPx, LIMITS.shadowPx).default(0),
  y: numberBetween(-LIMITS.shadowPx, LIMITS.shadowPx).default(4),
  blur: numberBetween(0, LIMITS.shadowPx).default(8),
  color: ColorSchema.default('#00000080'),
});

const COMMON = {
  id: IdSchema,
  name: NameSchema.optional(),
  visible: z.boolean().default(true),
  x: OffsetPxSchema.default(0).meta({
    description: 'Where the anchor stands, in pixels of the scene.',
  }),
  y: OffsetPxSchema.default(0).meta({
    description: 'Where the anchor stands, in pixels of the scene.',
  }),
  rotation: numberBetween(-1_000_000, 1_000_000)
    .default(0)
    .meta({ description: 'Degrees, clockwise, about the anchor.' }),
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
  shadow: ShadowSchema.nullable().default(null),
  animations: z.array(AnimationSchema).max(LIMITS.animationsPerLayer).default([]),
};

const TEXT_STYLE = {
  fontFamily: z.string().min(1).max(200).default('Inter').meta({
    description: 'A shipped family (Inter), one the system has, or several separated by commas.',
  }),
  fontSize: numberBetween(1, LIMITS.fontSizePx)
    .default(48)
    .meta({ description: 'Pixels of the scene.' }),
  fontWeight: z.int().min(100).max(900).default(400),
  fontStyle: z.enum(['normal', 'italic']).default('normal'),
  color: ColorSchema.default('#ffffff'),
};

const TEXT_BLOCK = {
  ...TEXT_STYLE,
  align: z
    .enum(['left', 'center', 'right'])
    .default('left')
    .meta({ description: 'Of the lines to each other, and inside `width` when it is given.' }),
  lineHeight: numberBetween(0.5, 5)
    .default(1.2)
    .meta({ description: 'Multiple of the font size.' }),
  letterSpacing: numberBetween(-100, 500).default(0),
  width: ExtentPxSchema.optional(),
  height: ExtentPxSchema.optional(),
};

export const ImageLayerSchema = z.strictObject({
  ...COMMON,
  type: z.literal('image'),
  asset: IdSchema.meta({ description: 'Id of the asset that holds the picture.' }),
  width: ExtentPxSchema.optional().meta({ description: 'Default: as the picture is.' }),
  height: ExtentPxSchema.optional().meta({ description: 'Default: as the picture is.' }),
});

export const TextLayerSchema = z.strictObject({
  ...COMMON,
  type: z.literal('text'),
  text: TextSchema.meta({ description: 'Lines are divided by \\n.' }),
  ...TEXT_BLOCK,
});

export const ShapeLayerSchema = z.strictObject({
  ...COMMON,
  type: z.literal('shape'),
  shape: z.enum(['rectangle', 'ellipse', 'line']),
  width: numberBetween(0, LIMITS.extentPx),
  height: numberBetween(0, LIMITS.extentPx),
  fill: ColorSchema.default('#ffffff').meta({
    description: 'Colour of the area; of a line, its own.',
  }),
  lineWidth: numberBetween(0, LIMITS.borderPx)
    .default(2)
    .meta({ description: 'Of a line: it runs from the top left to the bottom right of its box.' }),
});

export const TickerLayerSchema = z.strictObject({
  ...COMMON,
  type: z.literal('ticker'),
  text: TextSchema,
  ...TEXT_STYLE,
  width: ExtentPxSchema,
  height: ExtentPxSchema,
  speed: numberBetween(-10_000, 10_000)
    .default(120)
    .meta({ description: 'Pixels of the scene per second; positive runs to the left.' }),
  gap: numberBetween(0, LIMITS.extentPx)
    .default(80)
    .meta({ description: 'Pixels between the end of the text and its next beginning.' }),
});

const TIME_FORMAT = z.string().max(200).meta({
  description:
    'HH, H, hh, h, mm, m, ss, s, cc (hundredths), SSS (thousandths), A, YYYY, MM, DD, D (days); literal text in [brackets]. In a countdown or timer the largest unit takes all that is above it.',
  example: 'HH:mm:ss',
});

export const ClockLayerSchema = z.strictObject({
  ...COMMON,
  type: z.literal('clock'),
  format: TIME_FORMAT.default('HH:mm:ss'),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be a time zone of the IANA list such as Europe/Paris, or UTC')
    .default('UTC'),
  ...TEXT_BLOCK,
});

export const CountdownLayerSchema = z.strictObject({
  ...COMMON,
  type: z.literal('countdown'),
  to: z.iso
    .datetime({ offset: true })
    .meta({ description: 'The moment it reaches zero, where it stays.' }),
  format: TIME_FORMAT.default('HH:mm:ss'),
  ...TEXT_BLOCK,
});

export const TimerLayerSchema = z.strictObject({
  ...COMMON,
  type: z.literal('timer'),
  format: TIME_FORMAT.default('HH:mm:ss'),
  offsetMs: numberBetween(-LIMITS.timerOffsetMs, LIMITS.timerOffsetMs)
    .default(0)
    .meta({ description: 'What it shows when the scene goes on air.' }),
  ...TEXT_BLOCK,
});

/** Every kind of layer, told apart by `type`. */
export const LayerSchema = z
  .discriminatedUnion('type', [
    ImageLayerSchema,
    TextLayerSchema,
    ShapeLayerSchema,
    TickerLayerSchema,
    ClockLayerSchema,
    CountdownLayerSchema,
    TimerLayerSchema,
  ])
  .meta({ id: 'Layer' });

/** A layer with every default filled in. */
export type Layer = z.infer<typeof LayerSchema>;
/** A layer as a user writes it. */
export type LayerInput = z.input<typeof LayerSchema>;
export type LayerType = Layer['type'];
export type LayerOf<T extends LayerType> = Extract<Layer, { type: T }>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
