import type { Scene } from '../scene/schema/scene.js';
import { checkExpressions } from '../scene/variables/layer-expressions.js';
import { invalid, toPointer } from './validate.js';

/** Refuses a scene whose texts or bindings can not be understood. @throws AppError SM_REQUEST_INVALID */
export function checkSceneExpressions({ layers }: Scene): void {
  const complaints = checkExpressions(layers);
  if (complaints.length === 0) return;
  throw invalid(
    'scene',
    complaints.map(({ path, message }) => ({ path: toPointer(['layers', ...path]), message })),
  );
}
