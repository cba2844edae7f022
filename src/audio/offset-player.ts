import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { ContentPlayer } from './contents.js';

/** A change of the offset is a cross-fade of so many samples (5 ms). */
const FADE_SAMPLES = 0.005 * SAMPLE_RATE_HZ;

/** Most samples that are asked of the content at once. */
const PULL_SAMPLES = 1024;

/** A place at which samples are read from the line. */
type Tap = {
  /** How many samples behind the newest one. */
  delay: number;
  /** Of other taps the sound begins with the oldest sample that is known, and fades in from there. */
  isWhole: boolean;
};

/**
 * Plays a content earlier or later than its time. Later: out of a line of the samples that have been. Earlier: the content is
 * read ahead, by as much as was ever needed, and what is read too early waits in the line. As long as the offset is 0 there is
 * no line.
 */
export class OffsetPlayer {
  readonly content: ContentPlayer;
  /** Interleaved. The sample of number n is at the place n modulo the length. */
  #line: Float32Array | null = null;
  #fresh: Float32Array | null = null;
  /** Samples that have come into the line, and the first one that is still known. */
  #written = 0;
  #oldest = 0;
  /** Up to here something was heard. */
  #heardUntil = -Infinity;
  /** By how many samples the content is read ahead. */
  #lead = 0;
  #offset = 0;
  #from: Tap = { delay: 0, isWhole: true };
  #to: Tap = { delay: 0, isWhole: true };
  /** Of the cross-fade from one to the other. */
  #fadeLeft = 0;
  #hasBegun = false;

  constructor(content: ContentPlayer) {
    this.content = content;
  }

  /** How much later it is heard from the next sample on, milliseconds; below 0: earlier. */
  setOffset(offsetMs: number): void {
    this.#offset = Math.round((offsetMs * SAMPLE_RATE_HZ) / 1000);
  }

