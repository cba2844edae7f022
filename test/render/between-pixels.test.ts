import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import { createCanvas } from '../../src/render/canvas.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { View } from '../kernels/shown-picture.js';
import { toPictureOf } from '../kernels/shown-picture.js';
import { renderStill, sceneFrom } from '../support/engine.js';
import { idealPicture, psnr } from '../support/ideal-picture.js';
import { SAMPLED_PICTURES } from '../support/sampled-pictures.js';

/**
 * Pictures that are decoded to the size in which they are shown and then sampled between pixels, because they are turned
 * or on their way, as the service shows them.
 */

const SIZE = { width: 512, height: 384 };
const MOMENT_MS = 1000;
const DENSITY = 4;
/**
 * Scales, and the decibels to the ideal that are wanted there. Kept at the very size in which it is shown, the picture
 * has 28 to 34; Chromium shows a page of text with 30 to 33.
 */
const WANTED = [
  [0.75, 32.5],
  [0.5, 34.5],
  [0.25, 38],
] as const;

const picture = SAMPLED_PICTURES.text?.() ?? assert.fail('There is no picture of text.');
const folder = await mkdtemp(join(tmpdir(), 'sm-between-'));
after(() => rm(folder, { recursive: true }));
const memory = createSharedMemory();

async function writePicture(): Promise<string> {
  const canvas = createCanvas(picture.width, picture.height);
  const pixels = canvas.data();
  picture.samples.forEach((value, i) => {
    pixels.set([value, value, value, 255], i * 4);
  });
  const path = join(folder, 'text.png');
  await writeFile(path, await canvas.encode('png'));
  return path;
}

const path = await writePicture();
const { width, height } = picture;
const pictures = { text: { contentHash: 'text', path, width, height } };

type Motion = Pick<LayerInput, 'rotation' | 'animations'>;

/** What is turned or moves: the picture by itself, a group that it is in, or a scene with such a group. */
type Carrier = 'picture' | 'group' | 'scene';

/** How near a still of the picture in the middle of the frame comes to the ideal, dB. */
async function qualityOf(
  scale: number,
  degrees: number,
  motion: Motion,
  carrier: Carrier = 'picture',
): Promise<number> {
  const [x, y] = [SIZE.width / 2 + 0.37, SIZE.height / 2 + 0.21];
  const shown = { width: width * scale, height: height * scale };
  const place = { x, y, ...shown, anchor: { x: 0.5, y: 0.5 }, ...motion };
  const inside: LayerInput = { id: 'a', type: 'image', asset: 'text', x: 0, y: 0, ...shown };
  const group: LayerInput = { id: 'g', type: 'group', x: 0, y: 0, ...shown, layers: [inside] };
  // The scene is a little larger, so that its own edge does not cut the picture's.
  const room = { width: shown.width + 40, height: shown.height + 40 };
  const inner = sceneFrom({
    id: 'inner',
    ...room,
    background: '#000000',
    layers: [{ ...group, x: 20, y: 20 }],
  });
  const layers: Readonly<Record<Carrier, LayerInput>> = {
    picture: { ...inside, ...place },
    group: { ...group, ...place },
    scene: { id: 'n', type: 'scene', scene: 'inner', ...place, ...room },
  };
  const scene = sceneFrom({ id: 's', ...SIZE, background: '#000000', layers: [layers[carrier]] });
  const still = await renderStill(scene, {
    ...SIZE,
    timeMs: MOMENT_MS,
    pictures,
    memory,
    nested: { inner },
  });
  const found = Array.from(
    { length: SIZE.width * SIZE.height },
    (_, i) => still.rgba[i * 4] ?? assert.fail(),
  );
  const view: View = { x, y, scale, rotation: degrees, rotationX: 0, rotationY: 0, distance: 900 };
  return psnr(found, idealPicture(picture, toPictureOf(view, picture), SIZE, DENSITY));
}

/** Something that goes past `at` at the moment that is shown. */
function passing(property: 'x' | 'rotation', at: number): Motion {
  return {
    animations: [
      {
        property,
        keyframes: [-9, 0, 9].map((away, i) => ({ atMs: i * MOMENT_MS, value: at + away })),
      },
    ],
  };
}

test('a picture that is turned keeps its detail', async () => {
  for (const [scale, wanted] of WANTED) {
    const quality = await qualityOf(scale, 7, { rotation: 7 });
    assert.ok(quality >= wanted, `at ${scale}: ${quality.toFixed(1)} dB`);
  }
});

test('a picture that turns keeps its detail', async () => {
  for (const [scale, wanted] of WANTED) {
    const quality = await qualityOf(scale, 7, passing('rotation', 7));
    assert.ok(quality >= wanted, `at ${scale}: ${quality.toFixed(1)} dB`);
  }
});

test('a picture that glides between pixels keeps its detail', async () => {
  for (const [scale, wanted] of WANTED) {
    const quality = await qualityOf(scale, 0, passing('x', SIZE.width / 2 + 0.37));
    assert.ok(quality >= wanted, `at ${scale}: ${quality.toFixed(1)} dB`);
  }
});

test('a picture in a group or a scene that is turned or glides keeps its detail', async () => {
  for (const carrier of ['group', 'scene'] as const)
    for (const [scale, wanted] of WANTED) {
      const turned = await qualityOf(scale, 7, { rotation: 7 }, carrier);
      assert.ok(turned >= wanted, `turned ${carrier} at ${scale}: ${turned.toFixed(1)} dB`);
      const glides = await qualityOf(scale, 0, passing('x', SIZE.width / 2 + 0.37), carrier);
      assert.ok(glides >= wanted, `gliding ${carrier} at ${scale}: ${glides.toFixed(1)} dB`);
    }
});
