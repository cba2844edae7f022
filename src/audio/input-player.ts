import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { type LiveSoundReader, type LiveSpan, samplesBetween } from '../memory/live-sound.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { SoundContent } from '../scene/sound/content.js';
import type { ContentPlayer } from './contents.js';

/** The sound of live inputs, as the mixer finds it. */
export interface InputSounds {
  /** Null: there is no such input. */
  readerOf(inputId: string): LiveSoundReader | null;
  /** When sample 0 of the clock is due on the monotonic clock, milliseconds. */
  readonly firstDueMs: number;
}

/** What begins or ends in the middle of something is faded over so many samples. */
const FADE = (5 * SAMPLE_RATE_HZ) / 1000;

/** How loud a sample may be for what is there before and after it, 0 to 1; negative: it is not there. */
function levelIn({ start, end }: LiveSpan, number: number): number {
  const [since, left] = [samplesBetween(start, number), samplesBetween(number, end)];
  if (since < 0 || left <= 0) return -1;
  return Math.min(1, (since + 1) / FADE, left / FADE);
}

/** The sound of a live input: at each sample what is due with it, and silence with a fade where nothing is. */
export class InputPlayer implements ContentPlayer {
  readonly beginsPlainly = false;
  readonly tracks = [];
  readonly #sounds: InputSounds;
  readonly #inputId: string;
  /** Of the last sample. */
  #level = 0;

  constructor(inputId: string, sounds: InputSounds) {
    this.#inputId = inputId;
    this.#sounds = sounds;
  }

  follow(content: SoundContent): boolean {
    return content.kind === 'input' && content.input === this.#inputId;
  }

  render(first: number, count: number, target: Float32Array): boolean {
    const { firstDueMs } = this.#sounds;
    const reader = this.#sounds.readerOf(this.#inputId);
    if (reader === null || Number.isNaN(firstDueMs)) return false;
    const begin = reader.numberAt(firstDueMs + (first * 1000) / SAMPLE_RATE_HZ);
    const [now, before] = reader.spans;
    let isHeard = this.#level > 0;
    for (let i = 0; i < count; i++) {
      const number = (begin + i) | 0;
      const allowed = Math.max(levelIn(now, number), levelIn(before, number));
      // It comes up no faster than by a fade; what ends has been coming down before its last sample.
      this.#level = Math.min(Math.max(0, allowed), this.#level + 1 / FADE);
      const level = this.#level;
      if (level > 0) isHeard = true;
      for (let channel = 0; channel < SOUND_CHANNELS; channel++)
        target[i * SOUND_CHANNELS + channel] =
          level === 0 ? 0 : level * reader.sample(number, channel);
    }
    return isHeard;
  }
}

/** For whoever mixes without any. */
export const NO_INPUTS: InputSounds = { readerOf: () => null, firstDueMs: NaN };
