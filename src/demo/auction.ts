import type { LayerInput } from '../scene/schema/layer.js';
import type { SceneInput } from '../scene/schema/scene.js';
import { ONE_RADIAN_PER_SECOND_MS, sineMotion, turning } from './motion.js';

/** The assets that `auction` and `static` show. */
export type AuctionAssetIds = {
  readonly background: string;
  readonly host: string;
  readonly artwork: string;
  readonly badge: string;
};

/** Ids under which `referencePictures` names the pictures of these two scenes. */
export const AUCTION_ASSET_IDS: AuctionAssetIds = {
  background: 'demo-background',
  host: 'demo-host',
  artwork: 'demo-artwork',
  badge: 'demo-badge',
};

/** The bid when the scene goes on air, in ETH; it grows by one every second. */
export const FIRST_BID_ETH = 12;

export const TITLE_TEXT = 'Lot 42 — Boy with Apple';

export const CHAT_LINES: readonly string[] = [
  'mira: look at those brush strokes',
  'anton: 14 ETH and it is mine',
  'zsofia: the apple is so green',
  'gustave: a very fine portrait',
  'agatha: who painted it?',
  'otto: van Hoytl the Younger',
  'ludwig: raising to 20',
  'clotilde: going once, going twice!',
];

export const TICKER_TEXT =
  'Next: Lot 43, Two Lovers at Dusk  •  All bids are binding  •  Live around the clock, no mixing desk in sight  •  Good luck!';

/** Pixels per second, to the left. */
export const TICKER_SPEED = 240;
export const TICKER_GAP_PX = 80;

/** Layer 18 of `auction`, which `full-motion` has as well. */
export const TICKER_LAYER: LayerInput = {
  id: 'ticker',
  type: 'ticker',
  text: TICKER_TEXT,
  x: 0,
  y: 1012,
  width: 1920,
  height: 44,
  fontSize: 36,
  speed: TICKER_SPEED,
  gap: TICKER_GAP_PX,
};

/** The layers of `auction` from the bottom to the top, with all that moves. */
function auctionLayers(assets: AuctionAssetIds): LayerInput[] {
  return [
    { id: 'background', type: 'image', asset: assets.background },
    {
      id: 'host',
      type: 'image',
      asset: assets.host,
      x: 60,
      y: 240,
      animations: [sineMotion('y', 240, 20, ONE_RADIAN_PER_SECOND_MS / 3)],
    },
    { id: 'artwork', type: 'image', asset: assets.artwork, x: 720, y: 160 },
    {
      id: 'badge',
      type: 'image',
      asset: assets.badge,
      x: 1340,
      y: 180,
      anchor: { x: 0.5, y: 0.5 },
      animations: [turning(ONE_RADIAN_PER_SECOND_MS, 360)],
    },
    {
      id: 'panel',
      type: 'shape',
      shape: 'rectangle',
      x: 1420,
      y: 160,
      width: 460,
      height: 640,
      cornerRadius: 24,
      fill: '#00000080',
    },
    { id: 'title', type: 'text', text: TITLE_TEXT, x: 720, y: 60, fontSize: 56, fontWeight: 700 },
    {
      id: 'bid',
      type: 'timer',
      format: '[Current bid ]s[ ETH]',
      digits: 'proportional',
      offsetMs: FIRST_BID_ETH * 1000,
      x: 720,
      y: 840,
      fontSize: 64,
      fontWeight: 700,
      color: '#ffd84a',
    },
    { id: 'timer', type: 'timer', format: 'HH:mm:ss.cc', x: 1500, y: 60, fontSize: 40 },
    ...CHAT_LINES.map((text, i): LayerInput => ({
      id: `chat-${i + 1}`,
      type: 'text',
      text,
      x: 1440,
      y: 180 + 40 * i,
      fontSize: 26,
    })),
    {
      id: 'strip',
      type: 'shape',
      shape: 'rectangle',
      x: 0,
      y: 1000,
      width: 1920,
      height: 64,
      fill: '#00000099',
    },
    TICKER_LAYER,
  ];
}

/** What the users run: a live auction. About 35 % of the picture changes from one frame to the next. */
export function auctionScene(assets: AuctionAssetIds): SceneInput {
  return { id: 'auction', name: 'Auction', layers: auctionLayers(assets) };
}

/** `auction` without what changes: nothing moves, no frame differs from the one before. */
export function staticScene(assets: AuctionAssetIds): SceneInput {
  const changing = new Set(['bid', 'timer', 'ticker']);
  const layers = auctionLayers(assets)
    .filter(({ id }) => !changing.has(id))
    .map((layer): LayerInput => ({ ...layer, animations: [] }));
  return { id: 'static', name: 'Static', layers };
}
