import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { SoundContent } from '../scene/sound/content.js';
import type { ContentPlayer, Playing, TrackPosition } from './contents.js';
import type { TrackRef } from './contract.js';
import { FadingTrack } from './fading-track.js';
import { TrackReader } from './track-reader.js';

/** What an entry takes to fade out when it is skipped, samples: at least, and at most. */
const SHORTEST_SKIP = 240;
const LONGEST_SKIP = SAMPLE_RATE_HZ;

/** Told of what becomes of a track. @param sample - of the media clock */
export type TrackEventListener = (
  event: 'started' | 'advanced' | 'ended' | 'underrun',
  ref: TrackRef,
  sample: number,
) => void;

/** Entry after entry, without a gap, or with the end of one over the beginning of the next. */
export class PlaylistPlayer implements ContentPlayer {
  readonly #listener: TrackEventListener;
  #refs: readonly TrackRef[] = [];
  #current: FadingTrack | null = null;
  /** What follows on the current entry, and is decoded ahead. */
  #next: TrackReader | null = null;
  /** Entries on their way out. */
  #leaving: FadingTrack[] = [];
  #crossfade = 0;
  #isPaused = false;
  #scratch = new Float32Array(0);

  constructor(listener: TrackEventListener) {
    this.#listener = listener;
  }

  get beginsPlainly(): boolean {
    return this.#current?.reader.beginsPlainly ?? false;
  }

  get tracks(): readonly TrackPosition[] {
    return this.#current === null ? [] : [this.#current.reader.trackPosition];
  }

  follow(content: SoundContent, { tracks, isPaused }: Playing): boolean {
    if (content.kind !== 'playlist') return false;
    const [first] = tracks;
    const playing = this.#current?.reader.ref;
    // Another list has its id: it begins in a voice of its own.
    if (playing !== undefined && first !== undefined && first.createdAtMs !== playing.createdAtMs)
      return false;
    this.#crossfade = Math.round((content.crossfadeMs * SAMPLE_RATE_HZ) / 1000);
    this.#isPaused = isPaused;
    this.#refs = tracks;
    if (first !== undefined) this.#goTo(first);
    this.#findNext();
    return true;
  }

  render(first: number, count: number, target: Float32Array): boolean {
    target.fill(0, 0, count * SOUND_CHANNELS);
    let isHeard = false;
    for (let done = 0; done < count;) {
      this.#promote(first + done);
      const part = Math.min(count - done, this.#samplesUntilNext());
      const into = target.subarray(done * SOUND_CHANNELS, (done + part) * SOUND_CHANNELS);
      isHeard = this.#add(first + done, into) || isHeard;
      done += part;
    }
    return isHeard;
  }

  #add(first: number, into: Float32Array): boolean {
    if (this.#scratch.length < into.length) this.#scratch = new Float32Array(into.length);
    const scratch = this.#scratch.subarray(0, into.length);
    let isHeard = this.#current?.add(first, !this.#isPaused, into, scratch) ?? false;
    for (const track of this.#leaving)
      isHeard = track.add(first, !this.#isPaused, into, scratch) || isHeard;
    if (this.#leaving.length > 0) this.#leaving = this.#leaving.filter(({ isGone }) => !isGone);
    return isHeard;
  }

  /** The end of an entry that is heard together with the next, samples. */
  get #overlap(): number {
    const length = this.#current?.reader.length ?? 0;
    return this.#next === null ? 0 : Math.min(this.#crossfade, Math.floor(length / 2));
  }

  /** Samples until the next entry begins. Infinity: that is not known, or there is none. */
  #samplesUntilNext(): number {
    const remaining = this.#current?.reader.remaining ?? null;
    if (remaining === null || remaining <= this.#overlap) return Infinity;
    return remaining - this.#overlap;
  }

  /** Begins the next entry where it is its turn. */
  #promote(sample: number): void {
    const current = this.#current;
    const remaining = current?.reader.remaining ?? null;
    if (current === null || remaining === null || remaining > this.#overlap || this.#isPaused)
      return;
    // One that never began tells that it has ended.
    if (remaining === 0) current.reader.render(sample, 0, this.#scratch, true);
    if (this.#next === null) return;
    if (remaining > 0) {
      current.leave(remaining);
      this.#leaving.push(current);
    }
    this.#current = new FadingTrack(this.#next, remaining);
    this.#listener('advanced', this.#next.ref, sample);
    this.#findNext();
  }

  /** Plays an entry that is asked for, unless that plays already, or has been played. */
  #goTo(wanted: TrackRef): void {
    const current = this.#current;
    if (current === null) {
      this.#current = new FadingTrack(this.#readerOf(wanted), 0);
      return;
    }
    if (wanted.run <= current.reader.ref.run) return;
    current.leave(Math.min(LONGEST_SKIP, Math.max(SHORTEST_SKIP, this.#crossfade)));
    // What was paused is not heard any more, and would go out together with what is played on.
    this.#leaving = [...this.#leaving, current].filter(
      ({ reader: { isRunning } }) => isRunning || !this.#isPaused,
    );
    const isNext = wanted.key === this.#next?.ref.key;
    const reader = isNext && this.#next !== null ? this.#next : this.#readerOf(wanted);
    this.#current = new FadingTrack(reader, 0);
  }

  #findNext(): void {
    const run = this.#current?.reader.ref.run ?? NaN;
    const wanted = this.#refs.find((ref) => ref.run === run + 1);
    if (wanted === undefined) this.#next = null;
    else if (this.#next?.ref.key !== wanted.key) this.#next = this.#readerOf(wanted);
  }

  #readerOf(ref: TrackRef): TrackReader {
    return new TrackReader(ref, (event, sample) => {
      this.#listener(event, ref, sample);
    });
  }
}
