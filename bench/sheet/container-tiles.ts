import { AUCTION_ASSET_IDS } from '../../src/demo/auction.js';
import { FULL_MOTION_ASSET_IDS } from '../../src/demo/full-motion.js';
import type { LayerInput, LayerType } from '../../src/scene/schema/layer.js';
import { HUES, MIDDLE, TILE, type Tile } from './tile.js';

const { background } = AUCTION_ASSET_IDS;

/** The scene that is shown in one of the tiles. */
const INNER_SCENE_ID = 'auction';

function box(id: string, fill: string, more: Record<string, unknown> = {}): LayerInput {
  return {
    id,
    type: 'shape',
    shape: 'rectangle',
    width: 44,
    height: 34,
    cornerRadius: 6,
    fill,
    ...more,
  };
}

function boxes(count: number, more: Record<string, unknown> = {}): LayerInput[] {
  return Array.from({ length: count }, (_, i) =>
    box(`box-${i}`, HUES[i % HUES.length] ?? '#ffffff', more),
  );
}

/** What has no size of its own fills its cell. */
function area(id: string, background: string, slot: NonNullable<LayerInput['slot']>): LayerInput {
  return { id, type: 'group', background, cornerRadius: 8, slot, layers: [] };
}

const INSIDE = { x: 16, y: 16, width: TILE.width - 32, height: TILE.height - 32 } as const;

/** Tiles of what other layers are in. */
export const CONTAINER_TILES = {
  scene: [
    {
      label: 'scene: one in another',
      layers: [
        { id: 'ground', type: 'image', asset: background, width: TILE.width, height: TILE.height },
        {
          id: 'scene',
          type: 'scene',
          scene: INNER_SCENE_ID,
          ...MIDDLE,
          width: 300,
          height: 168.75,
          cornerRadius: 12,
          rotation: -4,
        },
      ],
    },
  ],
  group: [
    {
      label: 'group: flex layout',
      layers: [
        {
          id: 'flex',
          type: 'group',
          ...INSIDE,
          layout: { type: 'flex', wrap: 'wrap', gap: 8, alignContent: 'center' },
          layers: boxes(13).map((layer, i) => ({ ...layer, slot: { grow: (i % 3) + 1 } })),
        },
      ],
    },
    {
      label: 'group: grid layout',
      layers: [
        {
          id: 'grid',
          type: 'group',
          ...INSIDE,
          layout: {
            type: 'grid',
            columns: ['1fr', '2fr', '1fr'],
            rows: ['1fr', '1fr', '1fr'],
            gap: 8,
          },
          layers: [
            area('a', '#ff6b6b', { columnSpan: 2 }),
            area('b', '#ffa94d', { rowSpan: 2 }),
            area('c', '#4dabf7', {}),
            area('d', '#69db7c', {}),
            area('e', '#9775fa', { columnSpan: 3 }),
          ],
        },
      ],
    },
    {
      label: 'group: tiles layout',
      layers: [
        {
          id: 'tiles',
          type: 'group',
          ...INSIDE,
          layout: { type: 'tiles', gap: 8 },
          layers: FULL_MOTION_ASSET_IDS.sprites.slice(0, 5).map((asset, i): LayerInput => ({
            id: `guest-${i}`,
            type: 'group',
            background: `${HUES[i] ?? '#ffffff'}66`,
            cornerRadius: 10,
            layout: { type: 'flex', justify: 'center', align: 'center' },
            layers: [{ id: `face-${i}`, type: 'image', asset, width: 60, height: 60 }],
          })),
        },
      ],
    },
  ],
} satisfies { readonly [T in LayerType]?: readonly Tile[] };
