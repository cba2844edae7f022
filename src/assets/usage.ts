import { fontFamiliesOf, isNamed } from '../scene/font-families.js';
import { assetsOfScene } from '../scene/references.js';
import type { Scene } from '../scene/schema/scene.js';
import type { Asset, ServiceState } from '../state/model.js';

/** Which assets scenes show. Scenes are immutable, so each is looked through once. */
export type AssetUsage = {
  /** Ids that any scene of the state refers to. */
  usedIds(state: ServiceState): ReadonlySet<string>;
};

/** Fonts are found by their family, so it depends on the assets as well. */
type Used = { readonly assets: readonly Asset[]; readonly ids: ReadonlySet<string> };

export function createAssetUsage(): AssetUsage {
  const byScene = new WeakMap<Scene, ReadonlySet<string>>();
  const byScenes = new WeakMap<readonly Scene[], Used>();

  const idsOf = (scene: Scene): ReadonlySet<string> => {
    const known = byScene.get(scene);
    if (known !== undefined) return known;
    const ids = assetsOfScene(scene);
    byScene.set(scene, ids);
    return ids;
  };

  return {
    usedIds({ scenes, assets }) {
      const known = byScenes.get(scenes);
      if (known?.assets === assets) return known.ids;
      const families = new Set(scenes.flatMap((scene) => [...fontFamiliesOf(scene)]));
      const fonts = assets.filter(({ font }) => font !== null && isNamed(font.family, families));
      const ids = new Set([
        ...scenes.flatMap((scene) => [...idsOf(scene)]),
        ...fonts.map(({ id }) => id),
      ]);
      byScenes.set(scenes, { assets, ids });
      return ids;
    },
  };
}
