import type { FrameMoment } from '../core/program-clock.js';
import type { PictureContent } from '../render/content.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { Bitmap, BitmapStore } from './bitmaps.js';
import type { PictureLoader } from './picture-loader.js';
import type { ScheduledSnapshot } from './contract.js';
import type { SceneTimeline } from './timeline.js';

export type LoadAheadOptions = {
  readonly bitmaps: BitmapStore;
  readonly pictures: PictureLoader;
  /** As far as they are known. */
  readonly picturesOf: (snapshot: SceneSnapshot) => readonly PictureContent[];
  /** Finds those that are not; null: all are known. */
  readonly findPictures: (snapshot: SceneSnapshot) => Promise<void> | null;
  /** Paints what a scene needs at a moment and frames could not paint in time; null: there is nothing of the kind. */
  readonly paintAhead: (snapshot: SceneSnapshot, programTimeMs: number) => Promise<void> | null;
  readonly onFailed: (error: unknown) => void;
};

/**
 * Has the pictures of what is scheduled decoded, and what is slow painted, before its moment. Pictures are kept until
 * it is on air.
 */
export class LoadAhead {
  readonly #options: LoadAheadOptions;
  #wanted: readonly SceneSnapshot[] = [];
  #held: readonly Bitmap[] = [];

  constructor(options: LoadAheadOptions) {
    this.#options = options;
  }

  /** The pictures of a snapshot, and of all that is loaded ahead: a loader forgets what is not wanted any more. */
  wantedWith(snapshot: SceneSnapshot | null): PictureContent[] {
    const all = snapshot === null ? this.#wanted : [snapshot, ...this.#wanted];
    return all.flatMap((one) => this.#options.picturesOf(one));
  }

  /** To be called with every frame: begins to load what comes until `moment`. */
  prepareNext(timeline: SceneTimeline, moment: FrameMoment): void {
    if (timeline.scheduled.length === 0 && this.#wanted.length === 0) return;
    const due = timeline.dueBy(moment);
    const next = due.map(({ snapshot }) => snapshot);
    const isSame =
      next.length === this.#wanted.length && next.every((one, i) => one === this.#wanted[i]);
    if (isSame) return;
    this.#wanted = next;
    this.#hold();
    this.#load(due, timeline.base).catch(this.#options.onFailed);
  }

  /** Begins nothing more, and lets go of what it held. */
  close(): void {
    this.#wanted = [];
    this.#hold();
  }

  async #load(due: readonly ScheduledSnapshot[], base: SceneSnapshot | null): Promise<void> {
    const wanted = this.#wanted;
    for (const { snapshot } of due) await this.#options.findPictures(snapshot);
    if (this.#wanted !== wanted) return;
    const held = await this.#options.pictures.load(this.wantedWith(base));
    if (this.#wanted === wanted) this.#hold();
    held.release();
    for (const { snapshot, programTimeMs } of due) {
      if (this.#wanted !== wanted) return;
      this.#hold();
      await this.#options.paintAhead(snapshot, programTimeMs);
    }
  }

  #hold(): void {
    const { bitmaps } = this.#options;
    const before = this.#held;
    const keys = new Set(this.wantedWith(null).map(({ key }) => key));
    this.#held = [...keys].flatMap((key) => bitmaps.find(key) ?? []);
    for (const bitmap of this.#held) bitmap.uses += 1;
    for (const bitmap of before) bitmap.uses -= 1;
  }
}
