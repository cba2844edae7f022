import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_BITMAP_PX, MAX_PAINTED_PX, type Content } from '../../src/render/content.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import {
  createTestProgram,
  HeldRenderer,
  renderStill,
  sceneFrom,
  showScene,
  snapshotOf,
} from '../support/engine.js';

/** A blur needs room around what it blurs: several wide ones need far more of it than what they blur has. */

const SIZE = { width: 640, height: 360 } as const;

/** Sides are rounded up to whole pixels. */
const ROUNDING = 1.002;

function blurs(count: number, radius: number): LayerInput['filters'] {
  return Array.from({ length: count }, () => ({ type: 'blur', radius }));
}

const BOX: LayerInput = {
  id: 'box',
  type: 'shape',
  shape: 'rectangle',
  x: 200,
  y: 100,
  width: 240,
  height: 160,
  fill: '#ffffff',
};

/** A layer, and a group that holds it: the one is painted with its filters, the other is composed before. */
function kinds(more: Partial<Pick<LayerInput, 'filters' | 'scale' | 'shadow'>>): LayerInput[] {
  const group: LayerInput = { id: 'group', type: 'group', layers: [BOX] };
  return [
    { ...BOX, ...more },
    { ...group, ...more },
  ];
}

/** All that is to be painted for one frame of a layer. */
async function paintsOf(layer: LayerInput): Promise<Content[]> {
  const program = createTestProgram({
    widthPx: SIZE.width,
    heightPx: SIZE.height,
    createRenderer: (memory) => new HeldRenderer(memory),
  });
  const scene = sceneFrom({ id: 's', ...SIZE, layers: [layer] });
  await showScene(program, snapshotOf(scene));
  assert.ok(program.engine.plan(0, 0));
  const [held] = program.renderer.held;
  return held?.task.paints.map(({ content }) => content) ?? [];
}

for (const [what, more] of [
  ['four blurs', { filters: blurs(4, 200) }],
  ['eight blurs of what is shown four times as large', { filters: blurs(8, 200), scale: 4 }],
  ['a shadow as wide and far as they get', { shadow: { x: 512, y: 512, blur: 512 }, scale: 4 }],
] as const) {
  test(`${what} are painted in no more pixels than anything else`, async () => {
    for (const layer of kinds(more)) {
      const paints = await paintsOf(layer);
      const styled = paints.find(
        ({ filters, decoration }) => filters.length > 0 || decoration.shadows.length > 0,
      );
      assert.ok(styled !== undefined, layer.type);
      for (const { widthPx, heightPx } of paints) {
        const size = `${layer.type}: ${widthPx}x${heightPx}`;
        assert.ok(widthPx * heightPx <= MAX_PAINTED_PX * ROUNDING, size);
        assert.ok(Math.max(widthPx, heightPx) <= MAX_BITMAP_PX, size);
      }
    }
  });
}

/** How much two pictures differ at the most, of 255. */
function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 0))), 0);
}

test('a blur that is painted smaller is as wide as ever, and where it was', async () => {
  // Blurs after each other are one whose variance is the sum of theirs: 4 of 120, or 2 of 169.7, are one of 240.
  const [many, few] = [kinds({ filters: blurs(4, 120) }), kinds({ filters: blurs(2, 169.7) })];
  for (const [i, layer] of many.entries()) {
    const draw = async (one: LayerInput | undefined): Promise<Uint8Array> => {
      const layers = one === undefined ? [] : [one];
      const scene = sceneFrom({ id: 's', ...SIZE, background: '#000000', layers });
      return (await renderStill(scene, { ...SIZE, timeMs: 0 })).rgba;
    };
    const [smaller, whole] = [await draw(layer), await draw(few[i])];
    assert.ok(
      whole.some((value, at) => at % 4 === 0 && value > 15),
      'something is seen',
    );
    assert.ok(difference(smaller, whole) <= 3, `${layer.type}: ${difference(smaller, whole)}`);
  }
});
