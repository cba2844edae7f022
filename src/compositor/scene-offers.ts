import type { SceneSnapshot } from '../scene/snapshot.js';
import type { ScheduledSnapshot } from './contract.js';

/** A scene that is to go on air, and a callback for when it, or a newer one in its place, has been taken. */
export type SceneOffer = {
  readonly snapshot: SceneSnapshot;
  readonly scheduled: readonly ScheduledSnapshot[];
  readonly onTaken: () => void;
};

/**
 * A frame is planned anew for a change only if so many frames before it have been left as they were: planning and drawing
 * it twice leaves it half the time, which single changes may have, and a flood of them may not.
 */
const FRAMES_BETWEEN = 4;

/**
 * Lets each frame take one scene. A change that comes alone is taken at once, so that the frame that is planned can still
 * show it; others wait for the next frame, and the newest wins. A flood of changes so costs one plan for each frame, and
 * leaves the thread time to feed the encoder.
 */
export class SceneOffers {
  readonly #take: (offer: SceneOffer) => void;
  #waiting: SceneOffer | null = null;
  /** The newest frame that has taken a scene. */
  #changedFrame: number | null = null;
  #isPlanning = false;

  constructor(take: (offer: SceneOffer) => void) {
    this.#take = take;
  }

  /** Whether a frame is about to be planned: what is taken now need not be brought into the one before. */
  get isPlanning(): boolean {
    return this.#isPlanning;
  }

  /** `pendingFrame` is the one that is planned and not yet on air, if any. */
  offer(offer: SceneOffer, pendingFrame: number | null): void {
    const overtaken = this.#waiting;
    this.#waiting = offer;
    overtaken?.onTaken();
    const isAlone =
      pendingFrame === null ||
      this.#changedFrame === null ||
      pendingFrame - this.#changedFrame >= FRAMES_BETWEEN;
    if (isAlone) this.#takeWaiting();
  }

  /** Before frame `n` is planned. */
  beforePlan(n: number): void {
    if (this.#waiting === null) return;
    this.#changedFrame = n;
    this.#isPlanning = true;
    this.#takeWaiting();
    this.#isPlanning = false;
  }

  /** Frame `n` is planned anew for a change. */
  replanned(n: number): void {
    this.#changedFrame = n;
  }

  /** No frame is planned any more: frames may be counted anew. */
  clockStopped(): void {
    this.#changedFrame = null;
    this.#takeWaiting();
  }

  #takeWaiting(): void {
    const offer = this.#waiting;
    if (offer === null) return;
    this.#waiting = null;
    this.#take(offer);
    offer.onTaken();
  }
}
