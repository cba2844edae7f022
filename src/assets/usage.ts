import { assetsOfScene } from '../scene/references.js';
import type { Scene } from '../scene/schema/scene.js';
import { substitute } from '../scene/variables/substitute.js';
import type { ServiceState } from '../state/model.js';

/**
 * Which assets a scene shows, as it is written and with the variables as they are. Scenes are immutable, so each is
 * looked through once.
 */
export type AssetUsage = {
  /** Ids that any scene of the state refers to. */
  usedIds(state: ServiceState): ReadonlySet<string>;
};

export function createAssetUsage(): AssetUsage {
  const byScene = new WeakMap<Scene, ReadonlySet<string>>();
  let last: {
    readonly scenes: ServiceState['scenes'];
    readonly variables: ServiceState['variables'];
    readonly ids: ReadonlySet<string>;
  } | null = null;

  const idsOf = (scene: Scene): ReadonlySet<string> => {
    const known = byScene.get(scene);
    if (known !== undefined) return known;
    const ids = assetsOfScene(scene);
    byScene.set(scene, ids);
    return ids;
  };

  return {
    usedIds({ scenes, variables }) {
      if (last?.scenes === scenes && last.variables === variables) return last.ids;
      const ids = new Set(
        scenes.flatMap((scene) => [...idsOf(scene), ...idsOf(substitute(scene, variables).scene)]),
      );
      last = { scenes, variables, ids };
      return ids;
    },
  };
}