  /** Puts `count` stereo samples from `first` of the media clock on into `target`. False: silence, nothing is put. */
  render(first: number, count: number, target: Float32Array): boolean {
    if (this.#line !== null || this.#offset !== 0) return this.#renderShifted(first, count, target);
    this.#hasBegun = true;
    return this.content.render(first, count, target);
  }

  #renderShifted(first: number, count: number, target: Float32Array): boolean {
    const isNew = !this.#hasBegun;
    this.#hasBegun = true;
    let isHeard = false;
    for (let at = 0; at < count;) {
      if (this.#fadeLeft === 0) this.#turn(first + at, isNew && at === 0);
      const most = this.#fadeLeft === 0 ? PULL_SAMPLES : Math.min(this.#fadeLeft, PULL_SAMPLES);
      const length = Math.min(most, count - at);
      isHeard = this.#renderPart(first + at, length, target, at) || isHeard;
      at += length;
    }
    this.#endLine();
    return isHeard;
  }

  /** Begins to play with the offset that is wanted. @param isNew - nothing was played before, so there is nothing to fade from */
  #turn(first: number, isNew: boolean): void {
    const lead = Math.max(this.#lead, -this.#offset);
    const delay = this.#offset + lead;
    if (delay === this.#to.delay && lead === this.#lead) return;
    // A new player of a track that was played before: what is to be ahead has been taken out of its ring already.
    const isTaken = isNew && this.content.tracks.some(({ samples }) => samples > 0);
    const ahead = isTaken ? 0 : lead - this.#lead;
    if (isTaken) this.#lead = lead;
    this.#makeRoom(Math.max(this.#to.delay + ahead, delay) + PULL_SAMPLES);
    for (let left = ahead; left > 0; left -= PULL_SAMPLES) {
      const length = Math.min(left, PULL_SAMPLES);
      this.#pull(first + this.#lead, length);
      this.#lead += length;
    }
    this.#from = { delay: this.#to.delay + ahead, isWhole: this.#to.isWhole };
    // What is the first sample of a file comes as it is.
    this.#to = { delay, isWhole: isNew && this.content.beginsPlainly };
    this.#fadeLeft = isNew ? 0 : FADE_SAMPLES;
  }

  /** Takes the next samples of the content into the line. */
  #pull(first: number, count: number): void {
    const [line, fresh] = [this.#line, this.#fresh];
    if (line === null || fresh === null) return;
    const length = count * SOUND_CHANNELS;
    if (this.content.render(first, count, fresh)) this.#heardUntil = this.#written + count;
    else fresh.fill(0, 0, length);
    let place = (this.#written * SOUND_CHANNELS) % line.length;
    for (let i = 0; i < length; i++) {
      line[place] = fresh[i] ?? 0;
      place = place + 1 === line.length ? 0 : place + 1;
    }
    this.#written += count;
  }

  /** Puts `count` samples at the place `at` of `target`. Answers whether any of them may be heard. */
  #renderPart(first: number, count: number, target: Float32Array, at: number): boolean {
    const before = this.#written;
    this.#pull(first + this.#lead, count);
    const fadeLeft = this.#fadeLeft;
    const oldest = before - this.#to.delay;
    if (fadeLeft === 0 && oldest - this.#oldest >= FADE_SAMPLES)
      this.#copy(oldest, count, target, at);
    else this.#crossFade(before, count, target, at);
    this.#fadeLeft = Math.max(0, fadeLeft - count);
    return this.#heardUntil > Math.min(oldest, fadeLeft > 0 ? before - this.#from.delay : oldest);
  }

  /** Puts the samples from number `n` on: the common case, which costs least. */
  #copy(n: number, count: number, target: Float32Array, at: number): void {
    const line = this.#line;
    if (line === null) return;
    let place = (n * SOUND_CHANNELS) % line.length;
    const end = (at + count) * SOUND_CHANNELS;
    for (let i = at * SOUND_CHANNELS; i < end; i++) {
      target[i] = line[place] ?? 0;
      place = place + 1 === line.length ? 0 : place + 1;
    }
  }

  #crossFade(before: number, count: number, target: Float32Array, at: number): void {
    for (let i = 0; i < count; i++) {
      const place = (at + i) * SOUND_CHANNELS;
      const share = 1 - Math.max(0, this.#fadeLeft - i - 1) / FADE_SAMPLES;
      for (let channel = 0; channel < SOUND_CHANNELS; channel++) {
        const to = this.#read(this.#to, before + i, channel);
        const from = share === 1 ? 0 : this.#read(this.#from, before + i, channel);
        target[place + channel] = share === 1 ? to : to * share + from * (1 - share);
      }
    }
  }

  /** What a tap has when the sample `number` has come in last. */
  #read({ delay, isWhole }: Tap, number: number, channel: number): number {
    const line = this.#line;
    const n = number - delay;
    const known = n - this.#oldest;
    if (line === null || known < 0) return 0;
    const value = line[(n * SOUND_CHANNELS + channel) % line.length] ?? 0;
    return isWhole || known >= FADE_SAMPLES ? value : (value * known) / FADE_SAMPLES;
  }

  /** A line of at least so many samples, with those that were in it. */
  #makeRoom(samples: number): void {
    const former = this.#line;
    if (former !== null && former.length >= samples * SOUND_CHANNELS) return;
    const line = new Float32Array(samples * SOUND_CHANNELS);
    this.#fresh ??= new Float32Array(PULL_SAMPLES * SOUND_CHANNELS);
    this.#line = line;
    if (former === null) return;
    this.#oldest = Math.max(this.#oldest, this.#written - former.length / SOUND_CHANNELS);
    const end = this.#written * SOUND_CHANNELS;
    for (let n = this.#oldest * SOUND_CHANNELS; n < end; n++)
      line[n % line.length] = former[n % former.length] ?? 0;
  }

  /** Whatever is played at its time needs no line. */
  #endLine(): void {
    if (this.#offset !== 0 || this.#lead > 0 || this.#to.delay > 0 || this.#fadeLeft > 0) return;
    this.#line = null;
    this.#fresh = null;
    this.#written = 0;
    this.#oldest = 0;
    this.#heardUntil = -Infinity;
    this.#to = { delay: 0, isWhole: true };
  }
}
