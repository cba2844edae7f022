import { z } from 'zod';
import { IdSchema, NameSchema, numberBetween } from '../schema/values.js';

const LONGEST_MS = 30_000;

/** While something is heard on one bus, another one is turned down. */
export const DuckingSchema = z
  .strictObject({
    id: IdSchema,
    name: NameSchema.default(''),
    when: IdSchema.meta({ description: 'Bus that is listened to.' }),
    aboveDb: numberBetween(-90, 0)
      .default(-40)
      .meta({ description: 'Peak level of that bus from which the rule takes effect, in dBFS.' }),
    bus: IdSchema.meta({ description: 'Bus that is turned down.' }),
    gainDb: numberBetween(-80, 0)
      .default(-14)
      .meta({ description: 'Gain of the other bus while the rule is in effect, in dB.' }),
    attackMs: numberBetween(5, LONGEST_MS)
      .default(100)
      .meta({ description: 'Duration of the way down, in milliseconds; linear in dB.' }),
    holdMs: numberBetween(0, LONGEST_MS).default(400).meta({
      description:
        'How long the bus stays down after the level was last above the threshold, in milliseconds.',
    }),
    releaseMs: numberBetween(5, LONGEST_MS)
      .default(1000)
      .meta({ description: 'Duration of the way back, in milliseconds; linear in dB.' }),
  })
  .meta({ id: 'AudioDucking' });
export type Ducking = z.infer<typeof DuckingSchema>;
