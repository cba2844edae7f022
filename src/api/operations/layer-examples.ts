import { DOCUMENTS } from '../../layers/documents.js';
import type { LayerInput } from '../../scene/schema/layer.js';

/** One layer of every kind, as a user may send it, by its kind. */
export const LAYER_EXAMPLES: Readonly<Record<string, LayerInput>> = Object.fromEntries(
  Object.values(DOCUMENTS).map(({ example }) => [example.type, example]),
);
