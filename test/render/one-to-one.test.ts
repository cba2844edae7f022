import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { createSharedMemory } from '../../src/memory/map.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { PictureSource } from '../../src/scene/snapshot.js';
import { openFixture } from '../assets/fixture.js';
import { renderStill, sceneFrom } from '../support/engine.js';

/** What is shown at its own size on whole pixels is shown as it is, whatever it is in. */

const SIZE = { width: 160, height: 96 };
const PICTURE = { width: 96, height: 64 };
const memory = createSharedMemory();
const fixture = await openFixture();
after(() => fixture.close());

/** Grey noise, so that neighbours differ by all they can and colour does not blur what is compared. */
function valueAt(x: number, y: number): number {
  return (x * 7919 + y * 104_729 + ((x * y) % 17) * 61) % 256;
}

const rgba = Buffer.from(
  Array.from({ length: PICTURE.width * PICTURE.height }, (_, i) => {
    const value = valueAt(i % PICTURE.width, Math.floor(i / PICTURE.width));
    return [value, value, value, 255];
  }).flat(),
);
const png = await sharp(rgba, { raw: { ...PICTURE, channels: 4 } })
  .png()
  .toBuffer();

/** The picture, then its negative. */
const film = await sharp(
  Buffer.concat([rgba, rgba.map((value, i) => (i % 4 === 3 ? value : 255 - value))]),
  {
    raw: {
      width: PICTURE.width,
      height: 2 * PICTURE.height,
      channels: 4,
      pageHeight: PICTURE.height,
    },
  },
)
  .webp({ lossless: true, delay: [500, 500], loop: 0 })
  .toBuffer();

async function sourceOf(bytes: Buffer): Promise<PictureSource> {
  const asset = await fixture.assets.upload({ id: null, name: '', bytes });
  const source = fixture.assets.pictureSourceOf(asset);
  assert.ok(source !== null);
  return source;
}

const pictures = {
  still: await sourceOf(png),
  film: await sourceOf(film),
};

/** The steps of a video's luma are as near as any picture can come. */
function lumaOf(value: number): number {
  return Math.round(16 + (value * 219) / 255);
}

/** Compares a scene with the picture of which the pixel (fromX, fromY) is shown at (x, y). */
async function assertExact(
  name: string,
  layer: LayerInput,
  shown: { x: number; y: number; fromX: number; fromY: number; width: number; height: number },
): Promise<void> {
  const inner = sceneFrom({
    id: 'inner',
    ...PICTURE,
    layers: [{ id: 'p', type: 'image', asset: 'still', x: 0, y: 0 }],
  });
  const scene = sceneFrom({ id: 's', ...SIZE, background: '#000000', layers: [layer] });
  const still = await renderStill(scene, {
    ...SIZE,
    timeMs: 0,
    pictures,
    memory,
    nested: { inner },
  });
  const { x, y, fromX, fromY, width, height } = shown;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const found = still.rgba[((y + row) * SIZE.width + x + column) * 4] ?? -1;
      assert.equal(
        lumaOf(found),
        lumaOf(valueAt(fromX + column, fromY + row)),
        `${name}: pixel ${column}, ${row}`,
      );
    }
}

test('a picture at its own size on whole pixels is shown pixel by pixel, whatever it is in', async () => {
  const whole = { x: 20, y: 10, fromX: 0, fromY: 0, ...PICTURE };
  const at = { x: 20, y: 10 };
  const picture: LayerInput = { id: 'p', type: 'image', asset: 'still', ...at };
  const inside: LayerInput = { ...picture, x: 0, y: 0 };
  await assertExact('by itself', picture, whole);
  await assertExact('film', { ...picture, asset: 'film' }, whole);
  await assertExact('centred', { ...picture, x: 68, y: 42, anchor: { x: 0.5, y: 0.5 } }, whole);
  await assertExact(
    'group',
    { id: 'g', type: 'group', ...at, ...PICTURE, layers: [inside] },
    whole,
  );
  await assertExact(
    'group with a shadow',
    {
      id: 'g',
      type: 'group',
      ...at,
      ...PICTURE,
      shadow: { x: 0, y: 4, blur: 6, color: '#ff0000' },
      layers: [inside],
    },
    whole,
  );
  await assertExact(
    'flex',
    {
      id: 'g',
      type: 'group',
      ...at,
      layout: { type: 'flex', direction: 'row' },
      layers: [inside],
    },
    whole,
  );
  await assertExact('scene', { id: 'n', type: 'scene', scene: 'inner', ...at, ...PICTURE }, whole);
  await assertExact(
    'frame',
    { ...picture, border: { width: 2, color: '#00ff00' }, cornerRadius: 4 },
    { x: 30, y: 20, fromX: 10, fromY: 10, width: 70, height: 40 },
  );
});

test('a part of a picture that is cut out at whole pixels is shown pixel by pixel', async () => {
  const picture: LayerInput = { id: 'p', type: 'image', asset: 'still', x: 20, y: 10 };
  const part = { x: 20, y: 10, fromX: 13, fromY: 7, width: 50, height: 30 };
  const crop = { x: 13, y: 7, width: 50, height: 30 };
  await assertExact('crop', { ...picture, crop }, part);
  await assertExact('crop of a film', { ...picture, asset: 'film', crop }, part);
  await assertExact(
    'focus',
    { ...picture, width: 50, height: 64, fit: 'cover', focus: { x: 0, y: 0.5 } },
    { x: 20, y: 10, fromX: 0, fromY: 0, width: 50, height: 64 },
  );
  await assertExact(
    'cut by a group',
    {
      id: 'g',
      type: 'group',
      x: 20,
      y: 10,
      width: 50,
      height: 30,
      overflow: 'hidden',
      layers: [{ ...picture, x: -13, y: -7 }],
    },
    part,
  );
});
