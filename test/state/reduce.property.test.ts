import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AppError } from '../../src/core/errors.js';
import type { Command } from '../../src/state/command.js';
import { mergePatch } from '../../src/state/merge-patch.js';
import { readState } from '../../src/state/migrate.js';
import { reduce } from '../../src/state/reduce.js';
import { createStateSerializer } from '../../src/state/serialize.js';
import {
  assetOf,
  emptyState,
  layerOf,
  NOW,
  outputOf,
  sceneOf,
  sceneWithLayers,
} from './samples.js';

const ids = fc.constantFrom('a', 'b', 'c', 'layer-0', 'layer-1');
const index = fc.option(fc.integer({ min: -1, max: 4 }), { nil: null });
const atMs = fc.nat();
const fields = fc.record(
  {
    x: fc.oneof(fc.double(), fc.constant(null)),
    opacity: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(null)),
    text: fc.oneof(fc.string(), fc.constant(null)),
    name: fc.oneof(fc.string(), fc.constant(null), fc.integer()),
    shadow: fc.oneof(fc.record({ blur: fc.nat(600) }), fc.constant(null)),
    unknown: fc.constant(null),
  },
  { requiredKeys: [] },
);

const commands: fc.Arbitrary<Command> = fc.oneof(
  ids.map((id): Command => ({ type: 'scene.create', scene: sceneWithLayers(id, 2) })),
  ids.map((id): Command => ({ type: 'scene.replace', ...NOW, scene: sceneOf({ id }) })),
  fc
    .tuple(ids, fields)
    .map(([sceneId, patch]): Command => ({ type: 'scene.patch', ...NOW, sceneId, patch })),
  ids.map((sceneId): Command => ({ type: 'scene.remove', sceneId })),
  fc.tuple(ids, atMs).map(([sceneId, at]): Command => ({
    type: 'scene.activate',
    transition: null,
    sceneId,
    atMs: at,
  })),
  fc
    .tuple(ids, atMs)
    .map(([sceneId, at]): Command => ({ type: 'preview.load', sceneId, atMs: at })),
  fc.constant<Command>({ type: 'preview.clear' }),
  fc
    .tuple(atMs, fc.boolean())
    .map(([at, swap]): Command => ({ type: 'program.take', transition: null, atMs: at, swap })),
  fc.tuple(ids, ids, index).map(([sceneId, id, at]): Command => {
    const layer = layerOf({ id, type: 'image', asset: 'a' });
    return { type: 'layer.create', ...NOW, sceneId, groupId: null, layer, index: at };
  }),
  fc.tuple(ids, ids, fields, index).map(([sceneId, layerId, patch, at]): Command => {
    return { type: 'layer.patch', ...NOW, sceneId, layerId, patch, index: at };
  }),
  fc
    .tuple(ids, ids)
    .map(([sceneId, layerId]): Command => ({ type: 'layer.remove', ...NOW, sceneId, layerId })),
  ids.map((id): Command => ({ type: 'asset.put', asset: assetOf({ id }) })),
  ids.map((assetId): Command => ({ type: 'asset.remove', assetId })),
  fc
    .record({ a: fc.option(fc.nat()), b: fc.jsonValue() }, { requiredKeys: [] })
    .map((values): Command => ({ type: 'variables.set', ...NOW, values })),
  fc.constantFrom('a', 'b').map((name): Command => ({ type: 'variables.remove', ...NOW, name })),
  fc
    .tuple(ids, fc.constantFrom('create' as const, 'replace' as const), fc.string())
    .map(([id, what, name]): Command => {
      const template = { id, name, description: '', parameters: [], scene: { width: 100 } };
      return { type: `template.${what}`, template };
    }),
  ids.map((templateId): Command => ({ type: 'template.remove', templateId })),
  ids.map((id): Command => ({ type: 'output.create', output: outputOf({ id }) })),
  ids.map((outputId): Command => ({ type: 'output.remove', outputId })),
  fc.integer().map((bitrate): Command => ({ type: 'config.patch', patch: { bitrate } })),
  fc.constantFrom('live' as const, 'offline' as const).map((wanted): Command => {
    return { type: 'stream.want', wanted, atMs: 1 };
  }),
);

test('changes nothing in place, refuses with an error of the table, and stays readable, whatever comes', () => {
  const serialize = createStateSerializer();
  fc.assert(
    fc.property(fc.array(commands, { maxLength: 20 }), (list) => {
      let state = emptyState();
      for (const command of list) {
        const before = JSON.stringify(state);
        const given = JSON.stringify(command);
        let next = state;
        try {
          next = reduce(state, command).state;
          assert.equal(next.revision, state.revision + 1);
        } catch (error) {
          assert.ok(error instanceof AppError && error.code !== 'SM_INTERNAL', String(error));
        }
        assert.equal(JSON.stringify(state), before);
        assert.equal(JSON.stringify(command), given);
        assert.ok(isDeepFrozen(next));
        state = next;
      }
      const stored: unknown = JSON.parse(serialize(state));
      assert.deepEqual(stored, JSON.parse(JSON.stringify(state)));
      assert.equal(JSON.stringify(readState(stored).scenes), JSON.stringify(state.scenes));
    }),
    { numRuns: 150 },
  );
});

test('gives back what a layer patch has put in', () => {
  const scene = sceneWithLayers('a', 3);
  const state = reduce(emptyState(), { type: 'scene.create', scene }).state;
  const values = fc.record(
    {
      x: fc.integer({ min: -1000, max: 1000 }),
      opacity: fc.double({ min: 0, max: 1, noNaN: true }),
      // What looks like the beginning of an expression may be refused.
      text: fc.string().map((text) => text.replaceAll('{', '')),
      visible: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(values, (patch) => {
      const after = reduce(state, {
        type: 'layer.patch',
        ...NOW,
        sceneId: 'a',
        layerId: 'layer-1',
        patch,
        index: null,
      }).state;
      assert.deepEqual(after.scenes[0]?.layers[1], { ...scene.layers[1], ...patch });
    }),
  );
});

test('merges as RFC 7396 says', () => {
  // The examples of its appendix A; `undefined` members are what it removes.
  const cases: readonly (readonly [unknown, unknown, unknown])[] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, { a: undefined }],
    [{ a: 'b', b: 'c' }, { a: null }, { a: undefined, b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd', c: undefined } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b', c: undefined }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: { ccc: undefined } } }],
  ];
  for (const [target, patch, expected] of cases) {
    assert.deepEqual(mergePatch(target, patch), expected);
  }
});

function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeepFrozen);
}
