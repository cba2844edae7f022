import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { SoundContent } from '../scene/sound/content.js';
import type { ContentPlayer, Playing, TrackPosition } from './contents.js';
import type { TrackRef } from './contract.js';
import { TrackReader } from './track-reader.js';

/** What a skipped entry takes to fade out, samples: at least, and at most. */
const SHORTEST_SKIP = 240;
const LONGEST_SKIP = SAMPLE_RATE_HZ;

/** Told of what becomes of a track. @param sample - of the media clock */
export type TrackEventListener = (
  event: 'started' | 'ended' | 'underrun',
  ref: TrackRef,
  sample: number,
) => void;

type Leaving = { readonly reader: TrackReader; left: number; readonly total: number };

/** Entry after entry, without a gap, or with the end of one over the beginning of the next. */
export class PlaylistPlayer implements ContentPlayer {
  readonly #listener: TrackEventListener;
  #refs: readonly TrackRef[] = [];
  #current: TrackReader | null = null;
  #next: TrackReader | null = null;
  /** The entry that has been skipped, on its way to silence. */
  #leaving: Leaving | null = null;
  #crossfade = 0;
  #isPaused = false;
  #scratch = new Float32Array(0);

  constructor(listener: TrackEventListener) {
    this.#listener = listener;
  }

  get beginsPlainly(): boolean {
    return this.#current?.beginsPlainly ?? false;
  }

  get tracks(): readonly TrackPosition[] {
    return [this.#current, this.#next].flatMap((reader) => reader?.trackPosition ?? []);
  }

  follow(content: SoundContent, { tracks, isPaused }: Playing): boolean {
    if (content.kind !== 'playlist') return false;
    this.#crossfade = Math.round((content.crossfadeMs * SAMPLE_RATE_HZ) / 1000);
    this.#isPaused = isPaused;
    this.#refs = tracks;
    const [first] = tracks;
    if (this.#current === null) {
      this.#current = first === undefined ? null : this.#readerOf(first);
    } else if (first !== undefined && this.#isSkip(this.#current, first)) {
      const total = Math.min(LONGEST_SKIP, Math.max(SHORTEST_SKIP, this.#crossfade));
      this.#leaving = { reader: this.#current, left: total, total };
      this.#current = first.key === this.#next?.ref.key ? this.#next : this.#readerOf(first);
    }
    this.#findNext();
    return true;
  }

  render(first: number, count: number, target: Float32Array): boolean {
    target.fill(0, 0, count * SOUND_CHANNELS);
    let isHeard = false;
    for (let done = 0; done < count;) {
      if (this.#current?.isOver === true) this.#promote(first + done);
      const { count: part, overlap } = this.#partFrom(count - done);
      const into = target.subarray(done * SOUND_CHANNELS, (done + part) * SOUND_CHANNELS);
      isHeard = this.#renderPart(first + done, part, into, overlap) || isHeard;
      done += part;
    }
    return this.#addLeaving(first, count, target) || isHeard;
  }

  /** How far the same entries sound. @returns overlap - how long they sound together, samples; 0: the first alone */
  #partFrom(most: number): { count: number; overlap: number } {
    const remaining = this.#current?.remaining ?? Infinity;
    if (remaining === Infinity || remaining <= 0) return { count: most, overlap: 0 };
    const overlap =
      this.#next === null
        ? 0
        : Math.min(this.#crossfade, Math.floor((this.#current?.length ?? 0) / 2));
    if (remaining > overlap) return { count: Math.min(most, remaining - overlap), overlap: 0 };
    return { count: Math.min(most, remaining), overlap };
  }

  #renderPart(first: number, count: number, into: Float32Array, overlap: number): boolean {
    if (this.#current === null) return false;
    const remaining = this.#current.remaining ?? 0;
    const isHeard = this.#current.render(first, count, into, !this.#isPaused);
    if (overlap === 0 || this.#next === null || this.#isPaused) return isHeard;
    const other = this.#scratchOf(count);
    const isNextHeard = this.#next.render(first, count, other, true);
    if (!isNextHeard) other.fill(0);
    // Equal power: what has nothing to do with each other stays as loud together.
    for (let i = 0; i < count; i++) {
      const angle = ((1 - (remaining - i) / overlap) * Math.PI) / 2;
      const [out, into2] = [Math.cos(angle), Math.sin(angle)];
      for (let channel = 0; channel < SOUND_CHANNELS; channel++) {
        const at = i * SOUND_CHANNELS + channel;
        into[at] = (isHeard ? (into[at] ?? 0) * out : 0) + (other[at] ?? 0) * into2;
      }
    }
    return isHeard || isNextHeard;
  }

  #addLeaving(first: number, count: number, target: Float32Array): boolean {
    const leaving = this.#leaving;
    if (leaving === null) return false;
    const other = this.#scratchOf(count);
    const samples = Math.min(count, leaving.left);
    if (!leaving.reader.render(first, samples, other, true)) {
      this.#leaving = null;
      return false;
    }
    for (let i = 0; i < samples; i++) {
      const gain = Math.sin(((leaving.left - i) / leaving.total) * (Math.PI / 2));
      for (let channel = 0; channel < SOUND_CHANNELS; channel++) {
        const at = i * SOUND_CHANNELS + channel;
        target[at] = (target[at] ?? 0) + (other[at] ?? 0) * gain;
      }
    }
    leaving.left -= samples;
    if (leaving.left === 0) this.#leaving = null;
    return true;
  }

  /** The entry that comes next is the one that plays. */
  #promote(sample: number): void {
    // One that never began tells that it has ended.
    this.#current?.render(sample, 0, this.#scratch, true);
    if (this.#next === null) return;
    this.#current = this.#next;
    this.#findNext();
  }

  /** Whether another entry is asked for than the one that plays, or the one that is coming in. */
  #isSkip(current: TrackReader, wanted: TrackRef): boolean {
    if (wanted.run <= current.ref.run) return false;
    const isComingIn = wanted.key === this.#next?.ref.key && this.#next.hasBegun;
    return !isComingIn && !(wanted.key === this.#next?.ref.key && current.isOver);
  }

  /** What follows on the entry that plays; an entry that is coming in stays until it plays itself. */
  #findNext(): void {
    const current = this.#current;
    if (current === null || (this.#next !== current && this.#next?.hasBegun === true)) return;
    const wanted = this.#refs.find(({ run }) => run === current.ref.run + 1);
    if (wanted === undefined) this.#next = null;
    else if (this.#next?.ref.key !== wanted.key) this.#next = this.#readerOf(wanted);
  }

  #readerOf(ref: TrackRef): TrackReader {
    return new TrackReader(ref, (event, sample) => {
      this.#listener(event, ref, sample);
    });
  }

  #scratchOf(count: number): Float32Array {
    const floats = count * SOUND_CHANNELS;
    if (this.#scratch.length < floats) this.#scratch = new Float32Array(floats);
    return this.#scratch.subarray(0, floats);
  }
}
