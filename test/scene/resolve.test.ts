import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileScene } from '../../src/scene/compile-scene.js';
import { EMPTY_STAGE } from '../../src/scene/motion/stage.js';
import type { CompiledLayer } from '../../src/scene/resolve.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { SILENCE } from '../../src/scene/sound/heard.js';
import { SceneSchema } from '../../src/scene/schema/scene.js';

function compile(layer: Record<string, unknown>): CompiledLayer {
  const input = { id: 'a', type: 'shape', shape: 'rectangle', width: 10, height: 10, ...layer };
  const scene = SceneSchema.parse({ id: 's', layers: [input] });
  const [compiled] = compileScene({ scene, stage: EMPTY_STAGE, takenAtMs: 0 }).layersAt(0);
  assert.ok(compiled !== undefined);
  return compiled;
}

function moving(
  property: string,
  from: number | string,
  to: number | string,
): LayerInput['animations'] {
  const keyframes = [
    { atMs: 0, value: from },
    { atMs: 1000, value: to },
  ];
  return [{ property, keyframes }];
}

test('a layer at rest is its own document at any time', () => {
  const compiled = compile({});
  assert.equal(compiled.at(0, 0, SILENCE), compiled.layer);
  assert.equal(compiled.at(1e6, 1e6, SILENCE), compiled.layer);
  assert.equal(compiled.moves('x', 'y', 'opacity'), false);
});

test('fields move, in depth, too, and the document stays as it is', () => {
  const compiled = compile({
    shadow: { blur: 2, x: 3 },
    animations: [
      ...(moving('x', 0, 100) ?? []),
      ...(moving('shadow.blur', 0, 20) ?? []),
      ...(moving('fill', '#000', '#fff') ?? []),
    ],
  });
  const before = structuredClone(compiled.layer);
  const half = compiled.at(500, 500, SILENCE);
  assert.equal(half.x, 50);
  assert.deepEqual(half.shadow, { x: 3, y: 4, blur: 10, color: '#00000080' });
  assert.ok(half.type === 'shape' && typeof half.fill === 'string');
  assert.match(half.fill, /^#808080/);
  assert.deepEqual(compiled.layer, before);
  assert.ok(compiled.moves('y', 'fill') && !compiled.moves('y'));
});

test('of two animations of one field the last counts', () => {
  const compiled = compile({
    animations: [...(moving('x', 0, 100) ?? []), ...(moving('x', 7, 7) ?? [])],
  });
  assert.equal(compiled.at(500, 500, SILENCE).x, 7);
});

test('curves that overshoot stay within what a field may be', () => {
  for (const [property, from, to, low, high] of [
    ['opacity', 0, 1, 0, 1],
    ['scale', 0, 100, 0, 100],
    ['cornerRadius', 0, 50, 0, 4096],
    ['width', 1, 8192, 0, 8192],
  ] as const) {
    const [animation] = moving(property, from, to) ?? [];
    const keyframes = animation?.keyframes.map((one) => ({
      ...one,
      easing: 'ease-in-out-elastic',
    }));
    const compiled = compile({ animations: [{ property, keyframes }] });
    for (let timeMs = 0; timeMs <= 1000; timeMs += 20) {
      const value: unknown = Reflect.get(compiled.at(timeMs, timeMs, SILENCE), property);
      assert.ok(
        typeof value === 'number' && value >= low && value <= high,
        `${property}: ${String(value)}`,
      );
    }
  }
});

test('the largest value over all time is that of its keyframes', () => {
  const compiled = compile({ animations: moving('scale', 0.5, 3) });
  assert.equal(compiled.largest('scale', 0.5), 3);
  assert.equal(compiled.largest('width', 10), 10);
});
