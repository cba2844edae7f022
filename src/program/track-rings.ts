import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import type { PlayedSound, TrackRef } from '../audio/contract.js';
import type { Track } from '../ingest/contract.js';
import type { TrackMemory } from '../memory/track-ring.js';
import type { StripKey } from '../scene/sound/levels.js';
import type { PlannedSound, PlannedTrack } from './contract.js';
import { TrackMemories } from './track-memories.js';

/** A ring has room for this much more than is decoded ahead, milliseconds: what is written while it is read. */
const SPARE_MS = 200;

type KeptTrack = PlannedTrack & Track;

/** The memory of all tracks that are wanted. Both threads that use one get it from here, however often they are started. */
export class TrackRings {
  readonly #memories = new TrackMemories();
  #tracks: ReadonlyMap<string, KeptTrack> = new Map();
  #now: readonly PlannedTrack[] = [];

  /**
   * Gives every track its memory: a track that was there keeps its own, and where it began.
   * @param plans - that of now, and those of later moments
   */
  follow(plans: readonly PlannedSound[]): void {
    this.#now = plans[0]?.tracks ?? [];
    const wanted = plans.flatMap(({ tracks }) => tracks);
    const before = this.#tracks;
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, { memory }] of before) if (!keys.has(key)) this.#memories.giveBack(memory);
    this.#tracks = new Map(
      wanted.map((planned) => [
        planned.key,
        before.get(planned.key) ?? { ...planned, memory: this.#memoryOf(planned) },
      ]),
    );
  }

  get all(): readonly Track[] {
    return [...this.#tracks.values()];
  }

  /** Null: it is not among those that are wanted. */
  find(key: string): PlannedTrack | null {
    return this.#tracks.get(key) ?? null;
  }

  /** What is played of a strip now; null: nothing is. */
  current(strip: StripKey): PlannedTrack | null {
    const key = this.#now.find((track) => track.strip === strip)?.key;
    return key === undefined ? null : this.find(key);
  }

  /** What the mixer is told of a plan. */
  played({ sound, tracks }: PlannedSound): PlayedSound {
    const byStrip: Record<string, TrackRef[]> = {};
    for (const { key } of tracks) {
      const track = this.#tracks.get(key);
      if (track === undefined) continue;
      const { strip, run, createdAtMs, memory, fadesIn } = track;
      (byStrip[strip] ??= []).push({ key, run, createdAtMs, memory, fadesIn });
    }
    return { sound, tracks: byStrip };
  }

  close(): void {
    this.#memories.close();
  }

  #memoryOf({ aheadMs }: PlannedTrack): TrackMemory {
    const samples = ((aheadMs + SPARE_MS) * SAMPLE_RATE_HZ) / 1000;
    return this.#memories.take(2 ** Math.ceil(Math.log2(samples)));
  }
}
