import { setTimeout } from 'node:timers/promises';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { BackgroundPainter } from './background-painter.js';
import type { FramePlanner } from './frame-planner.js';
import type { PaintsAhead } from './realise/paints-ahead.js';

/** How deep bitmaps are looked for that are drawn into others before a scene is shown. */
const MAX_PAINT_ROUNDS = 4;
/** Texts of a scene are set ahead in so many parts at the most, with so long between two of them for the clock. */
const MAX_TEXT_ROUNDS = 400;
const TEXT_ROUND_MS = 4;

/**
 * Finds what a scene needs before it is shown, by drawing it into nothing: its pictures, and what is slow to paint. In the
 * compositor thread, a part at a time, so that frames have their turn in between. A layer that fails needs nothing.
 */
export class ScenePreparation {
  readonly #planner: FramePlanner;
  readonly #painter: BackgroundPainter | null;

  /** @param painter - null: every frame has all that it shows painted */
  constructor(planner: FramePlanner, painter: BackgroundPainter | null) {
    this.#planner = planner;
    this.#painter = painter;
  }

  /** Finds all pictures of a scene, a part at a time with the clock between; null when they are known. Bounded in time. */
  findPictures(snapshot: SceneSnapshot): Promise<void> | null {
    return this.#planner.hasAllPicturesOf(snapshot) ? null : this.#findAll(snapshot);
  }

  async #findAll(snapshot: SceneSnapshot): Promise<void> {
    for (let round = 1; round < MAX_TEXT_ROUNDS; round++) {
      await setTimeout(TEXT_ROUND_MS);
      if (this.#planner.hasAllPicturesOf(snapshot)) return;
    }
  }

  /**
   * Has painted in the background what a scene needs at a moment and frames could not paint in time, before it is
   * shown. Null when there is nothing of the kind; otherwise resolves when all that can be there is there.
   */
  paintAhead(snapshot: SceneSnapshot, programTimeMs: number): Promise<void> | null {
    const painter = this.#painter;
    if (painter === null) return null;
    const first = this.#planner.paintsOf(snapshot, programTimeMs);
    if (first.isTooMuch) return this.#paintAll(painter, first, snapshot, programTimeMs);
    first.release();
    return null;
  }

  async #paintAll(
    painter: BackgroundPainter,
    first: PaintsAhead,
    snapshot: SceneSnapshot,
    programTimeMs: number,
  ): Promise<void> {
    const rounds = [first];
    let [textRounds, paintRounds] = [0, 1];
    for (let round = first; ;) {
      round.order();
      while (!round.isDone && painter.isBusy) await painter.progress();
      if (round.hasUnfinishedText) {
        if (++textRounds === MAX_TEXT_ROUNDS) break;
        // The clock has its turn before the next part of the texts.
        await setTimeout(TEXT_ROUND_MS);
      } else if (!round.isIncomplete || ++paintRounds > MAX_PAINT_ROUNDS) break;
      // What others are drawn into can be known now.
      round = this.#planner.paintsOf(snapshot, programTimeMs);
      rounds.push(round);
    }
    for (const round of rounds) round.release();
  }
}
