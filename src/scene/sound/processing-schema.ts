import { z } from 'zod';
import { numberBetween } from '../schema/values.js';

/** What a strip does to its sound before the gain, in this order: high-pass, gate, equaliser, compressor. */

export const HighPassSchema = z
  .strictObject({
    frequencyHz: numberBetween(20, 2000).default(80).meta({
      description:
        'Frequency that comes out 3 dB lower, in Hz; what is below falls by 12 dB per octave (Butterworth).',
    }),
  })
  .meta({ id: 'SoundHighPass' });

export const GateSchema = z
  .strictObject({
    thresholdDb: numberBetween(-90, 0).default(-50).meta({
      description: 'Peak level from which the gate opens, in dBFS; the louder channel counts.',
    }),
    attackMs: numberBetween(0.1, 500).default(2).meta({
      description: 'Duration of the opening, in milliseconds; linear in amplitude.',
    }),
    holdMs: numberBetween(0, 5000).default(100).meta({
      description:
        'How long the gate stays open after the level was last above the threshold, in milliseconds. Half a period of the lowest sound at the least.',
    }),
    releaseMs: numberBetween(5, 5000)
      .default(200)
      .meta({ description: 'Duration of the closing, in milliseconds; linear in dB.' }),
    rangeDb: numberBetween(-90, 0)
      .default(-60)
      .meta({ description: 'Gain while the gate is closed, in dB.' }),
  })
  .meta({ id: 'SoundGate' });
export type GateSettings = z.infer<typeof GateSchema>;

const BandGain = numberBetween(-24, 24)
  .default(0)
  .meta({ description: 'Gain of the band in dB; 0 leaves it as it is.' });

function bandFrequency(defaultHz: number, description: string) {
  return numberBetween(20, 20_000).default(defaultHz).meta({ description });
}

export const EqualizerSchema = z
  .strictObject({
    low: z
      .strictObject({
        frequencyHz: bandFrequency(120, 'Middle of the slope of the low shelf, in Hz.'),
        gainDb: BandGain,
      })
      .prefault({}),
    mid: z
      .strictObject({
        frequencyHz: bandFrequency(1000, 'Middle of the peak, in Hz.'),
        gainDb: BandGain,
        q: numberBetween(0.1, 10).default(1).meta({
          description: 'Middle frequency of the peak divided by its width.',
        }),
      })
      .prefault({}),
    high: z
      .strictObject({
        frequencyHz: bandFrequency(8000, 'Middle of the slope of the high shelf, in Hz.'),
        gainDb: BandGain,
      })
      .prefault({}),
  })
  .meta({ id: 'SoundEqualizer' });

export const CompressorSchema = z
  .strictObject({
    thresholdDb: numberBetween(-60, 0).default(-24).meta({
      description: 'Peak level from which the gain is reduced, in dBFS; the louder channel counts.',
    }),
    ratio: numberBetween(1, 50).default(3).meta({
      description: 'How many dB above the threshold become one dB.',
    }),
    attackMs: numberBetween(0.1, 500).default(10).meta({
      description: 'Time in which a reduction of the gain gets 63 % of its way, in milliseconds.',
    }),
    releaseMs: numberBetween(5, 5000).default(150).meta({
      description: 'Time in which the gain gets 63 % of its way back, in milliseconds.',
    }),
    kneeDb: numberBetween(0, 30).default(6).meta({
      description: 'Width of the bend around the threshold, in dB; 0 is a corner.',
    }),
    makeupDb: numberBetween(0, 24)
      .default(0)
      .meta({ description: 'Gain after the compressor, in dB.' }),
  })
  .meta({ id: 'SoundCompressor' });
export type CompressorSettings = z.infer<typeof CompressorSchema>;

/** The fields of a strip that are for this; null: not used. */
export const PROCESSING_FIELDS = {
  highPass: HighPassSchema.nullable()
    .default(null)
    .meta({ description: 'Takes out low frequencies; null: does not.' }),
  gate: GateSchema.nullable()
    .default(null)
    .meta({ description: 'Turns down what is quiet; null: does not.' }),
  equalizer: EqualizerSchema.nullable()
    .default(null)
    .meta({ description: 'Three bands (low shelf, peak, high shelf); null: none.' }),
  compressor: CompressorSchema.nullable()
    .default(null)
    .meta({ description: 'Turns down what is loud; null: does not.' }),
};

/** How a strip shapes its sound. */
export type Processing = z.infer<z.ZodObject<typeof PROCESSING_FIELDS>>;
