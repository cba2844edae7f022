import type { Content } from '../render/content.js';
import { PAINT_KINDS, paintKindOf, predictPaintMs, type PaintKind } from '../render/paint-cost.js';

/** How much of its difference from what was known a new measurement counts. */
const WEIGHT = 0.1;
/** A machine is not so much slower or faster than the one of the constants: what is beyond was something else. */
const FACTOR_BOUNDS = { lowest: 0.2, highest: 8 };
/** Paints shorter than this tell more of the clock than of the paint, milliseconds. */
const TELLING_MS = 0.2;

/**
 * What paints cost on this machine: the prediction, corrected for each kind of drawing by what such paints took lately
 * (an exponential moving average).
 */
export class PaintCosts {
  readonly #factors = new Map<PaintKind, number>(PAINT_KINDS.map((kind) => [kind, 1]));

  predictMs(content: Content): number {
    return predictPaintMs(content) * (this.#factors.get(paintKindOf(content)) ?? 1);
  }

  /** A content has been painted in `tookMs` milliseconds. */
  observe(content: Content, tookMs: number): void {
    const predictedMs = predictPaintMs(content);
    if (Math.max(predictedMs, tookMs) < TELLING_MS) return;
    const kind = paintKindOf(content);
    const { lowest, highest } = FACTOR_BOUNDS;
    const measured = Math.min(highest, Math.max(lowest, tookMs / predictedMs));
    const known = this.#factors.get(kind) ?? 1;
    this.#factors.set(kind, known + WEIGHT * (measured - known));
  }
}
