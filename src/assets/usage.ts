import { assetsOfScene } from '../scene/references.js';
import type { Scene } from '../scene/schema/scene.js';
import type { ServiceState } from '../state/model.js';

/** Which assets a scene shows. Scenes are immutable, so each is looked through once. */
export type AssetUsage = {
  /** Ids that any scene of the state refers to. */
  usedIds(state: ServiceState): ReadonlySet<string>;
};

export function createAssetUsage(): AssetUsage {
  const byScene = new WeakMap<Scene, ReadonlySet<string>>();
  const byScenes = new WeakMap<readonly Scene[], ReadonlySet<string>>();

  const idsOf = (scene: Scene): ReadonlySet<string> => {
    const known = byScene.get(scene);
    if (known !== undefined) return known;
    const ids = assetsOfScene(scene);
    byScene.set(scene, ids);
    return ids;
  };

  return {
    usedIds({ scenes }) {
      const known = byScenes.get(scenes);
      if (known !== undefined) return known;
      const ids = new Set(scenes.flatMap((scene) => [...idsOf(scene)]));
      byScenes.set(scenes, ids);
      return ids;
    },
  };
}
