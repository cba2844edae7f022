import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { applyChange, changeOf } from '../../src/core/value-changes.js';

/** As a message between threads has it. */
function sent<T>(before: T | null, after: T): { readonly change: ReturnType<typeof changeOf<T>> } {
  return structuredClone({ change: changeOf(before, after) });
}

/** A tree whose parts are taken from another one by chance: at their places, or elsewhere. */
function mixed(a: unknown, b: unknown, random: () => number): unknown {
  if (random() < 0.3) return a;
  if (isList(a) && isList(b)) {
    const elements = [...a, ...b].filter(() => random() < 0.7);
    return random() < 0.3 ? elements.toReversed() : elements;
  }
  if (isFields(a) && isFields(b)) {
    const names = random() < 0.6 ? Object.keys(a) : Object.keys({ ...a, ...b });
    return Object.fromEntries(
      names.map((name) => [
        name,
        mixed(
          Object.hasOwn(a, name) ? a[name] : undefined,
          Object.hasOwn(b, name) ? b[name] : 1,
          random,
        ),
      ]),
    );
  }
  return b;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

test('whoever gets the changes has what was sent, in whatever it differs from what was sent before', () => {
  const tree = fc.object({ maxDepth: 4, withBigInt: true, withNullPrototype: false });
  fc.assert(
    fc.property(
      fc.array(tree, { minLength: 2, maxLength: 5 }),
      fc.infiniteStream(fc.nat(99)),
      (trees, chances) => {
        const random = (): number => (chances.next().value ?? 0) / 100;
        let [before, received]: [unknown, unknown] = [null, null];
        for (const next of trees) {
          const after = before === null ? next : mixed(before, next, random);
          received = applyChange(received, sent(before, after).change);
          assert.deepEqual(received, structuredClone(after));
          before = after;
        }
      },
    ),
  );
});

test('what did not change is the same object for the receiver, and is not sent again', () => {
  const long = (id: number) => ({ id, text: 'x'.repeat(1000) });
  const list = Array.from({ length: 50 }, (_, id) => long(id));
  const before = {
    scene: {
      layers: [
        { id: 'chat', list },
        { id: 'title', color: '#fff' },
      ],
    },
    n: 1n,
  };
  const [chat, title] = before.scene.layers;
  assert.ok(chat !== undefined && title !== undefined);
  const changed = { ...chat, list: [...list.slice(3), { id: 50, text: 'y'.repeat(1000) }] };
  const after = { scene: { layers: [changed, title] }, n: 2n };
  const first = applyChange(null, sent(null, before).change);
  const { change } = sent(before, after);
  // All that it says: a field of a field, a stretch of a list, and the message that is new.
  const all = inspect(change, { depth: null, maxStringLength: null });
  assert.deepEqual([all.match(/x{1000}/g)?.length, all.match(/y{1000}/g)?.length], [undefined, 1]);
  const second = applyChange(first, change);
  assert.deepEqual(second, after);
  assert.equal(second.scene.layers[1], first.scene.layers[1]);
  const lists = [first, second].map(({ scene }) => (scene.layers[0] as typeof chat).list ?? []);
  assert.equal(lists[1]?.[0], lists[0]?.[3]);
  assert.equal(lists[1]?.length, 48);
  assert.deepEqual(changeOf(after, after), { kind: 'same' });
});

test('fields that have names of their own kind are nothing special', () => {
  const odd = JSON.parse('{"__proto__":{"x":1},"a,b":2,"constructor":{"y":[{}]}}') as object;
  const other = JSON.parse('{"__proto__":{"x":2},"a":3,"b,constructor":4}') as object;
  for (const [before, after] of [
    [odd, other],
    [other, odd],
    [odd, structuredClone(odd)],
  ] as const) {
    const received = applyChange(structuredClone(before), sent(before, after).change);
    assert.deepEqual(received, after);
    assert.deepEqual(Object.keys(received), Object.keys(after));
  }
});
