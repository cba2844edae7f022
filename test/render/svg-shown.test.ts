import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { PictureSource } from '../../src/scene/snapshot.js';
import { openFixture } from '../assets/fixture.js';
import { renderStill, sceneFrom } from '../support/engine.js';

type ImageInput = Extract<LayerInput, { type: 'image' }>;

const SIZE = { width: 240, height: 120 };
const memory = createSharedMemory();
const fixture = await openFixture();
after(() => fixture.close());

/** A black line one pixel high at half a pixel, on white. */
const LINES = `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40" viewBox="0 0 100 40"><rect width="100" height="40" fill="#fff"/><path d="M0 10.5H100" stroke="#000"/></svg>`;

async function sourceOf(svg: string): Promise<PictureSource> {
  const asset = await fixture.assets.upload({ id: null, name: '', bytes: Buffer.from(svg) });
  const source = fixture.assets.pictureSourceOf(asset);
  assert.ok(source !== null);
  return source;
}

/** Stripes of a pattern, as wide as the gaps between them. */
const STRIPES = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40" viewBox="0 0 200 40"><defs><pattern id="p" width="20" height="20" patternUnits="userSpaceOnUse"><rect width="10" height="20"/></pattern></defs><rect width="200" height="40" fill="url(#p)"/></svg>`;

/** Thin strokes at a slant: from (14 i - 40, 0) to (14 i, 120), white on black. */
const SLANTED = { step: 14, lean: 40, width: 200, height: 120 } as const;
const STROKES = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="120" viewBox="0 0 200 120"><rect width="200" height="120"/>${Array.from(
  { length: 18 },
  (_, i) => `<path d="M${i * SLANTED.step - SLANTED.lean} 0l40 120" stroke="#fff"/>`,
).join('')}</svg>`;

const pictures = {
  lines: await sourceOf(LINES),
  stripes: await sourceOf(STRIPES),
  strokes: await sourceOf(STROKES),
};

/** How much of a pixel the strokes cover, by 256 points in it, where a unit takes `scale` pixels. */
function strokeCover(px: number, py: number, scale: number): number {
  const { step, lean, height } = SLANTED;
  // Half a stroke, measured along a row.
  const half = 0.5 * Math.hypot(1, lean / height);
  let covered = 0;
  for (let k = 0; k < 256; k++) {
    const x = (px + ((k & 15) + 0.5) / 16) / scale;
    const y = (py + ((k >> 4) + 0.5) / 16) / scale;
    const along = (((x - (y * lean) / height + lean) % step) + step) % step;
    if (along < half || along > step - half) covered += 1;
  }
  return covered / 256;
}

/** The brightness down a column of a scene that shows the lines. */
async function column(layer: Partial<ImageInput>, x: number): Promise<number[]> {
  const image: ImageInput = { id: 'a', type: 'image', asset: 'lines', x: 0, y: 0, ...layer };
  const layers = [image];
  const scene = sceneFrom({ id: 's', ...SIZE, background: '#ffffff', layers });
  const still = await renderStill(scene, { ...SIZE, timeMs: 0, pictures, memory });
  return Array.from({ length: SIZE.height }, (_, y) => still.rgba[(y * SIZE.width + x) * 4] ?? -1);
}

function darkRows(rows: readonly number[]): number[] {
  return rows.flatMap((value, y) => (value < 250 ? [y] : []));
}

test('a line of a drawing is as sharp as its edges at every size at which it is shown', async () => {
  const natural = await column({}, 50);
  assert.deepEqual(darkRows(natural), [10]);
  assert.ok((natural[10] ?? 255) <= 2, `it reads ${String(natural[10])}`);
  assert.deepEqual(darkRows(await column({ width: 200, height: 80 }, 50)), [20, 21]);
  assert.deepEqual(darkRows(await column({ width: 200, height: 40, fit: 'fill' }, 50)), [10]);
  const cropped = await column(
    { crop: { x: 10, y: 5, width: 20, height: 20 }, width: 80, height: 80 },
    50,
  );
  assert.deepEqual(darkRows(cropped), [20, 21, 22, 23]);
  assert.ok([20, 21, 22, 23].every((y) => (cropped[y] ?? 255) <= 2));
});

test('the tiles of a pattern stand where they belong at every size', async () => {
  for (const scale of [0.92, 0.77, 0.53, 1]) {
    const layer: Partial<ImageInput> = {
      asset: 'stripes',
      width: 200 * scale,
      height: 40 * scale,
      fit: 'fill',
    };
    // The middle of the first, the fifth and the last stripe, and of the gaps behind them.
    for (const tile of [0, 4, 9]) {
      const [stripe, gap] = [tile * 20 + 5, tile * 20 + 15].map((x) => Math.floor(x * scale));
      const dark = (await column(layer, stripe ?? 0))[10] ?? 255;
      const light = (await column(layer, gap ?? 0))[10] ?? 0;
      assert.ok(dark < 40 && light > 215, `tile ${tile} at ${scale}: ${dark}, ${light}`);
    }
  }
});

test('thin strokes at a slant are as heavy as they are, at every size', async () => {
  for (const scale of [1, 0.9, 0.75, 0.35]) {
    const [width, height] = [SLANTED.width * scale, SLANTED.height * scale];
    const layer: ImageInput = {
      id: 'a',
      type: 'image',
      asset: 'strokes',
      x: 0,
      y: 0,
      width,
      height,
    };
    const scene = sceneFrom({ id: 's', ...SIZE, background: '#000000', layers: [layer] });
    const still = await renderStill(scene, { ...SIZE, timeMs: 0, pictures, memory });
    let error = 0;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const found = still.rgba[(y * SIZE.width + x) * 4] ?? 0;
        error += (found - 255 * strokeCover(x, y, scale)) ** 2;
      }
    const quality = 10 * Math.log10(255 ** 2 / (error / (width * height)));
    assert.ok(quality >= 42, `at ${scale}: ${quality.toFixed(1)} dB`);
  }
});

test('a drawing that grows is drawn at its largest size', async () => {
  const animations = [
    {
      property: 'scale' as const,
      keyframes: [
        { atMs: 0, value: 1 },
        { atMs: 1000, value: 4 },
      ],
    },
  ];
  const image: ImageInput = {
    id: 'a',
    type: 'image',
    asset: 'lines',
    x: 0,
    y: 0,
    anchor: { x: 0, y: 0 },
    animations,
  };
  const layers = [image];
  const scene = sceneFrom({ id: 's', ...SIZE, background: '#ffffff', layers });
  const still = await renderStill(scene, { ...SIZE, timeMs: 1000, pictures, memory });
  const rows = Array.from(
    { length: SIZE.height },
    (_, y) => still.rgba[(y * SIZE.width + 50) * 4] ?? -1,
  );
  assert.deepEqual(darkRows(rows), [40, 41, 42, 43]);
  assert.ok((rows[41] ?? 255) <= 2, rows.slice(36, 48).join());
});
