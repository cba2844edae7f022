import { z } from 'zod';
import type { Meter, MixerStats, StripMeter } from '../../audio/contract.js';
import { IdSchema } from '../../scene/schema/values.js';
import { amplitudeInDb } from '../../scene/sound/levels.js';

const Decibels = z.number().nullable().meta({ description: 'dBFS; null: silence.' });
const Loudness = z.number().nullable().meta({
  description: 'LUFS (EBU R 128); null: too quiet to count, or not measured for long enough.',
});
const Pair = z.strictObject({ left: Decibels, right: Decibels });
const Reduction = z.number().meta({
  description:
    'Most by which the gate and the compressor of the strip turned its sound down, in dB; 0: not at all.',
});
const LevelsSchema = z.strictObject({ rms: Pair, peak: Pair });
const MeterSchema = LevelsSchema.extend({ reductionDb: Reduction }).meta({ id: 'AudioMeter' });

export const MetersSchema = z
  .strictObject({
    sources: z.record(IdSchema, MeterSchema),
    buses: z.record(IdSchema, MeterSchema),
    master: z
      .strictObject({
        ...MeterSchema.shape,
        loudnessGainDb: z.number().meta({
          description: 'By how much the mix is turned up for its loudness target, in dB.',
        }),
        truePeak: Decibels.meta({
          description: 'True peak (ITU-R BS.1770) in dBTP; null: silence.',
        }),
        momentaryLufs: Loudness,
        shortTermLufs: Loudness,
        integratedLufs: Loudness.meta({
          description:
            'Loudness since the program clock started, in LUFS; null: too quiet to count.',
        }),
      })
      .nullable()
      .meta({ description: 'What is sent, after the limiter. Null while nothing has been mixed.' }),
  })
  .meta({ id: 'AudioMeters' });
export type Meters = z.output<typeof MetersSchema>;

function toLevels({ rms, peak }: Meter): z.output<typeof LevelsSchema> {
  const pair = ([left, right]: Meter['rms']): z.output<typeof Pair> => {
    return { left: amplitudeInDb(left), right: amplitudeInDb(right) };
  };
  return { rms: pair(rms), peak: pair(peak) };
}

/** In hundredths. */
function rounded(db: number): number {
  return Math.round(db * 100) / 100;
}

function toMeter(meter: StripMeter): z.output<typeof MeterSchema> {
  return { ...toLevels(meter), reductionDb: rounded(meter.reductionDb) };
}

/** What the mixer has reported last, for people. @param stats - null: nothing yet */
export function toMeters(stats: MixerStats | null): Meters {
  const entries = Object.entries(stats?.strips ?? {});
  const of = (prefix: string): Record<string, z.output<typeof MeterSchema>> =>
    Object.fromEntries(
      entries.flatMap(([key, meter]) =>
        key.startsWith(prefix) ? [[key.slice(prefix.length), toMeter(meter)]] : [],
      ),
    );
  if (stats === null) return { sources: {}, buses: {}, master: null };
  const { momentary, shortTerm, integrated } = stats.loudness;
  return {
    sources: of('source:'),
    buses: of('bus:'),
    master: {
      ...toLevels(stats.output),
      reductionDb: rounded(stats.strips['master']?.reductionDb ?? 0),
      loudnessGainDb: rounded(stats.loudnessGainDb),
      truePeak: amplitudeInDb(stats.truePeak),
      momentaryLufs: momentary,
      shortTermLufs: shortTerm,
      integratedLufs: integrated,
    },
  };
}
