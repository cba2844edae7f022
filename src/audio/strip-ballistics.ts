import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { HEARD_FIELDS } from '../memory/heard-sound.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import { LEVEL_FLOOR_DB, shareOf } from '../scene/sound/heard.js';

/** How fast a peak falls: 20 dB in 0.6 s, dB a second. */
const PEAK_FALL_DB = 20 / 0.6;
/** How long a peak is held before it falls, seconds. */
const HOLD_SECONDS = 1;
/** In which the mean square falls to 37 %, seconds: less than the length of a syllable. */
const RMS_SECONDS = 0.12;
/** As loud as somebody who begins to speak, and as quiet as a break, root mean square in dBFS. */
const SPEAKING_DB = -45;
const QUIET_DB = -50;
/** A break of this length is none, seconds. */
const BREAK_SECONDS = 0.3;

/** Below this everything is silence, amplitude: so that nothing lingers in the smallest of numbers. */
const NOTHING = 1e-7;

function audible(value: number): number {
  return value > NOTHING ? value : 0;
}

function toDb(square: number): number {
  return 10 * Math.log10(square);
}

/**
 * How loud a strip looks, frame by frame: rises at once, so that what is heard with a frame is seen with it, and falls slowly.
 * What comes out follows from the samples alone.
 */
export class StripBallistics {
  readonly #squares = new Float64Array(SOUND_CHANNELS);
  readonly #peaks = new Float64Array(SOUND_CHANNELS);
  #samples = 0;
  readonly #peak = new Float64Array(SOUND_CHANNELS);
  readonly #held = new Float64Array(SOUND_CHANNELS);
  readonly #heldSeconds = new Float64Array(SOUND_CHANNELS);
  readonly #mean = new Float64Array(SOUND_CHANNELS);
  #isSpeaking = false;
  #quietSeconds = 0;

  /** Adds samples to the frame. @param sums - sums of squares by channel, then largest amplitudes; see `LevelMeter` */
  add(sums: Float64Array, count: number): void {
    for (let channel = 0; channel < SOUND_CHANNELS; channel++) {
      const square = sums[channel] ?? 0;
      const peak = sums[SOUND_CHANNELS + channel] ?? 0;
      // What is not a number is no sound.
      if (square > 0) this.#squares[channel] = (this.#squares[channel] ?? 0) + square;
      if (peak > (this.#peaks[channel] ?? 0)) this.#peaks[channel] = peak;
    }
    this.#samples += count;
  }

  /** Ends the frame. Puts what it looks like into `values`: peak, held peak and RMS of both channels, level, speaking. */
  end(values: Float32Array): void {
    const seconds = this.#samples / SAMPLE_RATE_HZ;
    let loudest = 0;
    let loudestNow = 0;
    for (let channel = 0; channel < SOUND_CHANNELS; channel++) {
      const square = this.#samples === 0 ? 0 : (this.#squares[channel] ?? 0) / this.#samples;
      this.#follow(channel, square, seconds);
      loudestNow = Math.max(loudestNow, square);
      loudest = Math.max(loudest, this.#mean[channel] ?? 0);
      values[channel] = this.#peak[channel] ?? 0;
      values[SOUND_CHANNELS + channel] = this.#held[channel] ?? 0;
      values[2 * SOUND_CHANNELS + channel] = Math.sqrt(this.#mean[channel] ?? 0);
    }
    this.#listen(loudestNow, seconds);
    values[HEARD_FIELDS - 2] = shareOf(Math.sqrt(loudest), LEVEL_FLOOR_DB);
    values[HEARD_FIELDS - 1] = this.#isSpeaking ? 1 : 0;
    this.#squares.fill(0);
    this.#peaks.fill(0);
    this.#samples = 0;
  }

  #follow(channel: number, square: number, seconds: number): void {
    const now = this.#peaks[channel] ?? 0;
    const fall = 10 ** ((-PEAK_FALL_DB * seconds) / 20);
    const peak = Math.max(now, audible((this.#peak[channel] ?? 0) * fall));
    this.#peak[channel] = peak;
    const held = this.#held[channel] ?? 0;
    if (peak >= held) {
      this.#held[channel] = peak;
      this.#heldSeconds[channel] = 0;
    } else {
      this.#heldSeconds[channel] = (this.#heldSeconds[channel] ?? 0) + seconds;
      if ((this.#heldSeconds[channel] ?? 0) > HOLD_SECONDS)
        this.#held[channel] = Math.max(peak, audible(held * fall));
    }
    const mean = this.#mean[channel] ?? 0;
    const falling = square + (mean - square) * Math.exp(-seconds / RMS_SECONDS);
    this.#mean[channel] = square >= mean ? square : falling > NOTHING ** 2 ? falling : 0;
  }

  #listen(square: number, seconds: number): void {
    const db = toDb(square);
    if (db > QUIET_DB) this.#quietSeconds = 0;
    else this.#quietSeconds += seconds;
    if (db > SPEAKING_DB) this.#isSpeaking = true;
    else if (this.#quietSeconds > BREAK_SECONDS) this.#isSpeaking = false;
  }
}
