import { rulesOf } from '../../layers/rules.js';
import { walkLayers } from '../layer-tree.js';
import type { LayerComplaint } from './check-layers.js';
import type { Layer } from './layer.js';

/**
 * What is refused when it is written, but read where it was stored before there was a rule: it is shown as well as it
 * can be.
 * @param unitPx - pixels of the program that a unit of the scene takes
 */
export function checkWritten(layers: readonly Layer[], unitPx: number): LayerComplaint[] {
  return [...walkLayers(layers)].flatMap(({ layer, path }) =>
    rulesOf(layer)
      .checkWritten(layer, unitPx)
      .map((own) => ({ ...own, path: [...path, ...own.path] })),
  );
}
