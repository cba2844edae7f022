import { showsItself } from '../scene/references.js';
import type { Scene } from '../scene/schema/scene.js';
import type { ServiceState } from './model.js';
import { invalid } from './validate.js';

/** Refuses a scene that would show itself, be it through others. @throws AppError SM_REQUEST_INVALID */
export function checkNesting(state: ServiceState, scene: Scene): void {
  const isCircular = showsItself(scene, (id) =>
    id === scene.id ? scene : (state.scenes.find((other) => other.id === id) ?? null),
  );
  if (!isCircular) return;
  throw invalid('scene', [
    {
      path: '/layers',
      message: `must not be the scene ${scene.id} itself or a scene that contains it`,
    },
  ]);
}
