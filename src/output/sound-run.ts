import { firstSample } from '../core/media-clock.js';
import type { FrameRate } from '../core/rational.js';
import { AUDIO_CHANNELS } from './matroska/header.js';

/** Sound that follows on what was sent before: interleaved stereo floats from a sample of the media clock on. */
export type SoundRun = { readonly first: number; readonly samples: Float32Array };

/** The silence of frame `n`. */
export function silenceOf(n: number, rate: FrameRate): SoundRun {
  const first = firstSample(n, rate);
  return { first, samples: new Float32Array((firstSample(n + 1, rate) - first) * AUDIO_CHANNELS) };
}
