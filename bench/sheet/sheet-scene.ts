import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { SceneInput } from '../../src/scene/schema/scene.js';
import { KIND_TILES } from './kind-tiles.js';
import { STYLE_TILES } from './style-tiles.js';
import { TILE, type Section, type Tile } from './tile.js';
import { TRANSITIONS, transitionId } from './transition-stills.js';

const COLUMNS = 5;
const [MARGIN, GAP, LABEL, HEADING] = [32, 24, 40, 84];

/** Width of the sheet, pixels. */
const WIDTH = 2 * MARGIN + COLUMNS * TILE.width + (COLUMNS - 1) * GAP;

const TRANSITION_TILES = Object.keys(TRANSITIONS).map((kind): Tile => ({
  label: kind,
  layers: [
    {
      id: 'still',
      type: 'image',
      asset: transitionId(kind),
      width: TILE.width,
      height: TILE.height,
    },
  ],
}));

/** All that is on the sheet. */
export const SECTIONS: readonly Section[] = [
  { title: 'Layers', tiles: Object.values(KIND_TILES).flat() },
  { title: 'Styles', tiles: STYLE_TILES },
  { title: 'Scene transitions, half-way', tiles: TRANSITION_TILES },
];

/** Ids are of their tile alone. */
function named(layer: LayerInput, prefix: string): LayerInput {
  const id = `${prefix}-${layer.id}`;
  const mask =
    layer.mask?.type === 'layer'
      ? { ...layer.mask, layer: `${prefix}-${layer.mask.layer}` }
      : layer.mask;
  const fallback = layer.fallback == null ? null : `${prefix}-${layer.fallback}`;
  return layer.type === 'group'
    ? { ...layer, id, mask, fallback, layers: layer.layers.map((inner) => named(inner, prefix)) }
    : { ...layer, id, mask, fallback };
}

function tileLayers({ label, layers }: Tile, id: string, x: number, y: number): LayerInput[] {
  return [
    {
      id,
      type: 'group',
      x,
      y,
      width: TILE.width,
      height: TILE.height,
      cornerRadius: 12,
      overflow: 'hidden',
      background: {
        type: 'linear',
        angle: 160,
        stops: [
          { at: 0, color: '#2b3350' },
          { at: 1, color: '#171c30' },
        ],
      },
      layers: layers.map((layer) => named(layer, id)),
    },
    {
      id: `${id}-label`,
      type: 'text',
      text: label,
      x: x + 4,
      y: y + TILE.height + 6,
      width: TILE.width - 8,
      fontSize: 18,
      maxLines: 1,
      color: '#b8c4e0',
    },
  ];
}

/** The sheet as a scene, as high as what is on it. */
export function sheetScene(): SceneInput & { readonly width: number; readonly height: number } {
  const layers: LayerInput[] = [];
  let y = 12;
  for (const [s, { title, tiles }] of SECTIONS.entries()) {
    layers.push({
      id: `heading-${s}`,
      type: 'text',
      text: title,
      x: MARGIN,
      y: y + 18,
      fontSize: 40,
      fontWeight: 800,
    });
    y += HEADING;
    for (const [i, tile] of tiles.entries()) {
      const column = i % COLUMNS;
      const row = Math.floor(i / COLUMNS);
      const x = MARGIN + column * (TILE.width + GAP);
      layers.push(...tileLayers(tile, `tile-${s}-${i}`, x, y + row * (TILE.height + LABEL)));
    }
    y += Math.ceil(tiles.length / COLUMNS) * (TILE.height + LABEL);
  }
  const height = 2 * Math.ceil((y + 16) / 2);
  return { id: 'sheet', width: WIDTH, height, background: '#0d1120', layers };
}
