import type { Scene } from '../scene/schema/scene.js';
import { checkWritten } from '../scene/schema/check-written.js';
import { checkExpressions } from '../scene/variables/layer-expressions.js';
import type { ServiceState } from './model.js';
import { checkAssetKinds } from './asset-kinds.js';
import { invalid, toPointer } from './validate.js';

/** Pixels of the program that a unit of a scene takes. */
export function unitPxOf({ config }: ServiceState, { width, height }: Scene): number {
  const { resolution } = config;
  return Math.min(resolution.width / width, resolution.height / height);
}

/**
 * Refuses a scene whose texts, bindings or formats cannot be understood, whose codes cannot be read, or whose assets are of
 * another kind.
 * @throws AppError SM_REQUEST_INVALID
 */
export function checkSceneExpressions(state: ServiceState, scene: Scene): void {
  const { layers } = scene;
  const complaints = [
    ...checkExpressions(layers),
    ...checkWritten(layers, unitPxOf(state, scene)),
    ...checkAssetKinds(state, layers),
  ];
  if (complaints.length === 0) return;
  throw invalid(
    'scene',
    complaints.map(({ path, message }) => ({ path: toPointer(['layers', ...path]), message })),
  );
}
