import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { PcmFormat, PushEvent } from './contract.js';
import { PcmReader } from './pcm.js';
import { Resampler, RESAMPLER_TAPS } from '../core/resampler.js';

/** What a buffer holds at the most when nobody says otherwise, seconds. */
const CAPACITY_SECONDS = 30;
/** Its sender is warned when so much of it is taken, and again when it was below half in between. */
const NEARLY_FULL = 0.8;
const HALF_EMPTY = 0.5;

/** Marks that may wait. */
const MOST_MARKS = 1000;

/** How long the voice takes to fall silent where samples end, and to come back, samples. */
const FADE_SAMPLES = 0.005 * SAMPLE_RATE_HZ;

/** What is off from the target is made up for in about this time, seconds; a clock that is off is learnt in some more. */
const SETTLE_SECONDS = 16;
const LEARN_SECONDS = 60;
/** Most by which samples are played faster or slower: a twelfth of a semitone. */
const MOST_CORRECTION = 0.005;
/** A sender that is ahead by more than this does not send as it speaks: what it sends is played as it is, seconds. */
const AHEAD_SECONDS = 1;
/** Part of the latency that the highest fill is led to: what comes sooner than anything before is still within it. */
const GOAL = 0.85;
/** The fill is measured as the highest within such spans, seconds, of which the last few count. */
const MEASURE_SECONDS = 2;
const MEASURES = 8;

type Mark = { readonly id: string; position: number; isDropped: boolean };

export type PushBufferOptions = {
  readonly format: PcmFormat;
  /** What it holds at the most, seconds. Default: 30. */
  readonly capacitySeconds?: number;
  /** Told what the sender is to know. @param sample - of the media clock */
  readonly report: (event: PushEvent, sample: number | null) => void;
};

/**
 * What one sender has sent and what has not been played: samples in, at any pace; samples of the media clock out, with a
 * resampler that follows the sender's clock. Starts to play when the first sample has waited for the latency, or when as
 * much is there; falls silent with a fade where samples end, and starts anew.
 */
export class PushBuffer {
  readonly #options: PushBufferOptions;
  readonly #reader: PcmReader;
  readonly #resampler = new Resampler();
  readonly #channels: number;
  /** Interleaved; a power of two of samples. */
  readonly #ring: Float32Array;
  readonly #ringSamples: number;
  readonly #capacity: number;
  /** Samples that were taken in, in all. */
  #written = 0;
  /** The place that is played next, in samples of the sender. */
  #position = 0;
  #latencySeconds = 0.2;
  #isPlaying = false;
  /** Samples of the media clock for which the first sample has waited. */
  #waited = 0;
  #gain = 0;
  #isEnding = false;
  #isWarned = false;
  /** Samples that found no room since the sender was told so last. */
  #leftOut = 0;
  readonly #marks: Mark[] = [];
  #correction = 0;
  #highest = 0;
  #measuredFor = 0;
  /** Of the last spans, seconds. */
  #fills: readonly number[] = [];
  /** How much faster the sender's clock is than ours, as far as it is known. */
  #drift = 0;
  #isFedAhead = false;
  /** When what waits began to come, and when it came last, milliseconds of a steady clock. */
  #cameFromMs = 0;
  #cameUntilMs = 0;
  /** The sample of the media clock that is rendered next, unless the clock has stood still meanwhile. */
  #nextSample: number | null = null;

  constructor(options: PushBufferOptions) {
    const { rateHz, channels } = options.format;
    const { capacitySeconds = CAPACITY_SECONDS } = options;
    this.#options = options;
    this.#reader = new PcmReader(options.format);
    this.#channels = channels;
    this.#capacity = capacitySeconds * rateHz;
    this.#ringSamples = 2 ** Math.ceil(Math.log2(this.#capacity + RESAMPLER_TAPS));
    this.#ring = new Float32Array(this.#ringSamples * channels);
  }

