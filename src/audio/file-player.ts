import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import type { SoundContent } from '../scene/sound/content.js';
import type { ContentPlayer, Playing, TrackPosition } from './contents.js';
import type { TrackRef } from './contract.js';
import type { TrackEventListener } from './playlist-player.js';
import { TrackReader } from './track-reader.js';

/** A position that is announced. */
export type Marker = { readonly id: string; readonly atMs: number };

export type MarkerListener = (id: string, sample: number) => void;

/** One file, or what is at one address. */
export class FilePlayer implements ContentPlayer {
  readonly #listener: TrackEventListener;
  readonly #markers: readonly Marker[];
  readonly #onMarker: MarkerListener;
  #reader: TrackReader | null = null;
  #isPaused = false;

  constructor(
    listener: TrackEventListener,
    markers: readonly Marker[] = [],
    onMarker: MarkerListener = () => undefined,
  ) {
    this.#listener = listener;
    this.#markers = markers;
    this.#onMarker = onMarker;
  }

  get beginsPlainly(): boolean {
    return this.#reader?.beginsPlainly ?? false;
  }

  get tracks(): readonly TrackPosition[] {
    return this.#reader === null ? [] : [this.#reader.trackPosition];
  }

  get isOver(): boolean {
    return this.#reader?.isOver ?? false;
  }

  get hasBegun(): boolean {
    return this.#reader?.hasBegun ?? false;
  }

  follow(content: SoundContent, { tracks, isPaused }: Playing): boolean {
    if (content.kind !== 'file' && content.kind !== 'url') return false;
    this.#isPaused = isPaused;
    const [ref] = tracks;
    if (this.#reader === null) {
      this.#reader = ref === undefined ? null : this.#readerOf(ref);
      return true;
    }
    // Another one takes over with a fade where it is sought, or where something else is to be played.
    return ref?.key === this.#reader.ref.key;
  }

  render(first: number, count: number, target: Float32Array): boolean {
    const reader = this.#reader;
    if (reader === null) return false;
    const before = reader.position;
    const isHeard = reader.render(first, count, target, !this.#isPaused);
    const after = reader.position;
    for (const { id, atMs } of this.#markers) {
      const place = Math.round((atMs * SAMPLE_RATE_HZ) / 1000);
      if (place >= before && place < after) this.#onMarker(id, first + place - before);
    }
    return isHeard;
  }

  #readerOf(ref: TrackRef): TrackReader {
    return new TrackReader(ref, (event, sample) => {
      this.#listener(event, ref, sample);
    });
  }
}
