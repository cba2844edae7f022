import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registerFont, registerShippedFonts } from '../../src/render/canvas.js';
import { createSharedMemory } from '../../src/memory/map.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { renderStill, sceneFrom } from '../support/engine.js';
import { testFamilies, testFonts } from '../support/test-fonts.js';

/** Small letters that are shown large: the canvas works with whole units, which are many pixels then. */

const SIZE = { width: 400, height: 240 } as const;
const FAMILIES = testFamilies({ sans: testFonts('noto-sans'), mono: testFonts('dejavu-mono') });
registerShippedFonts();
for (const [family, path] of FAMILIES.files) assert.ok(registerFont(path, family), path);
const memory = createSharedMemory();
const fonts = FAMILIES.files.map(([family, path]) => ({ family, path }));

const [SANS = '', MONO = ''] = [...FAMILIES.of('sans'), ...FAMILIES.of('mono')];
/** One that is [size of letters, scale], of which the products are the same. */
const SIZES = [
  [5, 20],
  [7, 100 / 7],
  [9.5, 100 / 9.5],
  [10, 10],
  [1, 100],
] as const;

/** The first and the last row in which something is seen between two columns. */
async function rowsOf(
  layer: LayerInput,
  [left, right]: readonly [number, number],
): Promise<readonly [number, number]> {
  const scene = sceneFrom({ id: 's', ...SIZE, layers: [layer] });
  const { rgba } = await renderStill(scene, { ...SIZE, timeMs: 0, memory, fonts });
  let [first, last] = [Infinity, -Infinity];
  for (let y = 0; y < SIZE.height; y++)
    for (let x = left; x < right; x++)
      if ((rgba[(y * SIZE.width + x) * 4] ?? 0) > 127)
        [first, last] = [Math.min(first, y), Math.max(last, y)];
  return [first, last];
}

test('small letters that are shown large are seen whole', async () => {
  for (const fontFamily of ['Inter', SANS, MONO]) {
    const shown = { id: 'a', type: 'text', text: 'Åg', y: 40, fontFamily } as const;
    const whole: readonly [number, number] = [0, SIZE.width];
    const [top, bottom] = await rowsOf({ ...shown, fontSize: 100 }, whole);
    for (const [fontSize, scale] of SIZES) {
      const [first, last] = await rowsOf({ ...shown, fontSize, scale }, whole);
      const size = `${fontFamily} of ${fontSize} at ${scale.toFixed(1)}`;
      assert.ok(Math.abs(last - first - (bottom - top)) <= 2, `${size}: ${last - first}`);
    }
  }
});

test('letters of several fonts stand on one baseline, also when they are shown large', async () => {
  for (const [fontSize, scale] of SIZES) {
    const spans = [SANS, MONO].map((fontFamily) => ({ text: 'H', fontFamily }));
    const layer = { id: 'a', type: 'text', spans, y: 40, fontSize, scale } as const;
    const [, left] = await rowsOf(layer, [0, 70]);
    const [, right] = await rowsOf(layer, [80, SIZE.width]);
    assert.ok(Math.abs(left - right) <= 1, `of ${fontSize}: rows ${left} and ${right}`);
  }
});
