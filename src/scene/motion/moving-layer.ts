import type { Layer } from '../schema/layer.js';
import { valueAt } from '../field-path.js';

/** A layer over time, of which every moment can be asked for, in any order. */
export type MovingLayer = {
  /** As its document has it. */
  readonly layer: Layer;
  /** Paths of the fields that move, such as `x` or `shadow.blur`. */
  readonly moving: ReadonlySet<string>;
  /**
   * The layer at a moment; the same object as `layer` when nothing of it moves.
   * @param sceneTimeMs - since its scene was taken: animations count from there
   * @param programTimeMs - transitions, entries and exits count by it
   */
  at(sceneTimeMs: number, programTimeMs: number): Layer;
  /** Largest value that a number takes while it moves like this, or null when it has none: overshooting left out. */
  largest(property: string): number | null;
};

/** The number that a document has in a field; null when it has none. */
export function numberIn(layer: Layer, property: string): number | null {
  const value = valueAt(layer, property);
  return typeof value === 'number' ? value : null;
}

/** The larger of two, either of which may be missing. */
export function largerOf(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}
