import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PaintCosts } from '../../src/compositor/paint-costs.js';
import { PLAIN, toContent, type Content } from '../../src/render/content.js';
import { predictPaintMs } from '../../src/render/paint-cost.js';

function area(side: number, blur: number | null = null): Content {
  const shadows = blur === null ? [] : [{ x: 0, y: 0, blur, color: '#000' }];
  const box = { width: side, height: side };
  return toContent({ kind: 'rectangle', fill: '#fff' }, { ...PLAIN, shadows }, box, 1);
}

test('a prediction comes near to what paints of its kind take, and leaves other kinds alone', () => {
  const costs = new PaintCosts();
  const [plain, blurred] = [area(400), area(400, 20)];
  const before = costs.predictMs(plain);
  for (let i = 0; i < 60; i++) costs.observe(blurred, 3 * predictPaintMs(blurred));
  assert.ok(Math.abs(costs.predictMs(area(300, 30)) / predictPaintMs(area(300, 30)) - 3) < 0.1);
  assert.equal(costs.predictMs(plain), before);
});

test('one paint that was kept waiting by something else does not turn a prediction over', () => {
  const costs = new PaintCosts();
  const content = area(400);
  costs.observe(content, 1000 * predictPaintMs(content));
  assert.ok(costs.predictMs(content) < 2 * predictPaintMs(content));
});

test('paints too short to be measured say nothing', () => {
  const costs = new PaintCosts();
  const content = area(8);
  for (let i = 0; i < 20; i++) costs.observe(content, 0.001);
  assert.equal(costs.predictMs(content), predictPaintMs(content));
});
