import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { DirectionSchema } from './direction.js';
import { ColorSchema, EasingSchema, IdSchema, numberBetween } from './values.js';

const TIMING = {
  durationMs: numberBetween(1, LIMITS.transitionMs).default(500),
  easing: EasingSchema.default('ease-in-out'),
};

const WaySchema = DirectionSchema.default('left').meta({
  description: 'Direction of the movement.',
});

const SoftnessSchema = numberBetween(0, 1).default(0.05).meta({
  description: 'Width of the soft edge as a fraction of the distance it travels.',
});

const CenterSchema = z
  .strictObject({ x: numberBetween(0, 1).default(0.5), y: numberBetween(0, 1).default(0.5) })
  .prefault({})
  .meta({ description: 'Centre as fractions of the frame size.' });

/** How one scene gives way to another on air. */
export const SceneTransitionSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('cut') }),
    z.strictObject({ type: z.literal('fade'), ...TIMING }),
    z
      .strictObject({
        type: z.literal('fade-color'),
        color: ColorSchema.default('#000000'),
        ...TIMING,
      })
      .meta({ description: 'Fades to a colour and from there to the new scene.' }),
    z
      .strictObject({ type: z.literal('slide'), direction: WaySchema, ...TIMING })
      .meta({ description: 'The new scene slides in over the old one.' }),
    z
      .strictObject({ type: z.literal('push'), direction: WaySchema, ...TIMING })
      .meta({ description: 'The new scene pushes the old one out.' }),
    z.strictObject({
      type: z.literal('wipe'),
      direction: WaySchema,
      softness: SoftnessSchema,
      ...TIMING,
    }),
    z
      .strictObject({
        type: z.literal('iris'),
        center: CenterSchema,
        softness: SoftnessSchema,
        ...TIMING,
      })
      .meta({ description: 'The new scene is revealed by a growing circle.' }),
    z
      .strictObject({
        type: z.literal('zoom'),
        direction: z.enum(['in', 'out']).default('in'),
        scale: numberBetween(1, 20).default(2),
        center: CenterSchema,
        ...TIMING,
      })
      .meta({
        description:
          'in: the old scene grows to `scale` and fades out. out: the new scene shrinks from `scale` and fades in.',
      }),
    z
      .strictObject({
        type: z.literal('luma'),
        asset: IdSchema,
        softness: SoftnessSchema,
        inverted: z.boolean().default(false),
        ...TIMING,
      })
      .meta({
        description: 'A wipe in the order given by the brightness of a picture, dark parts first.',
      }),
    z
      .strictObject({
        type: z.literal('stinger'),
        asset: IdSchema,
        durationMs: numberBetween(1, LIMITS.transitionMs).default(1000),
        cutAtMs: numberBetween(0, LIMITS.transitionMs).default(500).meta({
          description:
            'Time of the cut between the scenes, in milliseconds; choose a moment at which the stinger covers the whole frame.',
        }),
      })
      .refine(({ cutAtMs, durationMs }) => cutAtMs <= durationMs, {
        path: ['cutAtMs'],
        message: 'must not be later than durationMs',
      })
      .meta({ description: 'Plays an animated picture over a cut.' }),
  ])
  .meta({ id: 'SceneTransition', example: { type: 'wipe', direction: 'right', softness: 0.1 } });
export type SceneTransition = z.infer<typeof SceneTransitionSchema>;
/** A scene transition as a user writes it. */
export type SceneTransitionInput = z.input<typeof SceneTransitionSchema>;
