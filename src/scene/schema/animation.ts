import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { ColorSchema, EasingSchema, numberBetween } from './values.js';

/** A place, or whatever else has two numbers. */
export const PointSchema = z.strictObject({ x: z.number(), y: z.number() });
export type Point = z.infer<typeof PointSchema>;

export const KeyframeSchema = z.strictObject({
  atMs: numberBetween(0, LIMITS.animationMs),
  value: z.union([z.number(), ColorSchema, PointSchema]).meta({
    description: 'A number, a colour, or {x, y}, as the property is.',
  }),
  easing: EasingSchema.default('linear').meta({ description: 'From this keyframe to the next.' }),
});

export const AnimationSchema = z
  .strictObject({
    property: z
      .string()
      .regex(
        /^[a-zA-Z]+(\.([a-zA-Z]+|\d{1,3})){0,4}$/,
        'must name a field of the layer, such as x, shadow.blur or filters.0.amount',
      )
      .meta({
        description:
          'A field of the layer that is a number, a colour or a point, also in depth: opacity, anchor, shadow.blur, filters.0.amount, fill.stops.1.color. position stands for x and y.',
        example: 'y',
      }),
    keyframes: z.array(KeyframeSchema).min(1).max(LIMITS.keyframesPerAnimation),
    repeat: z
      .union([z.int().min(0).max(1_000_000), z.literal('forever')])
      .default(0)
      .meta({ description: 'How often it runs again after the first time.' }),
    alternate: z.boolean().default(false).meta({ description: 'Every second run goes backwards.' }),
    delayMs: numberBetween(0, LIMITS.animationMs)
      .default(0)
      .meta({ description: 'After the scene went on air.' }),
    fill: z.enum(['both', 'backwards', 'forwards', 'none']).default('both').meta({
      description:
        'Whether the first value holds before the delay is over (backwards), the last one after the end (forwards); else the field is as the layer has it.',
    }),
  })
  .refine(
    ({ keyframes }) =>
      keyframes.every((keyframe, i) => keyframe.atMs > (keyframes[i - 1]?.atMs ?? -1)),
    { path: ['keyframes'], message: 'must be in order of atMs, each later than the one before' },
  )
  .refine(
    ({ keyframes }) =>
      keyframes.every((keyframe) => typeof keyframe.value === typeof keyframes[0]?.value),
    { path: ['keyframes'], message: 'must all be numbers, all colours or all points' },
  )
  .meta({ id: 'Animation' });

export type Animation = z.infer<typeof AnimationSchema>;
