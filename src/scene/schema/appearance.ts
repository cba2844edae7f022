import { z } from 'zod';
import { activeMs } from '../animation.js';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { AnimationSchema } from './animation.js';
import { DirectionSchema } from './direction.js';
import { EasingSchema, numberBetween } from './values.js';

const WaySchema = DirectionSchema.meta({ description: 'Direction of the movement.' });

function timing(easing: string) {
  return {
    durationMs: numberBetween(0, LIMITS.transitionMs).default(400),
    delayMs: numberBetween(0, LIMITS.transitionMs).default(0),
    easing: EasingSchema.default(easing),
  };
}

const FadeSchema = z
  .boolean()
  .default(true)
  .meta({ description: 'Whether the opacity changes as well.' });

const FromScaleSchema = numberBetween(0, LIMITS.scale).meta({
  description: 'Scale of the hidden layer as a fraction of its own scale.',
});

const KeyframesSchema = z.strictObject({
  type: z.literal('keyframes'),
  animations: z
    .array(
      AnimationSchema.refine((animation) => Number.isFinite(activeMs(animation)), {
        path: ['repeat'],
        message: 'must not repeat forever here',
      }),
    )
    .min(1)
    .max(LIMITS.animationsPerLayer)
    .meta({
      description:
        'Animations whose times count from the moment of appearing or disappearing. A running animation determines the value of its field.',
    }),
});

/** The ways to come; the ways to go are the same backwards, with easings that start gently. */
function waysOf(easing: string, popEasing: string) {
  return [
    z.strictObject({ type: z.literal('fade'), ...timing(easing) }),
    z.strictObject({
      type: z.literal('slide'),
      direction: WaySchema,
      distance: numberBetween(0, LIMITS.offsetPx)
        .default(120)
        .meta({ description: 'Distance in pixels of the scene or of the enclosing group.' }),
      fade: FadeSchema,
      ...timing(easing),
    }),
    z.strictObject({
      type: z.literal('scale'),
      scale: FromScaleSchema.default(0.8),
      fade: FadeSchema,
      ...timing(easing),
    }),
    z.strictObject({
      type: z.literal('pop'),
      scale: FromScaleSchema.default(0),
      ...timing(popEasing),
    }),
    KeyframesSchema,
  ] as const;
}

const [fadeIn, slideIn, scaleIn, popIn, keyframesIn] = waysOf('ease-out-cubic', 'ease-out-back');

const OccasionsSchema = z
  .array(z.enum(['create', 'show', 'activate']))
  .min(1)
  .default(['create', 'show', 'activate'])
  .meta({
    description:
      'Events that start the animation. create: the layer is created in its scene. show: it becomes visible. activate: its scene goes on air.',
  });

const ON = { on: OccasionsSchema };

/** How a layer comes. */
export const EnterSchema = z
  .discriminatedUnion('type', [
    fadeIn.extend(ON),
    slideIn.extend(ON),
    scaleIn.extend(ON),
    popIn.extend(ON),
    keyframesIn.extend(ON),
  ])
  .meta({ id: 'Enter', example: { type: 'slide', direction: 'up' } });
export type Enter = z.infer<typeof EnterSchema>;

/** How a layer goes when it is removed or hidden: it is drawn until that has ended. */
export const ExitSchema = z
  .discriminatedUnion('type', waysOf('ease-in-cubic', 'ease-in-back'))
  .meta({ id: 'Exit', example: { type: 'fade', durationMs: 250 } });
export type Exit = z.infer<typeof ExitSchema>;
