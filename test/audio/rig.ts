import { NO_INPUTS } from '../../src/audio/input-player.js';
import { firstSample, SAMPLE_RATE_HZ } from '../../src/core/media-clock.js';
import type { FrameRate } from '../../src/core/rational.js';
import type { PlayedSound } from '../../src/audio/contract.js';
import { MIX_AHEAD_SAMPLES, Mixer, type SoundPart } from '../../src/audio/mixer.js';
import { SOUND_CHANNELS } from '../../src/memory/sound-ring.js';
import { type AirSound, SoundSchema } from '../../src/scene/sound/schema.js';

export const RATE_60: FrameRate = { num: 60, den: 1 };

/** A sound as the API would take it: what is left out is as usual. */
export function soundOf(fields: object): AirSound {
  return { ...SoundSchema.parse(fields), sceneLevels: {} };
}

/** Program time of sample 0, milliseconds. */
export const START_MS = 1_700_000_000_000;

export function timeOf(sample: number): number {
  return START_MS + (sample * 1000) / SAMPLE_RATE_HZ;
}

/** Mixes samples 0 to `end`, cut at the given samples; `soundAt` says what holds from each of them on. */
export function mixAll(
  cuts: readonly number[],
  soundAt: (first: number) => AirSound,
): Float32Array {
  const end = cuts.at(-1) ?? 0;
  const mixer = new Mixer({ render: () => false }, NO_INPUTS, () => undefined);
  const all = new Float32Array((end + MIX_AHEAD_SAMPLES) * SOUND_CHANNELS);
  let at = 0;
  const add = (part: SoundPart): void => {
    const samples = part.span.end - part.span.first;
    mixer.mix([part], all.subarray(at, at + samples * SOUND_CHANNELS));
    at += samples * SOUND_CHANNELS;
  };
  // The same sound is the same message.
  const played = new Map<AirSound, PlayedSound>();
  const playedAt = (sample: number): PlayedSound => {
    const sound = soundAt(sample);
    const known = played.get(sound) ?? { sound, tracks: {} };
    played.set(sound, known);
    return known;
  };
  let first = 0;
  for (const cut of [...cuts, end + MIX_AHEAD_SAMPLES]) {
    if (cut > first) add({ span: { first, end: cut }, played: playedAt(first), timeOf });
    first = Math.max(first, cut);
  }
  // What comes out first was never put in.
  return all.subarray(MIX_AHEAD_SAMPLES * SOUND_CHANNELS);
}

/** The ends of the first frames of a rate, in samples. */
export function frameEnds(frames: number, rate: FrameRate): number[] {
  return Array.from({ length: frames }, (_, n) => firstSample(n + 1, rate));
}

export function channelOf(samples: Float32Array, channel: 0 | 1): Float32Array {
  return Float32Array.from(
    { length: samples.length / SOUND_CHANNELS },
    (_, i) => samples[i * SOUND_CHANNELS + channel] ?? NaN,
  );
}

/** The amplitude of a sine of a frequency in samples that hold whole periods of it. */
export function sineAmplitude(samples: Float32Array, frequencyHz: number): number {
  let [sine, cosine] = [0, 0];
  samples.forEach((value, i) => {
    const angle = (2 * Math.PI * frequencyHz * i) / SAMPLE_RATE_HZ;
    sine += value * Math.sin(angle);
    cosine += value * Math.cos(angle);
  });
  return (2 * Math.hypot(sine, cosine)) / samples.length;
}

export function toDb(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}

/** The largest step from a sample to the next. */
export function largestStep(samples: Float32Array): number {
  return samples.reduce(
    (most, value, i) => (i === 0 ? most : Math.max(most, Math.abs(value - (samples[i - 1] ?? 0)))),
    0,
  );
}
