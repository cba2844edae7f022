/**
 * One track in the ingest thread: lap after lap of its file into its ring, a bounded time ahead of the mixer. Owns the process
 * that decodes it, and starts another one when that ends too early. What is written is known to the ring alone, so that whoever
 * comes after this goes on where it has ended.
 */

import type { Logger } from '../core/logger.js';
import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import { TrackRingWriter } from '../memory/track-ring.js';
import type { Track, TrackReport } from './contract.js';
import type { DecodeInput } from './decode-command.js';
import { Lap, type LapEnd } from './lap.js';
import type { LapLengths } from './lap-lengths.js';
import { MOST_CACHED_FLOATS, type SampleCache } from './sample-cache.js';

/** Pauses before a track is tried again, milliseconds; the last one for ever. A first failure may be an accident. */
const RETRY_DELAYS_MS = [100, 1000, 2000, 4000, 8000, 15_000];

/** What is not tried for ever is given up after so many failures in a row. */
const MOST_FAILURES = 3;

/** A loop that is no longer than this is kept in memory after its first lap, floats: 20 seconds. */
const KEPT_LOOP_FLOATS = 20 * SAMPLE_RATE_HZ * SOUND_CHANNELS;

/** Where what is cut out of a file begins and ends, it is faded over this many samples: 5 ms. */
const EDGE_SAMPLES = 240;

const NO_SOUND = 'It contains no sound at this position.';

export type TrackDecoderOptions = {
  readonly track: Track;
  readonly ffmpegPath: string;
  readonly input: DecodeInput;
  readonly cache: SampleCache;
  readonly lengths: LapLengths;
  readonly logger: Logger;
  readonly report: (report: TrackReport) => void;
};

function samplesOf(ms: number): number {
  return Math.round((ms * SAMPLE_RATE_HZ) / 1000);
}

/** Decodes a track. Works when `tick` is called. */
export class TrackDecoder {
  readonly #options: TrackDecoderOptions;
  readonly #ring: TrackRingWriter;
  /** Samples of a lap; null: as many as the file has after `inMs`. */
  #lapSamples: number | null;
  /** The sample of the lap that is written next. */
  #place: number;
  #lap: Lap | null = null;
  /** The place at which the lap was opened. */
  #openedAt = 0;
  /** A whole lap, kept; what is written comes from it. */
  #kept: Float32Array | null = null;
  /** What of the first lap has been decoded, to be kept; null: it is too long, did not begin at its beginning, or is not to be. */
  #keeping: Float32Array[] | null = [];
  #keptFloats = 0;
  /** A lap is longer than what is kept. */
  #isTooLong = false;
  #failures = 0;
  #retryAtMs = 0;
  #hasDecoded = false;
  #isOver = false;

