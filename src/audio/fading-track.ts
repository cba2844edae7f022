import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { TrackReader } from './track-reader.js';

const WHOLE = Math.PI / 2;
const NOTHING = Math.PI;

/**
 * A track of a playlist that comes in, plays, or goes out. Its gain is the sine of an angle: 0 at the beginning of a fade-in, a
 * quarter turn while it plays as it is, half a turn when it is gone; of two that change places the powers add up to one. Where
 * one that comes in is sent away again, its gain goes back the way it came.
 */
export class FadingTrack {
  readonly reader: TrackReader;
  #angle: number;
  #goal: number;
  /** Per sample that is heard. */
  #step = 0;

  /** @param fadeSamples - how long it comes in; 0: it is there as it is */
  constructor(reader: TrackReader, fadeSamples: number) {
    this.reader = reader;
    this.#angle = fadeSamples > 0 ? 0 : WHOLE;
    this.#goal = WHOLE;
    if (fadeSamples > 0) this.#step = WHOLE / fadeSamples;
  }

  /** Goes out within so many samples. */
  leave(fadeSamples: number): void {
    this.#angle = Math.max(this.#angle, Math.PI - this.#angle);
    this.#goal = NOTHING;
    this.#step = (NOTHING - this.#angle) / Math.max(1, fadeSamples);
  }

  get isGone(): boolean {
    return this.#angle >= NOTHING || this.reader.isOver;
  }

  /**
   * Adds `count` samples from `first` of the media clock on to `target`. @param scratch - as long as `target`
   * @returns whether there were any
   */
  add(first: number, isWanted: boolean, target: Float32Array, scratch: Float32Array): boolean {
    const before = this.reader.position;
    const count = target.length / SOUND_CHANNELS;
    if (!this.reader.render(first, count, scratch, isWanted)) return false;
    const taken = this.reader.position - before;
    for (let i = 0; i < taken; i++) {
      // What is there as it is stays exact.
      const gain = this.#angle === WHOLE ? 1 : Math.sin(this.#angle);
      for (let channel = 0; channel < SOUND_CHANNELS; channel++) {
        const at = i * SOUND_CHANNELS + channel;
        target[at] = (target[at] ?? 0) + (scratch[at] ?? 0) * gain;
      }
      this.#angle = Math.min(this.#goal, this.#angle + this.#step);
    }
    return true;
  }
}
