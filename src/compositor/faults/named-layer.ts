import type { CompiledLayer } from '../../scene/resolve.js';

/** What tells a layer from others. */
export type NamedLayer = {
  readonly sceneId: string | null;
  /** How many scenes have come on air since the one that it is seen in, of those that are still seen. */
  readonly depth: number;
  /** Tells it from every other that is seen in that scene. */
  readonly path: string;
  readonly compiled: CompiledLayer;
};
