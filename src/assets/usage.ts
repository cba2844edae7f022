import { familiesIn, isNamed } from '../scene/font-families.js';
import { shotsBehind } from '../scene/motion/running-transition.js';
import { leavingLayers } from '../scene/motion/stage.js';
import { assetsOfScene } from '../scene/references.js';
import type { Scene } from '../scene/schema/scene.js';
import { assetsOfSound } from '../scene/sound/references.js';
import { substitute } from '../scene/variables/substitute.js';
import type { ServiceState } from '../state/model.js';
import { assetsOfTransition } from '../scene/transition-facts.js';

/**
 * Which assets a scene shows, as it is written and with the variables as they are. Scenes are immutable, so each is
 * looked through once.
 */
export type AssetUsage = {
  /** Ids that any scene or transition of the state refers to, or anything that is still seen of what was. */
  usedIds(state: ServiceState): ReadonlySet<string>;
};

/** What of a scene decides which assets it shows. */
type SceneUsage = {
  readonly ids: ReadonlySet<string>;
  readonly families: ReturnType<typeof familiesIn>;
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

/** Parts of the state that decide which assets are used. */
const DECISIVE = [
  'scenes',
  'variables',
  'transitions',
  'program',
  'stages',
  'assets',
  'sound',
] as const;

export function createAssetUsage(): AssetUsage {
  const byScene = new WeakMap<Scene, SceneUsage>();
  let last: { readonly state: ServiceState; readonly ids: ReadonlySet<string> } | null = null;

  const usageOf = (scene: Scene): SceneUsage => {
    const known = byScene.get(scene);
    if (known !== undefined) return known;
    const usage = { ids: assetsOfScene(scene), families: familiesIn(scene) };
    byScene.set(scene, usage);
    return usage;
  };

  const idsOf = (state: ServiceState): ReadonlySet<string> => {
    const { scenes, variables, assets } = state;
    const used = scenes.map(usageOf);
    const substituted = scenes.map((scene) => usageOf(substitute(scene, variables).scene));
    const families = new Set(used.flatMap((one) => [...one.families]));
    const fonts = assets.filter(({ font }) => font !== null && isNamed(font.family, families));
    return new Set([
      ...[...used, ...substituted].flatMap(({ ids }) => [...ids]),
      ...passingIds(state),
      ...assetsOfSound(state.sound),
      ...fonts.map(({ id }) => id),
    ]);
  };

  return {
    usedIds: (state) => {
      const known = last;
      if (known !== null && DECISIVE.every((part) => known.state[part] === state[part]))
        return known.ids;
      const ids = idsOf(state);
      last = { state, ids };
      return ids;
    },
  };
}
