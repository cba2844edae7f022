import { join } from 'node:path';
import { auctionScene, AUCTION_ASSET_IDS, staticScene } from '../src/demo/auction.js';
import { FULL_MOTION_ASSET_IDS, fullMotionScene } from '../src/demo/full-motion.js';
import { SceneSchema, type SceneInput } from '../src/scene/schema/scene.js';
import { EMPTY_STAGE } from '../src/scene/motion/stage.js';
import type { PictureSource, SceneSnapshot } from '../src/scene/snapshot.js';

export const SCENE_NAMES = ['auction', 'full-motion', 'static'] as const;
export type SceneName = (typeof SCENE_NAMES)[number];

const INPUTS: Readonly<Record<SceneName, SceneInput>> = {
  auction: auctionScene(AUCTION_ASSET_IDS),
  'full-motion': fullMotionScene(FULL_MOTION_ASSET_IDS),
  static: staticScene(AUCTION_ASSET_IDS),
};

const PICTURE_SIZES: readonly (readonly [id: string, width: number, height: number])[] = [
  [AUCTION_ASSET_IDS.background, 1920, 1080],
  [AUCTION_ASSET_IDS.host, 600, 800],
  [AUCTION_ASSET_IDS.artwork, 640, 640],
  [AUCTION_ASSET_IDS.badge, 200, 200],
  [FULL_MOTION_ASSET_IDS.background, 2304, 1296],
  ...FULL_MOTION_ASSET_IDS.sprites.map((id): [string, number, number] => [id, 200, 200]),
];

/**
 * Any scene over the reference pictures, as the program gets it, with scene time 0 at wall-clock time 0.
 * @param folder where `writePictureFiles` has put the pictures
 */
export function toSnapshot(scene: SceneInput, folder: string): SceneSnapshot {
  const pictures = PICTURE_SIZES.map(([id, width, height]): [string, PictureSource] => [
    id,
    { contentHash: id, path: join(folder, `${id}.png`), width, height },
  ]);
  return {
    revision: 1,
    scene: SceneSchema.parse(scene),
    nested: {},
    stage: EMPTY_STAGE,
    stages: {},
    transition: null,
    takenAtMs: 0,
    pictures: Object.fromEntries(pictures),
    fonts: [],
    acceptedAtNs: null,
  };
}

/** A reference scene as the program gets it. */
export function referenceSnapshot(name: SceneName, folder: string): SceneSnapshot {
  return toSnapshot(INPUTS[name], folder);
}
