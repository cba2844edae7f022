import type { LayerInput } from '../scene/schema/layer.js';
import type { SceneInput } from '../scene/schema/scene.js';
import { TICKER_LAYER } from './auction.js';
import { sineMotion, turning } from './motion.js';

/** The assets that `full-motion` shows. */
export type FullMotionAssetIds = {
  readonly background: string;
  /** Twelve. */
  readonly sprites: readonly string[];
};

/** How one sprite moves: about a centre, in pixels, with its own periods, in milliseconds. */
export type SpriteMotion = {
  readonly centreX: number;
  readonly centreY: number;
  readonly amplitudeX: number;
  readonly amplitudeY: number;
  readonly periodXMs: number;
  readonly periodYMs: number;
  readonly turnMs: number;
  readonly degrees: 360 | -360;
};

const COLUMNS = 4;

/** Twelve sprites on a grid of four by three; the periods differ, so that they never move in step. */
export const SPRITE_MOTIONS: readonly SpriteMotion[] = Array.from({ length: 12 }, (_, i) => ({
  centreX: 300 + 440 * (i % COLUMNS),
  centreY: 200 + 320 * Math.floor(i / COLUMNS),
  amplitudeX: (i % 2 === 0 ? 1 : -1) * (120 + 8 * i),
  amplitudeY: (i % 3 === 0 ? 1 : -1) * (60 + 5 * i),
  periodXMs: 3000 + 370 * i,
  periodYMs: 4100 + 290 * i,
  turnMs: 2400 + 450 * i,
  degrees: i % 2 === 0 ? 360 : -360,
}));

/**
 * How the background moves about the centre of the picture. Its own size is 2304x1296, so that at scale 1 it
 * reaches 192 and 108 pixels over the edges: the pan stays inside that.
 */
export const BACKGROUND_MOTION = {
  zoomFrom: 1,
  zoomTo: 1.2,
  zoomMs: 10_000,
  amplitudeX: 160,
  amplitudeY: 90,
  periodXMs: 13_000,
  periodYMs: 9_000,
} as const;

/** Ids under which `referencePictures` names the pictures of this scene. */
export const FULL_MOTION_ASSET_IDS: FullMotionAssetIds = {
  background: 'demo-panorama',
  sprites: SPRITE_MOTIONS.map((_, i) => `demo-sprite-${i + 1}`),
};

/** The hardest case: every pixel changes in every frame. */
export function fullMotionScene(assets: FullMotionAssetIds): SceneInput {
  const { zoomFrom, zoomTo, zoomMs, amplitudeX, amplitudeY, periodXMs, periodYMs } =
    BACKGROUND_MOTION;
  const background: LayerInput = {
    id: 'background',
    type: 'image',
    asset: assets.background,
    x: 960,
    y: 540,
    anchor: { x: 0.5, y: 0.5 },
    animations: [
      {
        property: 'scale',
        keyframes: [
          { atMs: 0, value: zoomFrom },
          { atMs: zoomMs, value: zoomTo },
        ],
        repeat: 'forever',
        alternate: true,
      },
      sineMotion('x', 960, amplitudeX, periodXMs),
      sineMotion('y', 540, amplitudeY, periodYMs),
    ],
  };
  const sprites = SPRITE_MOTIONS.flatMap((motion, i): LayerInput[] => {
    const asset = assets.sprites[i];
    if (asset === undefined) return [];
    return [
      {
        id: `sprite-${i + 1}`,
        type: 'image',
        asset,
        x: motion.centreX,
        y: motion.centreY,
        anchor: { x: 0.5, y: 0.5 },
        animations: [
          sineMotion('x', motion.centreX, motion.amplitudeX, motion.periodXMs),
          sineMotion('y', motion.centreY, motion.amplitudeY, motion.periodYMs),
          turning(motion.turnMs, motion.degrees),
        ],
      },
    ];
  });
  return { id: 'full-motion', name: 'Full motion', layers: [background, ...sprites, TICKER_LAYER] };
}
