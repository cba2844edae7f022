import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { createSharedMemory } from '../../src/memory/map.js';
import { inlineContents, toInline } from '../../src/render/inline-picture.js';
import { pictureContentsOf } from '../../src/layers/image/picture-contents.js';
import { reducedFilmSize } from '../../src/scene/film-size.js';
import { compileAtRest } from '../../src/scene/resolve.js';
import { LayerSchema, type LayerInput } from '../../src/scene/schema/layer.js';
import type { PictureSource } from '../../src/scene/snapshot.js';
import { renderStill, sceneFrom } from '../support/engine.js';

const SIZE = { width: 1280, height: 720 };
const FRAMES = 60;
/** What all frames of a film may have, 96 MiB. */
const FILM_PIXELS = 25_165_824;
const memory = createSharedMemory();

let folder: string;
let still: PictureSource;
let film: PictureSource;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-film-sizes-'));
  const path = join(folder, 'lines.png');
  const { width, height } = SIZE;
  const grey = Buffer.alloc(width * height);
  for (let i = 0; i < grey.length; i++)
    grey[i] = (i % width) % 7 < 2 ? 255 : (i / width) % 5 < 1 ? 160 : 20;
  await writeFile(
    path,
    await sharp(grey, { raw: { ...SIZE, channels: 1 } })
      .png()
      .toBuffer(),
  );
  const { size: bytes } = await stat(path);
  still = { contentHash: 'still', path, ...SIZE };
  const frame = { start: 0, bytes, ...SIZE, durationMs: 100 };
  film = {
    ...still,
    contentHash: 'film',
    film: { frames: Array.from({ length: FRAMES }, () => frame), plays: 0 },
  };
});
after(() => rm(folder, { recursive: true, force: true }));

function contentsOf(width: number, height: number): { widthPx: number; heightPx: number }[] {
  const layer = LayerSchema.parse({ id: 'l', type: 'image', asset: 'film', width, height });
  assert.ok(layer.type === 'image');
  const context = { picture: () => film, scale: 1, isBetweenPixels: false };
  return [...pictureContentsOf(layer, context, compileAtRest(layer))];
}

test('a film of many pixels that is shown small is as sharp as a picture', async () => {
  const layer: LayerInput = { id: 'l', type: 'image', asset: 'shown', width: 320, height: 180 };
  const scene = sceneFrom({ id: 's', width: 320, height: 180, layers: [layer] });
  const options = { memory, width: 320, height: 180, timeMs: 50 };
  const moving = await renderStill(scene, { ...options, pictures: { shown: film } });
  const standing = await renderStill(scene, { ...options, pictures: { shown: still } });
  assert.ok(new Set(standing.rgba).size > 10, 'something is to be seen');
  assert.deepEqual(moving, standing);
});

test('all frames of a film fit into memory however large it is shown', () => {
  for (const [width, height] of [
    [1280, 720],
    [640, 720],
    [3840, 2160],
  ] as const) {
    const contents = contentsOf(width, height);
    assert.equal(contents.length, FRAMES);
    const pixels = contents.reduce((sum, { widthPx, heightPx }) => sum + widthPx * heightPx, 0);
    assert.ok(pixels <= FILM_PIXELS * 1.01, `${pixels} pixels at ${width}x${height}`);
    assert.ok(pixels > FILM_PIXELS * 0.9, `${pixels} pixels at ${width}x${height}`);
  }
  const [first] = contentsOf(3840, 2160);
  const told = reducedFilmSize(FRAMES, SIZE);
  assert.ok(first !== undefined && told !== null);
  assert.ok(
    Math.abs(first.widthPx - told.width) <= 1 && Math.abs(first.heightPx - told.height) <= 1,
  );
  const [small] = contentsOf(320, 180);
  assert.deepEqual([small?.widthPx, small?.heightPx], [320, 180]);
});

test('a film in a line of text fits into memory, too', () => {
  const inline = toInline(film, 1000);
  assert.ok(inline !== null);
  const contents = inlineContents(inline, 1);
  const pixels = contents.reduce((sum, { widthPx, heightPx }) => sum + widthPx * heightPx, 0);
  assert.ok(pixels <= FILM_PIXELS * 1.01, `${pixels} pixels`);
});
