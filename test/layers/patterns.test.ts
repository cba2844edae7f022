import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import { PATTERNS } from '../../src/layers/pattern/schema.js';
import { renderStill, sceneFrom } from '../support/engine.js';
import { nextId, sheet } from '../render/sheet.js';

sheet(
  'patterns',
  PATTERNS.map((pattern, i) => ({
    id: nextId(),
    type: 'pattern',
    pattern,
    cellSize: 12,
    lineWidth: 1,
    x: 10 + (i % 3) * 102,
    y: 8 + Math.floor(i / 3) * 56,
    width: 96,
    height: 52,
  })),
);

sheet('pattern-decorations', [
  {
    id: nextId(),
    type: 'pattern',
    pattern: 'smpte-bars',
    x: 10,
    y: 10,
    width: 140,
    height: 80,
    cornerRadius: 14,
    border: { width: 3 },
    shadow: {},
  },
  {
    id: nextId(),
    type: 'pattern',
    pattern: 'checkerboard',
    x: 170,
    y: 10,
    width: 140,
    height: 80,
    cellSize: 10,
    color: '#ffffff20',
    background: 'transparent',
  },
  {
    id: nextId(),
    type: 'pattern',
    pattern: 'grid',
    x: 80,
    y: 135,
    width: 120,
    height: 70,
    anchor: { x: 0.5, y: 0.5 },
    rotation: 10,
    color: '#40c0ff',
    background: '#102030',
    cellSize: 14,
    lineWidth: 1,
  },
  {
    id: nextId(),
    type: 'pattern',
    pattern: 'focus',
    x: 190,
    y: 100,
    width: 70,
    height: 70,
    color: '#ffd040',
    background: 'transparent',
  },
]);

const SIZE = { width: 1920, height: 1080 };
const memory = createSharedMemory();

/** The bytes Y, Cb and Cr of a program frame that shows a pattern. */
async function samplesOf(pattern: (typeof PATTERNS)[number]) {
  const layer = { id: 'a', type: 'pattern', pattern } as const;
  const scene = sceneFrom({ id: 's', ...SIZE, layers: [layer] });
  const { i420 } = await renderStill(scene, { ...SIZE, timeMs: 0, memory });
  const lumaBytes = SIZE.width * SIZE.height;
  return (x: number, y: number): readonly number[] => {
    const chroma = (y >> 1) * (SIZE.width / 2) + (x >> 1);
    return [
      i420[y * SIZE.width + x] ?? -1,
      i420[lumaBytes + chroma] ?? -1,
      i420[lumaBytes * 1.25 + chroma] ?? -1,
    ];
  };
}

function assertNear(found: readonly number[], expected: readonly number[], what: string): void {
  const isNear = found.every((value, i) => Math.abs(value - (expected[i] ?? -1)) <= 1);
  assert.ok(isNear, `${what} is ${found.join('/')}, not ${expected.join('/')}`);
}

/** Y, Cb and Cr at 8 bits as SMPTE RP 219-1 gives them, with a point at 1920x1080 that shows them. */
const SMPTE = [
  ['40 % grey', 100, 300, 104, 128, 128],
  ['75 % white', 340, 300, 180, 128, 128],
  ['75 % yellow', 550, 300, 168, 44, 136],
  ['75 % cyan', 750, 300, 145, 147, 44],
  ['75 % green', 960, 300, 134, 63, 52],
  ['75 % magenta', 1160, 300, 63, 193, 204],
  ['75 % red', 1370, 300, 51, 109, 212],
  ['75 % blue', 1580, 300, 28, 212, 120],
  ['100 % cyan', 100, 670, 188, 154, 16],
  ['75 % white', 340, 670, 180, 128, 128],
  ['100 % blue', 1800, 670, 32, 240, 118],
  ['100 % yellow', 100, 760, 219, 16, 138],
  ['black', 340, 760, 16, 128, 128],
  ['half of the ramp', 960, 760, 126, 128, 128],
  ['100 % white', 1580, 760, 235, 128, 128],
  ['100 % red', 1800, 760, 63, 102, 240],
  ['15 % grey', 100, 900, 49, 128, 128],
  ['100 % white', 750, 900, 235, 128, 128],
  ['+2 %', 1304, 900, 20, 128, 128],
  ['+4 %', 1440, 900, 25, 128, 128],
] as const;

test('the bars of SMPTE have the values of RP 219 in the program frame, within one step', async () => {
  const at = await samplesOf('smpte-bars');
  for (const [name, x, y, ...expected] of SMPTE) assertNear(at(x, y), expected, `${name} at ${x}`);
});

/** 100/0/75/0 bars in BT.709 at 8 bits. */
const EBU = [
  [235, 128, 128],
  [168, 44, 136],
  [145, 147, 44],
  [134, 63, 52],
  [63, 193, 204],
  [51, 109, 212],
  [28, 212, 120],
  [16, 128, 128],
];

test('the bars of the EBU are white, six colours at 75 %, and black', async () => {
  const at = await samplesOf('ebu-bars');
  EBU.forEach((expected, i) => {
    assertNear(at(120 + i * 240, 500), expected, `bar ${i}`);
  });
});

test('the ramp has every step of luma', async () => {
  const at = await samplesOf('ramp');
  const lumas = Array.from({ length: SIZE.width }, (_, x) => at(x, 100)[0] ?? -1);
  assert.equal(new Set(lumas).size, 220);
  assert.ok(
    lumas.every((luma, x) => luma >= (lumas[x - 1] ?? 0)),
    'it never falls',
  );
});

test('noise is the same for the same seed, and spread over all greys', async () => {
  const draw = async (seed: number): Promise<Uint8Array> => {
    const layer = { id: 'a', type: 'pattern', pattern: 'noise', seed } as const;
    const scene = sceneFrom({ id: 's', width: 256, height: 256, layers: [layer] });
    return (await renderStill(scene, { width: 256, height: 256, timeMs: 0, memory })).i420;
  };
  const first = await draw(7);
  assert.deepEqual(await draw(7), first);
  assert.notDeepEqual(await draw(8), first);
  const luma = first.subarray(0, 256 * 256);
  const mean = luma.reduce((sum, value) => sum + value, 0) / luma.length;
  assert.ok(Math.abs(mean - 125.5) < 1, `the mean is ${mean}`);
  assert.equal(new Set(luma).size, 220);
});
