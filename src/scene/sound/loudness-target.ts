import { z } from 'zod';
import { numberBetween } from '../schema/values.js';

/** Where the loudness of the program is to be. */
export const LoudnessTargetSchema = z
  .strictObject({
    targetLufs: numberBetween(-36, -10).default(-16).meta({
      description: 'Loudness that the mix is brought to, in LUFS (EBU R 128).',
    }),
    maxGainDb: numberBetween(0, 24).default(12).meta({
      description: 'Most by which the mix is turned up or down for it, in dB.',
    }),
  })
  .meta({ id: 'SoundLoudnessTarget' });
export type LoudnessTarget = z.infer<typeof LoudnessTargetSchema>;
