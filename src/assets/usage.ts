import { familiesIn, isNamed } from '../scene/font-families.js';
import { shotsBehind } from '../scene/motion/running-transition.js';
import { leavingLayers } from '../scene/motion/stage.js';
import { assetsOfScene } from '../scene/references.js';
import { assetsOfTransition } from '../scene/schema/scene-transition.js';
import type { Scene } from '../scene/schema/scene.js';
import { substitute } from '../scene/variables/substitute.js';
import type { ServiceState } from '../state/model.js';

/**
 * Which assets a scene shows, as it is written and with the variables as they are. Scenes are immutable, so each is
 * looked through once.
 */
export type AssetUsage = {
  /** Ids that any scene or transition of the state refers to, or anything that is still seen of what was. */
  usedIds(state: ServiceState): ReadonlySet<string>;
};

/** Ids that are seen besides those of the scenes: layers that leave, scenes that go, transitions. */
function passingIds({ stages, program, transitions }: ServiceState): string[] {
  const running = shotsBehind(program.transition);
  const leaving = [...Object.values(stages), ...running.map(({ from }) => from.stage)].map(
    (stage) => ({ layers: leavingLayers(stage) }),
  );
  const outgoing = running.flatMap(({ from }) => from.scene ?? []);
  const kinds = [
    transitions.default,
    ...transitions.pairs.map(({ transition }) => transition),
    ...running.map(({ kind }) => kind),
  ];
  return [
    ...[...leaving, ...outgoing].flatMap((scene) => [...assetsOfScene(scene)]),
    ...kinds.flatMap(assetsOfTransition),
  ];
}

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

  const idsOfAll = ({ scenes, variables }: ServiceState): ReadonlySet<string> => {
    if (last?.scenes === scenes && last.variables === variables) return last.ids;
    const ids = new Set(
      scenes.flatMap((scene) => [...idsOf(scene), ...idsOf(substitute(scene, variables).scene)]),
    );
    last = { scenes, variables, ids };
    return ids;
  };

  return {
    usedIds: (state) => {
      const passing = passingIds(state);
      const families = new Set(state.scenes.flatMap((scene) => [...familiesIn(scene)]));
      const fonts = state.assets
        .filter(({ font }) => font !== null && isNamed(font.family, families))
        .map(({ id }) => id);
      const ids = idsOfAll(state);
      const more = [...passing, ...fonts];
      return more.length === 0 ? ids : new Set([...ids, ...more]);
    },
  };
}
