import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { createSharedMemory } from '../../src/memory/map.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { PictureSource } from '../../src/scene/snapshot.js';
import { drawSvg, WHOLE } from '../../src/vector/svg/draw.js';
import { openFixture } from '../assets/fixture.js';
import { renderStill, sceneFrom, type Still } from '../support/engine.js';
import { DRAWING, makeApng, makeGif, makeLottie, makeMovingWebp } from '../support/moving-media.js';
import { createTestPictures } from './pictures.js';
import { assertSnapshot } from './snapshot.js';

const SIZE = { width: 320, height: 180 };
const memory = createSharedMemory();
const { pictures: drawn, remove } = await createTestPictures();
const fixture = await openFixture();
after(async () => {
  await fixture.close();
  await remove();
});

async function uploaded(bytes: Buffer): Promise<PictureSource> {
  const asset = await fixture.assets.upload({ id: null, name: '', bytes });
  const source = fixture.assets.pictureSourceOf(asset);
  assert.ok(source !== null);
  return source;
}

/** A singer before a green screen: a disc with a soft edge, and a shade of green. */
const GREEN_SCREEN = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120">
  <defs><radialGradient id="s"><stop offset="0.8" stop-color="#c06040"/><stop offset="1" stop-color="#00c020"/></radialGradient></defs>
  <rect width="160" height="120" fill="#00c020"/><rect width="160" height="30" y="90" fill="#009018"/>
  <circle cx="80" cy="60" r="45" fill="url(#s)"/><text x="55" y="66" font-size="20" fill="white">text</text></svg>`;

/** A drawing as a picture of its own size, with the shipped fonts. */
async function asPicture(svg: string): Promise<Buffer> {
  const { path, width, height } = await uploaded(Buffer.from(svg));
  const { rgba } = await drawSvg(await readFile(path, 'utf8'), WHOLE, width, height);
  return sharp(rgba, { raw: { width, height, channels: 4, premultiplied: true } })
    .png()
    .toBuffer();
}

const FRAME_MS = [100, 100, 100, 100, 100, 100];
const pictures = {
  ...drawn,
  drawing: await uploaded(Buffer.from(DRAWING)),
  gif: await uploaded(await makeGif(FRAME_MS)),
  twice: await uploaded(await makeMovingWebp(FRAME_MS, 2)),
  apng: await uploaded(await makeApng(fixture.folder)),
  square: await uploaded(makeLottie()),
  screen: await uploaded(await asPicture(GREEN_SCREEN)),
};

let count = 0;

type InputOf<K extends LayerInput['type']> = Extract<LayerInput, { type: K }>;
type Fields<K extends LayerInput['type']> = Partial<Omit<InputOf<K>, 'id' | 'type'>>;

function image(asset: string, x: number, y: number, fields: Fields<'image'> = {}): LayerInput {
  return { id: `layer-${++count}`, type: 'image', asset, x, y, ...fields };
}

function lottie(x: number, y: number, fields: Fields<'lottie'> = {}): LayerInput {
  return { id: `layer-${++count}`, type: 'lottie', asset: 'square', x, y, ...fields };
}

/** The line around a box, to see what is in it. */
function outline(x: number, y: number, width: number, height: number): LayerInput {
  const border = { width: 1, color: '#607080' };
  const box = { x, y, width, height, fill: '#00000000', border };
  return { id: `layer-${++count}`, type: 'shape', shape: 'rectangle', ...box };
}

function still(layers: LayerInput[], timeMs = 0): Promise<Still> {
  const document = { id: 's', ...SIZE, background: '#182028', layers };
  return renderStill(sceneFrom(document), { ...SIZE, timeMs, pictures, memory });
}

function sheet(name: string, layers: LayerInput[], timeMs = 0): void {
  test(`${name} looks as it was accepted`, async () => {
    await assertSnapshot(name, await still(layers, timeMs));
  });
}

function moving(property: string, from: number, to: number): LayerInput['animations'] {
  return [
    {
      property,
      keyframes: [
        { atMs: 0, value: from },
        { atMs: 1000, value: to },
      ],
    },
  ];
}

sheet('image-fits', [
  ...[10, 115, 220].map((x) => outline(x, 10, 90, 50)),
  ...[10, 115, 220].map((x) => outline(x, 70, 30, 90)),
  ...[60, 165, 270].map((x) => outline(x, 70, 40, 90)),
  image('card', 10, 10, { width: 90, height: 50, fit: 'contain' }),
  image('card', 115, 10, { width: 90, height: 50, fit: 'cover' }),
  image('card', 220, 10, { width: 90, height: 50, fit: 'none' }),
  image('card', 10, 70, { width: 30, height: 90, fit: 'contain' }),
  image('card', 115, 70, { width: 30, height: 90, fit: 'cover' }),
  image('card', 220, 70, { width: 30, height: 90, fit: 'none' }),
  image('card', 60, 70, { width: 40, height: 90, fit: 'fill' }),
  image('card', 165, 70, { width: 40, height: 90, fit: 'contain', focus: { y: 0 } }),
  image('card', 270, 70, { width: 40, height: 90, fit: 'cover', focus: { x: 0 } }),
]);

sheet('image-crops', [
  image('spectrum', 10, 10, { crop: { x: 40, y: 0, width: 40, height: 90 } }),
  image('spectrum', 60, 10, {
    width: 90,
    height: 90,
    fit: 'cover',
    focus: { x: 0.9, y: 0.5 },
  }),
  image('spectrum', 160, 10, {
    width: 150,
    height: 60,
    crop: { x: 0, y: 20, width: 160, height: 20 },
    cornerRadius: 16,
    border: { width: 3 },
  }),
  image('card', 10, 115, { width: 90, height: 55, fit: 'contain', cornerRadius: 10, shadow: {} }),
  image('card', 130, 115, { width: 60, height: 55, fit: 'cover', rotation: 12 }),
  image('card', 220, 90, {
    crop: { x: 70, y: 50, width: 500, height: 500 },
    width: 60,
    height: 60,
  }),
]);

/** Half-way, the crop is from 60 to 100 and the focus in the middle. */
sheet(
  'image-panned',
  [
    image('spectrum', 10, 10, {
      crop: { x: 0, y: 20, width: 40, height: 40 },
      width: 80,
      height: 80,
      animations: moving('crop.x', 0, 120),
    }),
    image('spectrum', 110, 10, {
      width: 40,
      height: 80,
      fit: 'cover',
      animations: moving('focus.x', 0, 1),
    }),
    image('spectrum', 170, 10, {
      height: 80,
      width: 40,
      fit: 'cover',
      cornerRadius: 20,
      animations: moving('width', 40, 160),
    }),
    image('spectrum', 10, 110, {
      crop: { x: 0, y: 20, width: 40, height: 40 },
      width: 120,
      height: 50,
      fit: 'contain',
      animations: moving('crop.width', 40, 80),
    }),
    image('spectrum', 150, 110, {
      crop: { x: 0, y: 20, width: 40, height: 40 },
      width: 60,
      height: 50,
      rotation: 10,
      animations: moving('crop.x', 0, 120),
    }),
    image('card', 240, 110, {
      width: 60,
      height: 60,
      fit: 'cover',
      animations: [...(moving('width', 60, 20) ?? []), ...(moving('focus.x', 0, 1) ?? [])],
    }),
  ],
  500,
);

sheet('image-svg', [
  image('drawing', 10, 10),
  image('drawing', 100, 10, { width: 200, height: 150 }),
  image('drawing', 10, 80, { width: 30, height: 22 }),
  image('drawing', 50, 80, { width: 40, height: 40, fit: 'cover', cornerRadius: 20 }),
  image('drawing', 10, 130, {
    width: 80,
    height: 40,
    crop: { x: 40, y: 0, width: 40, height: 20 },
  }),
]);

sheet('image-chroma-key', [
  image('spectrum', 0, 0, { width: 320, height: 180, opacity: 0.5 }),
  image('screen', 10, 10, { width: 140, height: 105 }),
  image('screen', 170, 10, {
    width: 140,
    height: 105,
    chromaKey: { color: '#00c020', similarity: 0.2, smoothness: 0.1, spill: 0.3 },
  }),
  image('screen', 170, 120, {
    width: 60,
    height: 50,
    fit: 'cover',
    chromaKey: { color: '#00c020' },
  }),
]);

for (const timeMs of [0, 250, 599, 1250]) {
  sheet(
    `film-at-${timeMs}-ms`,
    [
      image('gif', 10, 10),
      image('twice', 80, 10),
      image('apng', 150, 10),
      image('gif', 220, 10, { playback: { loop: false } }),
      image('gif', 10, 60, { playback: { speed: 2 } }),
      image('gif', 80, 60, { playback: { speed: -1 } }),
      image('apng', 150, 60, { playback: { startMs: 200 } }),
      image('twice', 220, 60, { playback: { loop: true, speed: 0.5 } }),
      image('gif', 10, 110, { width: 100, height: 60, cornerRadius: 12, border: { width: 2 } }),
      image('apng', 120, 110, { width: 60, height: 60, fit: 'cover', playback: { speed: 0 } }),
      image('twice', 200, 110, { crop: { x: 10, y: 0, width: 30, height: 40 } }),
    ],
    timeMs,
  );
}

for (const timeMs of [0, 500, 1990, 2600]) {
  sheet(
    `lottie-at-${timeMs}-ms`,
    [
      outline(10, 10, 100, 50),
      outline(120, 10, 60, 60),
      outline(200, 10, 60, 60),
      outline(270, 10, 40, 60),
      lottie(10, 10, { width: 100, height: 50 }),
      lottie(120, 10, { width: 60, height: 60 }),
      lottie(200, 10, { width: 60, height: 60, fit: 'cover' }),
      lottie(270, 10, { width: 40, height: 60, fit: 'fill' }),
      lottie(10, 80, { width: 100, height: 50, loop: false, speed: 2 }),
      lottie(120, 80, { width: 100, height: 50, segment: { from: 15, to: 30 } }),
      lottie(220, 80, {
        width: 90,
        height: 45,
        rotation: 8,
        opacity: 0.6,
        cornerRadius: 10,
        border: { width: 2 },
        shadow: {},
      }),
      lottie(10, 135, { width: 80, height: 40, speed: -1 }),
    ],
    timeMs,
  );
}
