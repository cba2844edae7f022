import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { ColorSchema, EasingSchema, numberBetween } from './values.js';

/** A place, or whatever else has two numbers. */
export const PointSchema = z.strictObject({ x: z.number(), y: z.number() });
export type Point = z.infer<typeof PointSchema>;

export const KeyframeSchema = z.strictObject({
  atMs: numberBetween(0, LIMITS.animationMs),
  value: z.union([z.number(), ColorSchema, PointSchema]).meta({
    description: 'A number, a colour or {x, y}, depending on the type of the property.',
  }),
  easing: EasingSchema.default('linear').meta({
    description: 'Easing from this keyframe to the next.',
  }),
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
          'Path of a field of the layer that is a number, a colour or a point, such as opacity, anchor, shadow.blur, filters.0.amount or fill.stops.1.color. position stands for x and y.',
        example: 'y',
      }),
    keyframes: z.array(KeyframeSchema).min(1).max(LIMITS.keyframesPerAnimation),
    repeat: z
      .union([z.int().min(0).max(1_000_000), z.literal('forever')])
      .default(0)
      .meta({ description: 'Number of repetitions after the first run.' }),
    alternate: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether every second run is played backwards.' }),
    delayMs: numberBetween(0, LIMITS.animationMs)
      .default(0)
      .meta({ description: 'Delay after the scene has gone on air, in milliseconds.' }),
    fill: z.enum(['both', 'backwards', 'forwards', 'none']).default('both').meta({
      description:
        'Whether the first value applies during the delay (backwards) and the last value after the end (forwards). Otherwise the field has the value set in the layer.',
    }),
  })
  .refine(
    ({ keyframes }) =>
      keyframes.every((keyframe, i) => keyframe.atMs > (keyframes[i - 1]?.atMs ?? -1)),
    { path: ['keyframes'], message: 'must be in ascending order of atMs without duplicates' },
  )
  .refine(
    ({ keyframes }) =>
      keyframes.every((keyframe) => typeof keyframe.value === typeof keyframes[0]?.value),
    { path: ['keyframes'], message: 'must all be numbers, all colours or all points' },
  )
  .meta({ id: 'Animation' });

export type Animation = z.infer<typeof AnimationSchema>;