  /** What waits to be played, milliseconds. */
  get bufferedMs(): number {
    return (this.#available * 1000) / this.#options.format.rateHz;
  }

  /**
   * Takes in what was sent; what finds no room is left out, and its sender told.
   * @param nowMs - when it came, by a steady clock
   */
  write(chunk: Uint8Array, nowMs = performance.now()): void {
    const samples = this.#reader.read(chunk);
    const sent = samples.length / this.#channels;
    if (sent === 0) return;
    this.#isEnding = false;
    if (this.#available === 0) this.#cameFromMs = nowMs;
    this.#cameUntilMs = nowMs;
    const taken = Math.min(sent, Math.floor(this.#capacity - this.#available));
    for (let i = 0; i < taken; i++) {
      const place = (this.#written + i) & (this.#ringSamples - 1);
      for (let channel = 0; channel < this.#channels; channel++)
        this.#ring[place * this.#channels + channel] = samples[i * this.#channels + channel] ?? 0;
    }
    this.#written += taken;
    this.#highest = Math.max(this.#highest, this.#available);
    this.#warn(sent - taken);
  }

  /** Whatever has not been played is not played any more: silent within the fade. */
  flush(): void {
    const fade = Math.ceil((FADE_SAMPLES * this.#options.format.rateHz) / SAMPLE_RATE_HZ);
    this.#written = Math.min(
      this.#written,
      Math.floor(this.#position) + (this.#isPlaying ? fade : 0),
    );
    this.#position = Math.min(this.#position, this.#written);
    this.#isEnding = true;
    this.#isWarned = false;
    this.#reader.reset();
    for (const mark of this.#marks) {
      mark.isDropped ||= mark.position > this.#written;
      mark.position = Math.min(mark.position, this.#written);
    }
  }

  /** The sender is told when all that it has sent before is heard; at once when too many marks wait already. */
  mark(id: string): void {
    if (this.#marks.length < MOST_MARKS)
      this.#marks.push({ id, position: this.#written, isDropped: false });
    else this.#options.report({ type: 'mark', id, isDropped: true }, null);
  }

  /** Nothing more comes for now: what is there is played without waiting for more. */
  end(): void {
    this.#isEnding = true;
    this.#reader.reset();
  }

  /** Its sender is the one of another buffer, whose clock is known already. */
  learnFrom(other: PushBuffer): void {
    this.#drift = other.#drift;
    this.#correction = other.#drift;
  }

  /** Whether more is there than it is fed with: how full it is then says nothing about the sender's clock. */
  setFedAhead(isFedAhead: boolean): void {
    this.#isFedAhead = isFedAhead;
  }

  /** How long a sample waits before it is heard, milliseconds: what its sender may be late with. */
  setLatency(latencyMs: number): void {
    this.#latencySeconds = latencyMs / 1000;
  }

  /** Puts `count` stereo samples from `first` of the media clock on into `target`. False: silence, nothing is put. */
  render(first: number, count: number, target: Float32Array): boolean {
    if (first !== this.#nextSample) this.#catchUp();
    this.#nextSample = first + count;
    this.#adjust(count);
    this.#waited = this.#available > 0 ? this.#waited + count : 0;
    if (!this.#isPlaying && !this.#isDue) {
      this.#tellMarks(first);
      this.#tellEnd(first);
      return false;
    }
    this.#isPlaying = true;
    const step = (this.#options.format.rateHz / SAMPLE_RATE_HZ) * (1 + this.#correction);
    for (let i = 0; i < count; i++) {
      if (this.#available <= 0) {
        target.fill(0, i * SOUND_CHANNELS, count * SOUND_CHANNELS);
        this.#runDry(first + i);
        break;
      }
      this.#play(target, i * SOUND_CHANNELS, step);
      this.#position += step;
      this.#tellMarks(first + i);
    }
    return true;
  }

  /**
   * The clock has stood still. What a sender in real time has sent meanwhile is over, but for as much as it is to be late;
   * what was sent at once, as an utterance is, was meant for now.
   */
  #catchUp(): void {
    const { rateHz } = this.#options.format;
    const tooMuch = Math.floor(this.#available - this.#latencySeconds * rateHz);
    const wasInRealTime = this.#cameUntilMs - this.#cameFromMs > this.bufferedMs / 2;
    if (tooMuch <= 0 || !wasInRealTime) return;
    this.#position += tooMuch;
    this.#isPlaying = false;
    this.#gain = 0;
    this.#leftOut += tooMuch;
    for (const mark of this.#marks) mark.isDropped ||= mark.position < this.#position;
  }

  get #available(): number {
    return Math.max(0, this.#written - this.#position);
  }

  get #isDue(): boolean {
    if (this.#available === 0) return false;
    const isFull = this.#available >= this.#latencySeconds * this.#options.format.rateHz;
    return this.#isEnding || isFull || this.#waited >= this.#latencySeconds * SAMPLE_RATE_HZ;
  }

  /** One sample of both channels. */
  #play(target: Float32Array, at: number, step: number): void {
    // Down to nothing where the samples end, whatever comes after them; and up again, never faster.
    const left = this.#available / step / FADE_SAMPLES;
    this.#gain = Math.min(1, this.#gain + 1 / FADE_SAMPLES, left);
    const whole = Math.floor(this.#position);
    this.#resampler.turnTo(this.#position - whole);
    this.#clearAhead(whole);
    const from = whole - (RESAMPLER_TAPS / 2 - 1);
    for (let channel = 0; channel < SOUND_CHANNELS; channel++) {
      const source = Math.min(channel, this.#channels - 1);
      target[at + channel] =
        channel === source || channel === 0
          ? this.#resampler.at(this.#ring, from, source, this.#channels) * this.#gain
          : (target[at] ?? 0);
    }
  }

  /** What has not been sent yet counts as silence for the samples before it. */
  #clearAhead(whole: number): void {
    for (let ahead = Math.max(this.#written, whole); ahead <= whole + RESAMPLER_TAPS / 2; ahead++) {
      const place = (ahead & (this.#ringSamples - 1)) * this.#channels;
      this.#ring.fill(0, place, place + this.#channels);
    }
  }

  #runDry(sample: number): void {
    this.#isPlaying = false;
    this.#position = this.#written;
    this.#waited = 0;
    this.#gain = 0;
    this.#fills = [];
    this.#correction = this.#drift;
    this.#tellMarks(sample);
    if (!this.#isEnding) this.#options.report({ type: 'underrun' }, sample);
    this.#tellEnd(sample);
  }

  /** Whoever says that nothing more comes is answered, also when everything has been played before. */
  #tellEnd(sample: number): void {
    if (!this.#isEnding || this.#available > 0) return;
    this.#isEnding = false;
    this.#options.report({ type: 'ended' }, sample);
  }

  #tellMarks(sample: number): void {
    while (this.#marks[0] !== undefined && this.#marks[0].position <= this.#position) {
      const mark = this.#marks.shift();
      if (mark === undefined) return;
      const { id, isDropped } = mark;
      this.#options.report({ type: 'mark', id, isDropped }, sample);
    }
  }

  #warn(leftOut: number): void {
    const fill = this.#available / this.#capacity;
    if (fill < HALF_EMPTY) this.#isWarned = false;
    if (fill >= NEARLY_FULL && !this.#isWarned) {
      this.#isWarned = true;
      this.#options.report({ type: 'nearly-full', bufferedMs: this.bufferedMs }, null);
    }
    this.#leftOut += leftOut;
  }

  /** Follows the sender's clock: when more and more waits, it is played a little faster, and the other way round. */
  #adjust(count: number): void {
    if (this.#leftOut > 0) {
      const droppedMs = (this.#leftOut * 1000) / this.#options.format.rateHz;
      this.#leftOut = 0;
      this.#options.report({ type: 'overrun', droppedMs }, null);
    }
    this.#measuredFor += count;
    if (this.#measuredFor < MEASURE_SECONDS * SAMPLE_RATE_HZ) return;
    const highest = this.#highest / this.#options.format.rateHz;
    this.#measuredFor = 0;
    this.#highest = 0;
    if (!this.#isPlaying || highest === 0) return;
    this.#fills = [...this.#fills, highest].slice(-MEASURES);
    const tooMuch = Math.max(...this.#fills) - GOAL * this.#latencySeconds;
    if (tooMuch > AHEAD_SECONDS) {
      this.#correction = 0;
      return;
    }
    const pull = tooMuch / SETTLE_SECONDS;
    // What is far off says nothing about the sender's clock.
    if (!this.#isFedAhead && Math.abs(pull) < MOST_CORRECTION / 2)
      this.#drift = bounded(this.#drift + (pull * MEASURE_SECONDS) / LEARN_SECONDS);
    this.#correction = bounded(this.#drift + pull);
  }
}

function bounded(correction: number): number {
  return Math.max(-MOST_CORRECTION, Math.min(MOST_CORRECTION, correction));
}
