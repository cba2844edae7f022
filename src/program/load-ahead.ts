import type { PictureContent } from '../render/content.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { Bitmap, BitmapStore } from './bitmaps.js';
import type { PictureLoader } from './picture-loader.js';
import type { SceneTimeline } from './timeline.js';

/** How long before its moment the pictures of a scheduled scene are decoded, milliseconds. */
const LOAD_AHEAD_MS = 5000;

export type LoadAheadOptions = {
  readonly bitmaps: BitmapStore;
  readonly pictures: PictureLoader;
  readonly picturesOf: (snapshot: SceneSnapshot) => PictureContent[];
};

/** Has the pictures of what is scheduled decoded before its moment, and keeps them until it is on air. */
export class LoadAhead {
  readonly #options: LoadAheadOptions;
  readonly #known = new WeakMap<SceneSnapshot, readonly PictureContent[]>();
  #wanted: readonly SceneSnapshot[] = [];
  #held: readonly Bitmap[] = [];

  constructor(options: LoadAheadOptions) {
    this.#options = options;
  }

  /** The pictures of a snapshot, and of all that is loaded ahead: a loader forgets what is not wanted any more. */
  wantedWith(snapshot: SceneSnapshot | null): PictureContent[] {
    const all = snapshot === null ? this.#wanted : [snapshot, ...this.#wanted];
    return all.flatMap((one) => this.#contentsOf(one));
  }

  /** To be called with every frame: begins to load what comes next. */
  look(timeline: SceneTimeline, wallTimeMs: number): void {
    if (timeline.scheduled.length === 0 && this.#wanted.length === 0) return;
    const next = timeline.dueBy(wallTimeMs + LOAD_AHEAD_MS).map(({ snapshot }) => snapshot);
    const isSame =
      next.length === this.#wanted.length && next.every((one, i) => one === this.#wanted[i]);
    if (isSame) return;
    this.#wanted = next;
    this.#hold();
    void this.#options.pictures.load(this.wantedWith(timeline.base)).then(() => {
      if (this.#wanted === next) this.#hold();
    });
  }

  #hold(): void {
    const { bitmaps } = this.#options;
    const before = this.#held;
    const keys = new Set(this.wantedWith(null).map(({ key }) => key));
    this.#held = [...keys].flatMap((key) => bitmaps.find(key) ?? []);
    for (const bitmap of this.#held) bitmap.uses += 1;
    for (const bitmap of before) bitmap.uses -= 1;
  }

  #contentsOf(snapshot: SceneSnapshot): readonly PictureContent[] {
    const known = this.#known.get(snapshot);
    if (known !== undefined) return known;
    const contents = this.#options.picturesOf(snapshot);
    this.#known.set(snapshot, contents);
    return contents;
  }
}
