import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { Ducking } from '../scene/sound/ducking.js';

function samplesOf(ms: number): number {
  return (ms * SAMPLE_RATE_HZ) / 1000;
}

/**
 * One rule of ducking at work: listens to a bus, and says by which factor another one is turned down, sample by sample. The
 * gain falls and comes back in straight lines of dB.
 */
export class Ducker {
  /** Factors of the last samples that it has heard. */
  readonly factors: Float32Array;
  #rule: Ducking;
  #gainDb = 0;
  #factor = 1;
  /** For how many samples more it stays down. */
  #holds = 0;
  #isLeaving = false;
  /** The gain moves by so much within the times of the rule, dB: it is deeper than the rule has it where that was changed. */
  #spanDb: number;
  #isDown = false;

  /** @param maxSamples - most samples that are heard at once */
  constructor(rule: Ducking, maxSamples: number) {
    this.#rule = rule;
    this.#spanDb = Math.abs(rule.gainDb);
    this.factors = new Float32Array(maxSamples);
  }

  get rule(): Ducking {
    return this.#rule;
  }

  /** What is on its way goes on from where it is. */
  follow(rule: Ducking): void {
    this.#rule = rule;
    this.#spanDb = Math.max(Math.abs(rule.gainDb), Math.abs(this.#gainDb));
    this.#isLeaving = false;
  }

  /** The rule is gone: the bus comes back as it would in silence. */
  leave(): void {
    this.#isLeaving = true;
    this.#holds = 0;
  }

  /** Whether nothing is turned down by it. */
  get isIdle(): boolean {
    return this.#gainDb === 0;
  }

  /** Whether any of the factors is not 1. */
  get isDown(): boolean {
    return this.#isDown;
  }

  /** Hears `count` stereo samples, and leaves as many factors. */
  hear(samples: Float32Array, count: number): void {
    const { aboveDb, gainDb, attackMs, holdMs, releaseMs } = this.#rule;
    const threshold = 10 ** (aboveDb / 20);
    const down = this.#spanDb / samplesOf(attackMs);
    const up = this.#spanDb / samplesOf(releaseMs);
    const holds = samplesOf(holdMs);
    const isListening = !this.#isLeaving;
    // In variables of the loop: each number that is put into a field is an object for the collector.
    let [ownDb, factor, left] = [this.#gainDb, this.#factor, this.#holds];
    for (let i = 0; i < count; i++) {
      const at = i * SOUND_CHANNELS;
      const loud = Math.max(Math.abs(samples[at] ?? 0), Math.abs(samples[at + 1] ?? 0));
      // The sample itself counts, and then as many as are held.
      if (loud >= threshold && isListening) left = holds + 1;
      const wanted = left > 0 ? gainDb : 0;
      if (left > 0) left--;
      if (ownDb !== wanted) {
        ownDb = ownDb > wanted ? Math.max(wanted, ownDb - down) : Math.min(wanted, ownDb + up);
        factor = 10 ** (ownDb / 20);
      }
      this.factors[i] = factor;
    }
    this.#isDown = this.#gainDb < 0 || ownDb < 0;
    this.#gainDb = ownDb;
    this.#factor = factor;
    this.#holds = left;
  }
}
