import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { substitute } from '../../src/scene/variables/substitute.js';
import { airStateOf, isSameOnAir, newProblems } from '../../src/state/air.js';
import type { Command } from '../../src/state/command.js';
import { readState } from '../../src/state/migrate.js';
import type { ServiceState } from '../../src/state/model.js';
import { openStateStore, type StoreOptions } from '../../src/state/open-store.js';
import { reduce } from '../../src/state/reduce.js';
import { assetOf, emptyState, NOW, sceneOf, SETTINGS, SILENT } from './samples.js';

function apply(...commands: Command[]): ServiceState {
  return commands.reduce((state, command) => reduce(state, command).state, emptyState());
}

const SHOWN: readonly Command[] = [
  {
    type: 'scene.create',
    scene: sceneOf({
      id: 's',
      layers: [
        { id: 'price', type: 'text', text: '{{bid.amount}}' },
        { id: 'art', type: 'image', asset: 'none', bindings: { asset: 'lot.picture' } },
        { id: 'still', type: 'text', text: 'Lot' },
      ],
    }),
  },
  { type: 'asset.put', asset: assetOf({ id: 'first' }) },
  { type: 'asset.put', asset: assetOf({ id: 'second' }) },
  { type: 'scene.activate', sceneId: 's', ...NOW },
  { ...NOW, type: 'variables.set', values: { bid: { amount: 1 }, lot: { picture: 'first' } } },
];

test('what is on air changes only with variables that it shows', () => {
  const before = apply(...SHOWN);
  const air = airStateOf(before);
  assert.deepEqual(
    air.assets.map(({ id }) => id),
    ['first'],
  );

  const set = (values: Record<string, unknown>): ReturnType<typeof airStateOf> =>
    airStateOf(reduce(before, { ...NOW, type: 'variables.set', values }).state);
  assert.ok(isSameOnAir(air, set({ other: 5, bid: { by: 'Ada' } })));
  assert.ok(!isSameOnAir(air, set({ bid: { amount: 2 } })));

  const next = set({ lot: { picture: 'second' } });
  assert.deepEqual(
    next.assets.map(({ id }) => id),
    ['second'],
  );
  assert.deepEqual(
    next.scene?.layers.map((layer, i) => layer === air.scene?.layers[i]),
    [true, false, true],
  );
  assert.ok(isSameOnAir(air, airStateOf(before)));
});

test('a value that does not fit is a problem that is new once, a variable that is missing is none to tell of', () => {
  const before = apply(...SHOWN);
  const wrong = reduce(before, {
    ...NOW,
    type: 'variables.set',
    values: { lot: { picture: 5 } },
  }).state;
  const later = reduce(wrong, { ...NOW, type: 'variables.set', values: { other: 1 } }).state;
  const gone = reduce(later, { ...NOW, type: 'variables.remove', name: 'bid' }).state;
  const problems = [before, wrong, later, gone].map((state, i, all) =>
    newProblems(airStateOf(all[i - 1] ?? before), airStateOf(state)).map(
      ({ sceneId, layerId, property, kind }) => [sceneId, layerId, property, kind],
    ),
  );
  assert.deepEqual(problems, [[], [['s', 'art', 'asset', 'value']], [], []]);
  assert.deepEqual(
    airStateOf(gone).problems.map(({ kind }) => kind),
    ['unknown-variable', 'value'],
  );
});

test('variables that are set to what they are stay the same objects', () => {
  const before = apply(...SHOWN);
  const same = reduce(before, { ...NOW, type: 'variables.set', values: { bid: { amount: 1 } } });
  assert.equal(same.state.variables, before.variables);
  assert.deepEqual(same.events, []);
  const other = reduce(before, {
    ...NOW,
    type: 'variables.set',
    values: { lot: { picture: 'x' } },
  });
  assert.equal(other.state.variables['bid'], before.variables['bid']);
});

test('a restart brings variables back, and what was stored without them can be read', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sm-variables-'));
  const options: StoreOptions = {
    dataDir,
    redisUrl: null,
    redisPrefix: '',
    settings: SETTINGS,
    durability: 'relaxed',
    logger: SILENT,
  };
  try {
    const store = await openStateStore(options);
    await store.dispatch({
      ...NOW,
      type: 'variables.set',
      values: { bid: { amount: 7, tags: ['a'] } },
    });
    await store.close();
    const again = await openStateStore(options);
    assert.deepEqual(again.state.variables, { bid: { amount: 7, tags: ['a'] } });
    await again.close();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  const { variables, ...old } = apply(...SHOWN);
  assert.ok('bid' in variables);
  assert.deepEqual(readState(JSON.parse(JSON.stringify(old))).variables, {});
});

test('a scene that was stored with signs that mean something now can be read, and its other layers changed', () => {
  const stored = apply({
    type: 'scene.create',
    scene: sceneOf({
      id: 's',
      layers: [
        { id: 'old', type: 'text', text: 'x' },
        { id: 'other', type: 'text', text: 'y' },
      ],
    }),
  });
  const raw = JSON.stringify(stored).replace('"text":"x"', '"text":"{{ not closed"');
  const state = readState(JSON.parse(raw));
  const after = reduce(state, {
    ...NOW,
    type: 'layer.patch',
    sceneId: 's',
    layerId: 'other',
    patch: { text: 'z' },
    index: null,
  }).state;
  const [scene] = after.scenes;
  assert.ok(scene !== undefined);
  const [old] = substitute(scene, {}).scene.layers;
  assert.ok(old?.type === 'text');
  assert.equal(old.text, '{{ not closed');
});
