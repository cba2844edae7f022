import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { renderStill, sceneFrom } from '../support/engine.js';

const SIZE = { width: 160, height: 96 };
const memory = createSharedMemory();

async function draw(layer: LayerInput, timeMs = 0, takenAtMs = 0): Promise<Uint8Array> {
  const scene = sceneFrom({ id: 's', ...SIZE, layers: [layer] });
  return (await renderStill(scene, { ...SIZE, timeMs, takenAtMs, memory })).rgba;
}

/** The middle of the picture. */
function middleOf(rgba: Uint8Array): number[] {
  const at = ((SIZE.height / 2) * SIZE.width + SIZE.width / 2) * 4;
  return [...rgba.subarray(at, at + 3)];
}

/** Colours as https://www.w3.org/TR/css-color-4/ converts them to sRGB. */
const COLOURS: readonly (readonly [colour: string, rgb: readonly number[]])[] = [
  ['#f80', [255, 136, 0]],
  ['rebeccapurple', [102, 51, 153]],
  ['rgb(10%, 20%, 30%)', [26, 51, 77]],
  ['hsl(120deg 100% 25%)', [0, 128, 0]],
  ['rgb(255 255 255 / 50%)', [128, 128, 128]],
  ['hwb(60 20% 20%)', [204, 204, 51]],
  ['lab(50% 40 20)', [185, 88, 87]],
  ['lch(50% 45 27)', [185, 88, 87]],
  ['oklab(0.6 0.1 0.1)', [195, 96, 46]],
  ['oklch(0.7 0.1 200)', [64, 177, 183]],
  ['color(srgb 1 0.5 0)', [255, 128, 0]],
];

for (const [colour, expected] of COLOURS) {
  test(`${colour} is drawn as the colour that it is`, async () => {
    for (const layer of [
      { id: 'a', type: 'shape', shape: 'rectangle', ...SIZE, fill: colour },
      {
        id: 'a',
        type: 'text',
        text: 'I',
        fontSize: 900,
        fontWeight: 900,
        x: -75,
        y: -490,
        color: colour,
      },
    ] as const) {
      const found = middleOf(await draw(layer));
      found.forEach((value, i) => {
        assert.ok(Math.abs(value - (expected[i] ?? -1)) <= 4, `${layer.type}: ${found.join(' ')}`);
      });
    }
  });
}

const PLACE = { fontSize: 30, x: 10, y: 20 };
const END_MS = Date.parse('2024-05-05T12:00:00Z');
const [SECOND_MS, HOUR_MS, DAY_MS] = [1000, 3_600_000, 86_400_000];

/** Whether a countdown with `leftMs` left shows what a timer shows after `shownMs`. */
async function assertShows(format: string, leftMs: number, shownMs: number): Promise<void> {
  const to = '2024-05-05T12:00:00Z';
  const countdown: LayerInput = { id: 'a', type: 'countdown', to, format, ...PLACE };
  const timer: LayerInput = { id: 'a', type: 'timer', format, offsetMs: shownMs, ...PLACE };
  const found = await draw(countdown, 0, END_MS - leftMs);
  assert.ok(Buffer.compare(found, await draw(timer)) === 0, `${format} with ${leftMs} ms left`);
}

test('a countdown shows a unit as long as any of it is left', async () => {
  await assertShows('mm:ss', 10 * SECOND_MS, 10 * SECOND_MS);
  await assertShows('mm:ss', 9001, 10 * SECOND_MS);
  await assertShows('mm:ss', 1, SECOND_MS);
  await assertShows('mm:ss', 0, 0);
  await assertShows('mm:ss', -5000, 0);
  await assertShows('s.cc', 1234.5, 1240);
  await assertShows('HH:mm', 61 * SECOND_MS, 120 * SECOND_MS);
  await assertShows('H', 1, HOUR_MS);
});

test('a countdown of days shows a day as long as any of it is left', async () => {
  await assertShows('D', 5 * HOUR_MS, DAY_MS);
  await assertShows('D', DAY_MS + 1, 2 * DAY_MS);
});

test('a family that nobody has is drawn in the shipped one', async () => {
  const words = { id: 'a', type: 'text', text: 'Ilm', fontSize: 40 } as const;
  assert.deepEqual(await draw({ ...words, fontFamily: 'no such family' }), await draw(words));
});
