import { join } from 'node:path';
import { auctionScene, AUCTION_ASSET_IDS, staticScene } from '../src/demo/auction.js';
import { FULL_MOTION_ASSET_IDS, fullMotionScene } from '../src/demo/full-motion.js';
import { EMPTY_STAGE, type Stage } from '../src/scene/motion/stage.js';
import { SceneSchema, type Scene, type SceneInput } from '../src/scene/schema/scene.js';
import type { PictureSource, SceneSnapshot } from '../src/scene/snapshot.js';
import { effectsHeavyScene, INNER_SCENE_ID } from './scenes/effects-heavy.js';
import { layoutHeavyScene } from './scenes/layout-heavy.js';
import { photographId, PHOTOGRAPHS, PHOTOGRAPH_SIZE } from './scenes/photographs.js';
import { picturesHeavyScene } from './scenes/pictures-heavy.js';
import { textHeavyScene } from './scenes/text-heavy.js';
import { createVersions } from './scenes/versions.js';

/** Scenes that others can make as well. */
export const REFERENCE_NAMES = ['auction', 'full-motion', 'static'] as const;
export type ReferenceName = (typeof REFERENCE_NAMES)[number];

/** Scenes that are heavy in one way each; see bench/scenes/. */
export const HEAVY_NAMES = [
  'text-heavy',
  'layout-heavy',
  'effects-heavy',
  'pictures-heavy',
] as const;

export const SCENE_NAMES = [...REFERENCE_NAMES, ...HEAVY_NAMES] as const;
export type SceneName = (typeof SCENE_NAMES)[number];

/** A scene by the second; null: it is the same at all times. */
type SceneSource = {
  readonly scene: (second: number) => SceneInput;
  readonly changes: { readonly transitionMs: number | null } | null;
};

const still = (input: SceneInput): SceneSource => ({ scene: () => input, changes: null });

const SOURCES: Readonly<Record<SceneName, SceneSource>> = {
  auction: still(auctionScene(AUCTION_ASSET_IDS)),
  'full-motion': still(fullMotionScene(FULL_MOTION_ASSET_IDS)),
  static: still(staticScene(AUCTION_ASSET_IDS)),
  'text-heavy': { scene: textHeavyScene, changes: { transitionMs: null } },
  'layout-heavy': { scene: layoutHeavyScene, changes: { transitionMs: null } },
  'effects-heavy': still(effectsHeavyScene()),
  'pictures-heavy': still(picturesHeavyScene()),
};

const PICTURE_SIZES: readonly (readonly [id: string, width: number, height: number])[] = [
  [AUCTION_ASSET_IDS.background, 1920, 1080],
  [AUCTION_ASSET_IDS.host, 600, 800],
  [AUCTION_ASSET_IDS.artwork, 640, 640],
  [AUCTION_ASSET_IDS.badge, 200, 200],
  [FULL_MOTION_ASSET_IDS.background, 2304, 1296],
  ...FULL_MOTION_ASSET_IDS.sprites.map((id): [string, number, number] => [id, 200, 200]),
];

/** Where the reference pictures are, by their asset ids. */
function picturesIn(folder: string): Record<string, PictureSource> {
  const drawn = PICTURE_SIZES.map(([id, width, height]): [string, PictureSource] => [
    id,
    { contentHash: id, path: join(folder, `${id}.png`), width, height },
  ]);
  const photographs = Array.from({ length: PHOTOGRAPHS }, (_, i): [string, PictureSource] => {
    const id = photographId(i);
    return [id, { contentHash: id, path: join(folder, `${id}.jpg`), ...PHOTOGRAPH_SIZE }];
  });
  return Object.fromEntries([...drawn, ...photographs]);
}

/**
 * Any scene over the reference pictures, as the program gets it, with scene time 0 at wall-clock time 0.
 * @param folder where `writePictureFiles` has put the pictures
 */
export function toSnapshot(scene: SceneInput, folder: string): SceneSnapshot {
  return snapshotOf(SceneSchema.parse(scene), EMPTY_STAGE, 1, folder);
}

function snapshotOf(scene: Scene, stage: Stage, revision: number, folder: string): SceneSnapshot {
  return {
    revision,
    scene,
    stage,
    stages: {},
    transition: null,
    takenAtMs: 0,
    nested: { [INNER_SCENE_ID]: INNER_SCENE },
    pictures: picturesIn(folder),
    fonts: [],
    acceptedAtNs: null,
  };
}

const INNER_SCENE = SceneSchema.parse(auctionScene(AUCTION_ASSET_IDS));

/** A scene of the benchmark as the program gets it, in its versions. */
export type BenchScene = {
  readonly name: SceneName;
  /** What is on air from a second of media time on. */
  readonly snapshotAt: (second: number) => SceneSnapshot;
  readonly isChanging: boolean;
};

/** @param folder where `writePictureFiles` has put the pictures */
export function benchScene(name: SceneName, folder: string): BenchScene {
  const { scene, changes } = SOURCES[name];
  const first = toSnapshot(scene(0), folder);
  if (changes === null) return { name, isChanging: false, snapshotAt: () => first };
  const versionAt = createVersions({ sceneAt: scene, ...changes });
  return {
    name,
    isChanging: true,
    snapshotAt: (second) => {
      const { scene: document, stage } = versionAt(second);
      return { ...first, scene: document, stage, revision: second + 1 };
    },
  };
}

/** A scene of the benchmark as it is at first. */
export function referenceSnapshot(name: SceneName, folder: string): SceneSnapshot {
  return benchScene(name, folder).snapshotAt(0);
}