  constructor(options: TrackDecoderOptions) {
    this.#options = options;
    const { track } = options;
    this.#ring = new TrackRingWriter(track.memory);
    const cacheKey = cacheKeyOf(track);
    this.#kept = cacheKey === null ? null : options.cache.get(cacheKey);
    // What a decoder before this one has counted is how long a lap is.
    this.#lapSamples =
      this.#kept === null
        ? (this.#ring.lapSamples ?? lapSamplesOf(track))
        : this.#kept.length / SOUND_CHANNELS;
    this.#place = this.#placeOf(this.#position - this.#ring.lapStart);
    const isToBeKept = track.loop || track.input.kind === 'path';
    if (this.#place > 0 || !isToBeKept) this.#keeping = null;
    this.#isOver = this.#ring.end !== null;
  }

  /** Writes what there is and what there is room for. To be called often. */
  tick(): void {
    if (this.#isOver) return;
    if (this.#kept !== null) {
      this.#writeKept(this.#kept);
      return;
    }
    if (this.#lap === null && (performance.now() < this.#retryAtMs || this.#room === 0)) return;
    if (this.#lap === null && this.#isNothingLeft()) return;
    const lap = this.#lap ?? this.#open();
    this.#lap = lap;
    lap.check();
    this.#writeDecoded(lap);
  }

  close(): void {
    this.#isOver = true;
    this.#lap?.close();
    this.#lap = null;
  }

  /** What is written next, samples from the beginning of the first lap on. */
  get #position(): number {
    return samplesOf(this.#options.track.positionMs) + this.#ring.written;
  }

  /** How many samples may be written now. */
  get #room(): number {
    const { aheadMs } = this.#options.track;
    const ahead = this.#ring.written - this.#ring.read;
    return Math.max(0, Math.min(this.#ring.free, samplesOf(aheadMs) - ahead));
  }

  /** The place within a lap. */
  #placeOf(samples: number): number {
    const { track, lengths } = this.#options;
    const lapSamples = this.#lapSamples ?? lengths.get(track) ?? 0;
    return track.loop && lapSamples > 0 ? samples % lapSamples : samples;
  }

  /** Whether there is nothing to be decoded, which then is over. */
  #isNothingLeft(): boolean {
    const { track } = this.#options;
    const lapSamples = this.#lapSamples ?? Infinity;
    if (lapSamples === 0) this.#fail(nothingIn(track), true);
    else if (!track.loop && this.#place >= lapSamples) this.#finish();
    return this.#isOver;
  }

  #open(): Lap {
    const { track, ffmpegPath, input, logger } = this.#options;
    this.#openedAt = this.#place;
    const fromSamples = track.isLive ? 0 : samplesOf(track.inMs) + this.#place;
    return new Lap({ ffmpegPath, input, fromSamples, logger });
  }

  #writeDecoded(lap: Lap): void {
    for (let next = lap.next; next !== null; next = lap.next) {
      const left = this.#lapSamples === null ? Infinity : this.#lapSamples - this.#place;
      const count = Math.min(next.length / SOUND_CHANNELS, left, this.#room);
      if (count === 0) break;
      const samples = next.subarray(0, count * SOUND_CHANNELS);
      this.#keep(samples);
      this.#write(samples);
      lap.use(samples.length);
      this.#tellDecoding();
    }
    const isComplete = this.#lapSamples !== null && this.#place >= this.#lapSamples;
    if (isComplete) {
      lap.close();
      this.#lapIsOver();
      return;
    }
    const { end } = lap;
    if (end === null) return;
    this.#lap = null;
    // The next turn opens another one, which reads from the beginning: nothing has failed.
    if (end.kind === 'misplaced') this.#keeping = null;
    else if (end.kind === 'failed') this.#failDecoding(end);
    else if (this.#options.track.isLive) this.#fail('The stream has ended.', false);
    else this.#fileIsOver(end.samples);
  }

  /** FFmpeg has come to the end of the file. @param samples - how long that is; null: not known */
  #fileIsOver(samples: number | null): void {
    if (this.#place === 0) {
      this.#fail(nothingIn(this.#options.track), true);
      return;
    }
    if (this.#options.track.loop && this.#place === this.#openedAt) {
      this.#comeRound(samples);
      return;
    }
    // Where what was sought ends is known less exactly than what has been counted from its beginning.
    if (this.#openedAt === 0 || this.#lapSamples === null) this.#lapSamples = this.#place;
    this.#lapIsOver();
  }

  /** A loop has been sought beyond its end: it goes on where it would be after so many laps if that is seen now, else begins. */
  #comeRound(samples: number | null): void {
    const lapSamples = samples === null ? 0 : samples - samplesOf(this.#options.track.inMs);
    const isNews = this.#lapSamples === null && lapSamples > 0;
    if (isNews) this.#lapSamples = lapSamples;
    this.#beginLap(isNews ? this.#place % lapSamples : 0);
  }

  #lapIsOver(): void {
    this.#lap = null;
    const { track, cache } = this.#options;
    const whole = this.#keeping === null ? null : joined(this.#keeping, this.#keptFloats);
    this.#keeping = null;
    const cacheKey = cacheKeyOf(track);
    if (cacheKey !== null && whole !== null && whole.length <= MOST_CACHED_FLOATS)
      cache.put(cacheKey, whole);
    if (!track.loop) {
      this.#finish();
      return;
    }
    this.#kept = whole;
    this.#beginLap(0);
    // The first lap may have begun in the middle, or been decoded in parts; the next one is whole.
    if (whole !== null || this.#isTooLong) return;
    this.#keeping = [];
    this.#keptFloats = 0;
  }

  /** @param place - the sample of the lap that is written next */
  #beginLap(place: number): void {
    this.#place = place;
    this.#ring.beginLap(this.#position - place, this.#lapSamples);
    const { track, lengths } = this.#options;
    if (this.#lapSamples !== null) lengths.put(track, this.#lapSamples);
  }

  #finish(): void {
    this.#ring.finish();
    this.#isOver = true;
  }

  #writeKept(kept: Float32Array): void {
    const samples = kept.length / SOUND_CHANNELS;
    for (let room = this.#room; room > 0; room = this.#room) {
      const count = Math.min(room, samples - this.#place);
      if (count > 0) {
        const from = this.#place * SOUND_CHANNELS;
        this.#write(kept.subarray(from, from + count * SOUND_CHANNELS));
        this.#tellDecoding();
      }
      if (this.#place < samples) continue;
      if (!this.#options.track.loop || samples === 0) {
        this.#finish();
        return;
      }
      this.#beginLap(0);
    }
  }

  #write(samples: Float32Array): void {
    this.#ring.write(this.#withEdges(samples));
    this.#place += samples.length / SOUND_CHANNELS;
  }

  /** What is cut out of the middle of a file begins and ends softly; loops are as they are cut. */
  #withEdges(samples: Float32Array): Float32Array {
    const { inMs, outMs, loop } = this.#options.track;
    const total = this.#lapSamples;
    const count = samples.length / SOUND_CHANNELS;
    const isIn = inMs > 0 && this.#place < EDGE_SAMPLES;
    const isOut = outMs !== null && total !== null && this.#place + count > total - EDGE_SAMPLES;
    if (loop || (!isIn && !isOut)) return samples;
    const faded = samples.slice();
    for (let i = 0; i < count; i++) {
      const place = this.#place + i;
      const gain = Math.min(
        inMs > 0 ? place / EDGE_SAMPLES : 1,
        outMs !== null && total !== null ? (total - 1 - place) / EDGE_SAMPLES : 1,
      );
      if (gain >= 1) continue;
      for (let channel = 0; channel < SOUND_CHANNELS; channel++)
        faded[i * SOUND_CHANNELS + channel] =
          (faded[i * SOUND_CHANNELS + channel] ?? 0) * Math.max(0, gain);
    }
    return faded;
  }

  #keep(samples: Float32Array): void {
    if (this.#keeping === null) return;
    const { loop } = this.#options.track;
    this.#keptFloats += samples.length;
    this.#isTooLong = this.#keptFloats > (loop ? KEPT_LOOP_FLOATS : MOST_CACHED_FLOATS);
    if (this.#isTooLong) this.#keeping = null;
    else this.#keeping.push(samples.slice());
  }

  #tellDecoding(): void {
    if (this.#hasDecoded) return;
    this.#hasDecoded = true;
    this.#failures = 0;
    this.#tell('decoding', null, true);
  }

  /** A file that FFmpeg itself cannot read is given up. */
  #failDecoding({ reason, wasKilled }: Extract<LapEnd, { readonly kind: 'failed' }>): void {
    this.#fail(reason, this.#options.track.input.kind === 'path' && !wasKilled);
  }

  /** Tries again later, from where it is; not when it would fail again, or has failed too often. */
  #fail(reason: string, isHopeless: boolean): void {
    const isSpent = !this.#options.track.isPatient && this.#failures >= MOST_FAILURES - 1;
    const isFinal = isSpent || isHopeless;
    // What was kept has a gap from here on when it is decoded in two parts: their seam may not be exact.
    this.#keeping = null;
    this.#tell('failed', reason, !isFinal);
    if (isFinal) {
      this.#finish();
      return;
    }
    const delayMs = RETRY_DELAYS_MS[Math.min(this.#failures, RETRY_DELAYS_MS.length - 1)] ?? 0;
    this.#failures++;
    this.#hasDecoded = false;
    this.#retryAtMs = performance.now() + delayMs;
  }

  #tell(state: TrackReport['state'], reason: string | null, retries: boolean): void {
    this.#options.report({ key: this.#options.track.key, state, reason, retries });
  }
}

/** Samples of a lap as far as they are known before it is decoded. */
function lapSamplesOf({ input, inMs, outMs }: Track): number | null {
  const ends = [
    outMs === null ? [] : samplesOf(outMs),
    input.kind === 'path' && input.samples !== null ? input.samples : [],
  ].flat();
  return ends.length === 0 ? null : Math.max(0, Math.min(...ends) - samplesOf(inMs));
}

/** Why a lap from its beginning contains nothing. */
function nothingIn({ inMs, outMs }: Track): string {
  if (outMs !== null && samplesOf(outMs) <= samplesOf(inMs))
    return 'There is nothing to be heard between inMs and outMs: make outMs greater.';
  return inMs === 0 ? NO_SOUND : 'The file ends before inMs: make inMs smaller.';
}

/** Null: it is decoded anew each time. A path names what is in it; what a server has at an address may be replaced. */
function cacheKeyOf({ input, inMs, outMs }: Track): string | null {
  if (input.kind !== 'path') return null;
  return `${inMs} ${outMs ?? ''} ${JSON.stringify(input)}`;
}

function joined(parts: readonly Float32Array[], floats: number): Float32Array {
  const whole = new Float32Array(floats);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
