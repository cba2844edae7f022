import fc from 'fast-check';
import { type Transition, TransitionSchema } from '../../src/scene/schema/transition.js';

/** How layers come and go. */
export const ways = fc.option(
  fc.oneof(
    fc.record({
      type: fc.constantFrom('fade' as const, 'pop' as const, 'scale' as const),
      durationMs: fc.integer({ min: 30, max: 400 }),
    }),
    fc.record({
      type: fc.constant('slide' as const),
      direction: fc.constantFrom('left' as const, 'right' as const, 'up' as const, 'down' as const),
      distance: fc.integer({ min: 0, max: 90 }),
    }),
  ),
  { nil: null, freq: 2 },
);

/** How an edit's values get to where they are put: some frames long; null: at once. */
export const transitions: fc.Arbitrary<Transition | null> = fc.option(
  fc
    .record({
      durationMs: fc.integer({ min: 1, max: 600 }),
      easing: fc.constantFrom('linear', 'ease-out-back', 'spring-wobbly', 'steps(3)'),
      delayMs: fc.constantFrom(0, 0, 60),
    })
    .map((fields) => TransitionSchema.parse(fields)),
  { nil: null, freq: 2 },
);
