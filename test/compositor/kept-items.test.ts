import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeptItems } from '../../src/compositor/faults/layer-entry.js';
import { OPAQUE } from '../../src/compositor/items/stack.js';
import type { DrawStep, LayerResult, LayerStep } from '../../src/compositor/lower/draw-list.js';
import { keptIn } from '../../src/compositor/realise/kept-items.js';
import { compileAtRest } from '../../src/scene/resolve.js';
import { LayerSchema } from '../../src/scene/schema/layer.js';

const COMPILED = compileAtRest(LayerSchema.parse({ id: 'text', type: 'text', text: 'words' }));

function layer(result: LayerResult, standIn: readonly DrawStep[] | null = null): LayerStep {
  return {
    kind: 'layer',
    sceneId: 'scene',
    depth: 0,
    path: 'text',
    compiled: COMPILED,
    result,
    isOnTrial: false,
    isSeen: true,
    lacksPicture: false,
    size: null,
    ownMs: 0,
    standIn,
    shown: null,
  };
}

function kept(key: string): LayerStep {
  const items: KeptItems = { key, items: [], bitmaps: [] };
  return layer({ kind: 'kept', kept: items });
}

test('what layers show again is found wherever it is: in groups, masks, bitmaps of their own and stand-ins', () => {
  const steps: DrawStep[] = [
    kept('alone'),
    layer({ kind: 'drawn', steps: [kept('in a group')] }),
    {
      kind: 'buffer',
      name: 'buffer',
      inner: [kept('in a buffer')],
      effects: [
        { kind: 'matrix', name: 'matrix', params: [] },
        {
          kind: 'mask',
          name: 'mask',
          inner: [layer({ kind: 'drawn', steps: [kept('in a mask')] })],
          levels: { mode: 'alpha', gain: 1, bias: 0 },
        },
      ],
      blending: OPAQUE,
    },
    {
      kind: 'composed',
      inner: [kept('in a bitmap')],
      style: { shadows: [], filters: [] },
      unitPx: 1,
      frame: {
        name: 'box',
        width: 1,
        height: 1,
        matrix: { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 },
        unitPx: 1,
        unitPxNow: 1,
        isAtRest: true,
        tilted: null,
      },
      onto: { ...OPAQUE, clip: { x0: 0, y0: 0, x1: 1, y1: 1 } },
    },
    layer({ kind: 'failed', reason: 'It has to.' }, [kept('in a stand-in')]),
  ];
  assert.deepEqual(
    keptIn(steps).map(({ key }) => key),
    ['alone', 'in a group', 'in a buffer', 'in a mask', 'in a bitmap', 'in a stand-in'],
  );
});
