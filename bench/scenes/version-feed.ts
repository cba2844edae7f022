import type { ScheduledSnapshot } from '../../src/compositor/contract.js';
import { SceneTimeline } from '../../src/compositor/timeline.js';
import type { SceneSnapshot } from '../../src/scene/snapshot.js';
import type { BenchScene } from '../reference-scene.js';

/** Gives a program the versions of a scene as a schedule, so that each is in the very frame that is due for it. */
export class VersionFeed {
  readonly #scene: BenchScene;
  readonly #follow: (timeline: SceneTimeline) => void;
  #second = 0;
  #next: SceneSnapshot;

  constructor(scene: BenchScene, follow: (timeline: SceneTimeline) => void) {
    this.#scene = scene;
    this.#follow = follow;
    this.#next = scene.snapshotAt(0);
    this.#turnTo(0);
  }

  /** The program has shown this moment; called several times a second of media time. */
  reached(timeMs: number): void {
    const second = Math.floor(timeMs / 1000);
    if (second !== this.#second && this.#scene.isChanging) this.#turnTo(second);
  }

  #turnTo(second: number): void {
    const base = this.#next;
    this.#second = second;
    const scheduled: ScheduledSnapshot[] = [];
    if (this.#scene.isChanging) {
      this.#next = this.#scene.snapshotAt(second + 1);
      scheduled.push({
        batchId: `second-${second + 1}`,
        dueAtMs: (second + 1) * 1000,
        dueFrame: null,
        programTimeMs: (second + 1) * 1000,
        rejectLate: false,
        snapshot: this.#next,
      });
    }
    this.#follow(new SceneTimeline(base, scheduled));
  }
}
