import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import { createCanvas } from '../../src/render/canvas.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { renderStill, sceneFrom, type Pictures } from '../support/engine.js';

/**
 * A strip of which the middle third is black and all around it is white: of a crop in the middle everything is black,
 * so that on black the least share of a pixel from beyond shows.
 */
const STRIP = { width: 300, height: 300 };
const SIZE = { width: 320, height: 180 };
const BLACK_LUMA = 16;

type ImageLayerInput = Extract<LayerInput, { type: 'image' }>;

const folder = await mkdtemp(join(tmpdir(), 'sm-crops-'));
after(() => rm(folder, { recursive: true }));
const memory = createSharedMemory();

async function strip(): Promise<Pictures> {
  const canvas = createCanvas(STRIP.width, STRIP.height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, STRIP.width, STRIP.height);
  context.fillStyle = '#000000';
  context.fillRect(100, 100, 100, 100);
  const path = join(folder, 'strip.png');
  await writeFile(path, await canvas.encode('png'));
  return { strip: { contentHash: 'strip', path, ...STRIP } };
}

const pictures = await strip();

/** How the layer is shown, besides its crop. */
type Way = Pick<
  ImageLayerInput,
  | 'x'
  | 'y'
  | 'width'
  | 'height'
  | 'rotation'
  | 'rotationY'
  | 'perspective'
  | 'scale'
  | 'cornerRadius'
>;

/** The brightest luma of a frame that shows a crop of the strip, which moves from one place to another. */
async function brightest(from: number, to: number, way: Way): Promise<number> {
  const layer: LayerInput = {
    id: 'a',
    type: 'image',
    asset: 'strip',
    x: 160,
    y: 90,
    anchor: { x: 0.5, y: 0.5 },
    width: 120,
    height: 90,
    crop: { x: from, y: from, width: 80, height: 60 },
    ...way,
    animations: ['crop.x', 'crop.y'].map((property) => ({
      property,
      keyframes: [
        { atMs: 0, value: from },
        { atMs: 1000, value: to },
      ],
    })),
  };
  const scene = sceneFrom({ id: 's', background: '#000000', ...SIZE, layers: [layer] });
  const still = await renderStill(scene, { ...SIZE, timeMs: 500, pictures, memory });
  return Math.max(...still.i420.subarray(0, SIZE.width * SIZE.height));
}

const WAYS: Readonly<Record<string, Way>> = {
  'is made larger': {},
  'is shown at its own size': { width: 80, height: 60 },
  'is made smaller': { width: 60, height: 45 },
  'is made much smaller': { width: 16, height: 12 },
  'stands at a fraction of a pixel': { x: 160.3, y: 90.6, width: 80, height: 60 },
  'is turned': { rotation: 20 },
  'is turned and made smaller': { rotation: 20, scale: 0.3 },
  'is tilted': { rotationY: 30, perspective: 400 },
  'has round corners': { cornerRadius: 10 },
  'has round corners and is made smaller': { cornerRadius: 4, width: 30, height: 22.5 },
};

for (const [way, more] of Object.entries(WAYS)) {
  test(`nothing is seen from beyond a crop that ${way}, wherever it is on its way`, async () => {
    // At whole pixels, at halves, and at other fractions; the crop reaches the edges of the black in both directions.
    for (const [from, to] of [
      [100, 100.0001],
      [100, 101],
      [100, 100.5],
      [119.3, 120],
      [120, 119.9999],
    ] as const)
      assert.equal(await brightest(from, to, more), BLACK_LUMA, `on its way to ${to}`);
  });
}

test('a crop that goes over the edge shows what is there', async () => {
  assert.ok((await brightest(80, 90, {})) > 200);
});
