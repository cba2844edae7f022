import { AUCTION_ASSET_IDS } from '../../src/demo/auction.js';
import { sineMotion } from '../../src/demo/motion.js';
import { SCENE_LIMITS } from '../../src/scene/limits.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { SceneInput } from '../../src/scene/schema/scene.js';

/** The scene of a kind that goes on air. */
export const HEAVIEST_ID = 'heaviest';

/** Scenes that take more with `n`: the last one is shown, the others are in it. */
type HeavyKind = (n: number) => readonly SceneInput[];

function repeat(count: number, make: (i: number) => LayerInput): LayerInput[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

/** A box that moves, never in step with another. */
function box(i: number, size: number): LayerInput {
  const [x, y] = [(i * 733) % (1920 - size), (i * 397) % (1080 - size)];
  return {
    id: `box-${i}`,
    type: 'shape',
    shape: 'rectangle',
    width: size,
    height: size,
    x,
    y,
    fill: `hsl(${(i * 47) % 360} 70% 50%)`,
    animations: [sineMotion('x', x, 20, 2000 + 37 * (i % 50))],
  };
}

function scene(layers: LayerInput[], id = HEAVIEST_ID): SceneInput {
  return { id, layers };
}

function stillBox(i: number, size: number): LayerInput {
  return { ...box(i, size), animations: [] };
}

/** What a scene may show at the most, in one way each. */
export const HEAVIEST_KINDS: Readonly<Record<string, HeavyKind>> = {
  'nested-scenes': (n) => [
    scene(
      repeat(10, (i) => box(i, 100)),
      'inner',
    ),
    scene(
      repeat(n, (i) => ({
        id: `scene-${i}`,
        type: 'scene',
        scene: 'inner',
        width: 300,
        height: 200,
        x: (i * 733) % 1600,
        y: (i * 397) % 880,
      })),
    ),
  ],
  'scenes-in-scenes': (n) =>
    repeat(n, (i) => box(i, 200)).map((one, i) => ({
      id: i === n - 1 ? HEAVIEST_ID : `depth-${i}`,
      layers: [
        one,
        ...(i === 0
          ? []
          : [
              {
                id: 'inner',
                type: 'scene' as const,
                scene: `depth-${i - 1}`,
                width: 1900,
                height: 1060,
                x: 10,
                y: 10,
              },
            ]),
      ],
    })),
  'deep-groups': (n) => [
    scene(
      repeat(n, (i) =>
        Array.from({ length: SCENE_LIMITS.groupDepth }).reduce<LayerInput>(
          (inner, _, depth) => ({
            id: `group-${i}-${depth}`,
            type: 'group',
            width: 300,
            height: 300,
            x: (i * 733) % 1600,
            y: (i * 397) % 780,
            opacity: 0.95,
            layers: [inner],
          }),
          box(i, 200),
        ),
      ),
    ),
  ],
  'still-layers': (n) => [
    scene(
      repeat(Math.ceil(n / 4), (i) => stillBox(i, 60)),
      'inner',
    ),
    scene(
      repeat(4, (i) => ({
        id: `scene-${i}`,
        type: 'scene',
        scene: 'inner',
        width: 960,
        height: 540,
        x: (i % 2) * 960,
        y: Math.floor(i / 2) * 540,
      })),
    ),
  ],
  'moving-layers': (n) => [scene(repeat(n, (i) => box(i, 60)))],
  'moving-pictures': (n) => [
    scene(
      repeat(n, (i) => ({
        id: `picture-${i}`,
        type: 'image',
        asset: AUCTION_ASSET_IDS.background,
        width: 1920,
        height: 1080,
        animations: [sineMotion('scale', 1.2, 0.1, 2000 + 37 * i)],
      })),
    ),
  ],
  masks: (n) => [
    scene(
      repeat(n, (i) => ({
        ...box(i, 600),
        mask: { type: 'shape', shape: 'ellipse' },
      })),
    ),
  ],
  blurs: (n) => [
    scene(
      repeat(n, (i) => ({
        id: `group-${i}`,
        type: 'group',
        width: 600,
        height: 400,
        x: i * 20,
        y: i * 10,
        filters: [{ type: 'blur', radius: 20 }],
        layers: [box(i, 100)],
      })),
    ),
  ],
  filters: (n) => [
    scene(
      repeat(n, (i) => ({
        id: `group-${i}`,
        type: 'group',
        width: 600,
        height: 400,
        x: i * 20,
        y: i * 10,
        filters: [{ type: 'saturation', amount: 2 }],
        blend: 'hue',
        layers: [box(i, 300)],
      })),
    ),
  ],
  texts: (n) => [
    scene(
      repeat(n, (i) => ({
        id: `clock-${i}`,
        type: 'clock',
        format: 'HH:mm:ss',
        fontSize: 40,
        x: (i * 733) % 1700,
        y: (i * 397) % 1000,
      })),
    ),
  ],
};
