import { AUCTION_ASSET_IDS } from '../../src/demo/auction.js';
import { FULL_MOTION_ASSET_IDS } from '../../src/demo/full-motion.js';
import { sineMotion, turning } from '../../src/demo/motion.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { SceneInput } from '../../src/scene/schema/scene.js';

/** The scene that is shown in it, small. */
export const INNER_SCENE_ID = 'auction';

const BLENDS = [
  'multiply',
  'screen',
  'overlay',
  'soft-light',
  'color-dodge',
  'difference',
] as const;
const CENTRED = { x: 0.5, y: 0.5 };

function sprite(i: number): string {
  return FULL_MOTION_ASSET_IDS.sprites[i % FULL_MOTION_ASSET_IDS.sprites.length] ?? '';
}

/** A card that breathes: its group is faded as one, its shadow and its text stay as they are painted. */
function card(i: number): LayerInput {
  const x = 520 + 210 * (i % 4);
  return {
    id: `card-${i}`,
    type: 'group',
    x,
    y: 90,
    width: 190,
    height: 120,
    cornerRadius: 18,
    background: '#18243ce0',
    shadow: { y: 10, blur: 36, color: '#000000c0' },
    animations: [sineMotion('y', 90, 24, 1900 + 170 * i), sineMotion('opacity', 0.75, 0.25, 2300)],
    layers: [
      {
        id: `card-text-${i}`,
        type: 'text',
        text: `Lot ${i + 42}`,
        x: 20,
        y: 18,
        fontSize: 34,
        fontWeight: 700,
        shadow: { y: 3, blur: 8 },
      },
      {
        id: `card-bar-${i}`,
        type: 'shape',
        shape: 'rectangle',
        x: 20,
        y: 78,
        width: 150,
        height: 18,
        cornerRadius: 9,
        fill: '#ffd84a',
      },
    ],
  };
}

/** A soft light that blends with what is below; its blur is painted once, and only its place changes. */
function light(i: number): LayerInput {
  const centreX = 260 + 290 * i;
  return {
    id: `light-${i}`,
    type: 'shape',
    shape: 'ellipse',
    x: centreX,
    y: 560,
    anchor: CENTRED,
    width: 260,
    height: 260,
    fill: ['#ff6a3d', '#3da5ff', '#b65cff'][i % 3] ?? '#ffffff',
    opacity: 0.8,
    filters: [{ type: 'blur', radius: 24 }],
    blend: BLENDS[i] ?? 'normal',
    animations: [
      sineMotion('x', centreX, 120, 4100 + 300 * i),
      sineMotion('y', 560, 90, 3300 + 270 * i),
    ],
  };
}

/**
 * All that styles can do, in motion: groups faded as one and blended, masks, blurred and shadowed cards, colour filters
 * that change with every frame, perspective, and a scene in a scene. Nearly every pixel changes in every frame.
 */
export function effectsHeavyScene(): SceneInput {
  return {
    id: 'effects-heavy',
    layers: [
      {
        id: 'ground',
        type: 'image',
        asset: FULL_MOTION_ASSET_IDS.background,
        width: 1920,
        height: 1080,
        filters: [{ type: 'hue', degrees: 0 }],
        animations: [
          {
            property: 'filters.0.degrees',
            keyframes: [
              { atMs: 0, value: 0 },
              { atMs: 12_000, value: 360 },
            ],
            repeat: 'forever',
          },
        ],
      },
      ...BLENDS.map((_, i) => light(i)),
      {
        id: 'host',
        type: 'image',
        asset: AUCTION_ASSET_IDS.host,
        x: 40,
        y: 260,
        mask: { type: 'shape', shape: 'ellipse', x: 20, y: 0, width: 560, height: 760 },
        filters: [{ type: 'saturation', amount: 1 }],
        animations: [sineMotion('y', 260, 20, 2900), sineMotion('filters.0.amount', 1, 0.9, 3700)],
      },
      {
        id: 'star',
        type: 'image',
        asset: AUCTION_ASSET_IDS.badge,
        visible: false,
        x: 1010,
        y: 660,
        width: 520,
        height: 520,
        anchor: CENTRED,
        animations: [turning(9000, 360)],
      },
      {
        id: 'lot',
        type: 'image',
        asset: AUCTION_ASSET_IDS.artwork,
        x: 760,
        y: 410,
        width: 500,
        height: 500,
        mask: { type: 'layer', layer: 'star' },
      },
      {
        id: 'glow',
        type: 'group',
        blend: 'screen',
        opacity: 0.9,
        layers: Array.from({ length: 4 }, (_, i): LayerInput => ({
          id: `spark-${i}`,
          type: 'image',
          asset: sprite(i),
          x: 700 + 180 * i,
          y: 960,
          width: 160,
          height: 160,
          anchor: CENTRED,
          animations: [turning(5000 + 700 * i, i % 2 === 0 ? 360 : -360)],
        })),
      },
      ...[0, 1, 2, 3].map(card),
      {
        id: 'board',
        type: 'group',
        x: 1580,
        y: 740,
        width: 520,
        height: 300,
        anchor: CENTRED,
        background: '#203a5c',
        cornerRadius: 24,
        shadow: { y: 16, blur: 48 },
        animations: [sineMotion('rotationY', 0, 38, 5200), sineMotion('rotationX', 0, 12, 4300)],
        layers: [
          {
            id: 'board-title',
            type: 'text',
            text: 'Going once',
            x: 40,
            y: 40,
            fontSize: 64,
            fontWeight: 800,
          },
          {
            id: 'board-note',
            type: 'text',
            x: 40,
            y: 140,
            width: 440,
            fontSize: 30,
            text: 'The board turns in space; it is painted once.',
          },
        ],
      },
      {
        id: 'inset',
        type: 'scene',
        scene: INNER_SCENE_ID,
        x: 1360,
        y: 250,
        width: 520,
        height: 292.5,
        cornerRadius: 20,
        opacity: 0.95,
      },
    ],
  };
}
