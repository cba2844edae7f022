import {
  createTrackMemory,
  lendAgain,
  type TrackMemory,
  trackSamplesOf,
} from '../memory/track-ring.js';

const TICK_MS = 1000;
/**
 * How long memory rests before it is lent again, ticks: the longest crossfade, and time for a thread that does not answer to be
 * ended. Ticks and not milliseconds: while the whole process is stopped, none passes.
 */
const REST_TICKS = 15;
/** What is kept for tracks to come, bytes: some ten seconds' worth of short clips. */
const MOST_IDLE_BYTES = 16 * 1024 * 1024;

/** Lends the memory of tracks, and lends it again when they are over. What is too much is left to the collector. */
export class TrackMemories {
  #resting: { readonly memory: TrackMemory; ticks: number }[] = [];
  #idle: TrackMemory[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => {
      this.tick();
    }, TICK_MS);
    this.#timer.unref();
  }

  /** @param samples - room for so many, a power of two */
  take(samples: number): TrackMemory {
    const index = this.#idle.findIndex((memory) => trackSamplesOf(memory) === samples);
    const [idle] = index < 0 ? [] : this.#idle.splice(index, 1);
    return idle === undefined ? createTrackMemory(samples) : lendAgain(idle);
  }

  /** The track that it was lent to is over, or is not wanted any more. */
  giveBack(memory: TrackMemory): void {
    this.#resting.push({ memory, ticks: REST_TICKS });
  }

  /** One second has passed. */
  tick(): void {
    for (const resting of this.#resting) resting.ticks--;
    const rested = this.#resting.filter(({ ticks }) => ticks <= 0).map(({ memory }) => memory);
    this.#resting = this.#resting.filter(({ ticks }) => ticks > 0);
    this.#idle = [...rested, ...this.#idle];
    let bytes = 0;
    this.#idle = this.#idle.filter(({ buffer }) => (bytes += buffer.byteLength) <= MOST_IDLE_BYTES);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
