import { RESAMPLER_TAPS, Resampler } from '../core/resampler.js';
import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { LiveSoundWriter } from '../memory/live-sound.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';

/** Of what has come and is still resampled, a power of two samples: more than a packet has. */
const KEPT = 1 << 16;
const BEFORE = RESAMPLER_TAPS / 2 - 1;
const AFTER = RESAMPLER_TAPS / 2;

/** Timestamps of sound that follow on each other may be off by so much, milliseconds: some formats know milliseconds only. */
const TIMESTAMP_SLACK_MS = 30;

/** How much of such a difference is made up for with each packet: a clock that goes wrong is followed. */
const TIMESTAMP_GAIN = 0.02;

/** What is so far from its place begins anew there, samples; less is made up for. */
const JUMP = 0.04 * SAMPLE_RATE_HZ;

/** A difference is made up for within this many samples, and no faster than by this part. */
const CATCH_UP = SAMPLE_RATE_HZ / 2;
const MAX_STRETCH = 0.006;

/** Puts the sound of an input where it is due: stretched by as much as its clock differs from ours. */
export class InputSound {
  readonly #writer: LiveSoundWriter;
  readonly #resampler = new Resampler();
  readonly #kept = new Float32Array(KEPT * SOUND_CHANNELS);
  /** Samples that have come, since it was begun. */
  #received = 0;
  /** Which of them comes next, with its fraction. */
  #next = 0;
  /** The timestamp of sample 0, milliseconds; null: nothing has come. */
  #originMs: number | null = null;
  /** Where the next one goes; null: wherever it is due. */
  #place: number | null = null;

  constructor(memory: SharedArrayBuffer) {
    this.#writer = new LiveSoundWriter(memory);
  }

  /**
   * Takes samples that follow on those before, or not.
   * @param samples - left and right, in turn
   * @param dueMsOf - when a timestamp is due on the monotonic clock
   */
  take(ptsMs: number, samples: Float32Array, dueMsOf: (ptsMs: number) => number): void {
    this.#follow(ptsMs);
    const count = samples.length / SOUND_CHANNELS;
    for (let i = 0; i < count; i++) {
      const at = ((this.#received + i) % KEPT) * SOUND_CHANNELS;
      this.#kept[at] = samples[i * SOUND_CHANNELS] ?? 0;
      this.#kept[at + 1] = samples[i * SOUND_CHANNELS + 1] ?? 0;
    }
    this.#received += count;
    this.#write(dueMsOf);
  }

  /** What comes next goes where it is due, at once: its place may be another than what came before would lead to. */
  realign(): void {
    this.#place = null;
  }

  /** What comes next does not follow on what came. */
  restart(): void {
    this.#originMs = null;
  }

  #follow(ptsMs: number): void {
    const expectedMs = (this.#originMs ?? 0) + (this.#received * 1000) / SAMPLE_RATE_HZ;
    const offMs = ptsMs - expectedMs;
    if (this.#originMs !== null && Math.abs(offMs) <= TIMESTAMP_SLACK_MS) {
      this.#originMs += offMs * TIMESTAMP_GAIN;
      return;
    }
    this.#received = BEFORE;
    this.#kept.fill(0);
    this.#originMs = ptsMs - (BEFORE * 1000) / SAMPLE_RATE_HZ;
    this.#next = BEFORE;
    this.#place = null;
  }

  #write(dueMsOf: (ptsMs: number) => number): void {
    const originMs = this.#originMs ?? 0;
    const dueMs = dueMsOf(originMs + (this.#next * 1000) / SAMPLE_RATE_HZ);
    const wanted = this.#writer.placeOf(dueMs);
    if (this.#place === null || Math.abs(wanted - this.#place) > JUMP) {
      this.#place = Math.round(wanted);
      this.#writer.beginRun(this.#place);
    }
    const behind = (wanted - this.#place) / CATCH_UP;
    const step = 1 - Math.max(-MAX_STRETCH, Math.min(MAX_STRETCH, behind));
    while (this.#next + AFTER < this.#received) {
      const whole = Math.floor(this.#next);
      this.#resampler.turnTo(this.#next - whole);
      const first = whole - BEFORE;
      this.#writer.put(
        this.#resampler.at(this.#kept, first, 0, SOUND_CHANNELS),
        this.#resampler.at(this.#kept, first, 1, SOUND_CHANNELS),
      );
      this.#next += step;
      this.#place += 1;
    }
    this.#writer.publish();
  }
}
