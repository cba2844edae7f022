import { createCanvas, type Context2D } from '../render/canvas.js';
import { AUCTION_ASSET_IDS } from './auction.js';
import { FULL_MOTION_ASSET_IDS } from './full-motion.js';
import { paintAuctionRoom, paintPanorama } from './paint-backdrops.js';
import { paintStarBadge, paintSprite } from './paint-emblems.js';
import { paintBoyWithApple, paintHost } from './paint-figures.js';
import { createRandom } from './random.js';

/** A picture of a reference scene, ready to be stored as the asset `id`. */
export type ReferencePicture = {
  readonly id: string;
  readonly name: string;
  readonly png: Buffer;
};

type Drawing = {
  readonly id: string;
  readonly name: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly paint: (context: Context2D) => void;
};

const SEED = 42;

const AUCTION_DRAWINGS: readonly Drawing[] = [
  {
    id: AUCTION_ASSET_IDS.background,
    name: 'Auction room',
    widthPx: 1920,
    heightPx: 1080,
    paint: (context) => {
      paintAuctionRoom(context, 1920, 1080, createRandom(SEED));
    },
  },
  { id: AUCTION_ASSET_IDS.host, name: 'Host', widthPx: 600, heightPx: 800, paint: paintHost },
  {
    id: AUCTION_ASSET_IDS.artwork,
    name: 'Boy with Apple',
    widthPx: 640,
    heightPx: 640,
    paint: paintBoyWithApple,
  },
  {
    id: AUCTION_ASSET_IDS.badge,
    name: 'Star badge',
    widthPx: 200,
    heightPx: 200,
    paint: paintStarBadge,
  },
];

const FULL_MOTION_DRAWINGS: readonly Drawing[] = [
  {
    id: FULL_MOTION_ASSET_IDS.background,
    name: 'Panorama',
    widthPx: 2304,
    heightPx: 1296,
    paint: (context) => {
      paintPanorama(context, 2304, 1296, createRandom(SEED));
    },
  },
  ...FULL_MOTION_ASSET_IDS.sprites.map((id, i) => ({
    id,
    name: `Sprite ${i + 1}`,
    widthPx: 200,
    heightPx: 200,
    paint: (context: Context2D): void => {
      paintSprite(context, i);
    },
  })),
];

/** The pictures by the scenes that show them; `static` shows those of `auction`. */
const DRAWINGS = { auction: AUCTION_DRAWINGS, 'full-motion': FULL_MOTION_DRAWINGS } as const;

/**
 * Draws the pictures of a reference scene in code, from a fixed seed: the same on every machine but for the
 * rounding of Skia's paths. Painting takes the calling thread some 20 ms; the PNGs are packed on other threads.
 */
export function referencePictures(
  scene: keyof typeof DRAWINGS,
): Promise<readonly ReferencePicture[]> {
  return Promise.all(
    DRAWINGS[scene].map(async ({ id, name, widthPx, heightPx, paint }) => {
      const canvas = createCanvas(widthPx, heightPx);
      paint(canvas.getContext('2d'));
      return { id, name, png: await canvas.encode('png') };
    }),
  );
}
