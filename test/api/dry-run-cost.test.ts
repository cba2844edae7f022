import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDryRunReporter } from '../../src/api/dry-run-cost.js';
import type { SnapshotService } from '../../src/api/ports.js';
import { createLogger } from '../../src/core/logger.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { createGlyphCheck, createGlyphWatch } from '../../src/layers/glyph-check.js';
import { SceneSchema } from '../../src/scene/schema/scene.js';
import type { SceneSnapshot } from '../../src/scene/snapshot.js';
import { createStills, STILL_LIMITS } from '../../src/still/service.js';
import { snapshotOf } from '../support/engine.js';
import { startHarness, type Harness } from './harness.js';

/** With the real thread for stills, and states that come of real requests. */

const SCENE = {
  id: 'main',
  layers: [
    { id: 'still', type: 'shape', shape: 'rectangle', width: 400, height: 300 },
    {
      id: 'moving',
      type: 'shape',
      shape: 'ellipse',
      width: 900,
      height: 700,
      animations: [
        {
          property: 'x',
          keyframes: [
            { atMs: 0, value: 0 },
            { atMs: 4000, value: 500 },
          ],
        },
      ],
    },
  ],
};

let api: Harness;
before(async () => {
  registerShippedFonts();
  api = await startHarness();
});
after(() => api.close());

const stills = createStills({
  ffmpegPath: null,
  logLevel: 'silent',
  logger: createLogger('silent', 'test'),
  limits: STILL_LIMITS,
});
after(() => stills.close());

const snapshots: SnapshotService = {
  snapshotOf: (state, sceneId, takenAtMs) =>
    snapshotOf(state.scenes.find(({ id }) => id === sceneId) ?? null, { takenAtMs }),
};
const check = createGlyphCheck();
const source = {
  stills,
  snapshots,
  renderThreads: 2,
  now: Date.now,
  glyphs: (snapshot: SceneSnapshot) =>
    check(snapshot).map(({ sceneId, layer, characters }) => ({
      sceneId,
      layerId: layer.id,
      characters,
    })),
};

test('a dry run tells what the scene on air would cost, layer by layer', async () => {
  const report = createDryRunReporter(source);
  const empty = api.store.state;
  assert.equal((await report(empty, empty)).cost, null);
  await api.call('POST', '/api/scenes', { body: SCENE });
  await api.call('POST', '/api/scenes/main/activate');
  const { cost } = await report(empty, api.store.state);
  assert.ok(cost !== null);
  assert.deepEqual(
    cost.layers.map(({ sceneId, layerId }) => `${sceneId}/${layerId}`),
    ['main/still', 'main/moving'],
  );
  const moving = cost.layers[1];
  assert.ok(moving !== undefined && moving.changedPx > 10_000 && moving.frameMs > 0);
  assert.ok(cost.frameMs > moving.frameMs && cost.paintMs > 0);
  assert.ok(Math.abs(cost.headroomPercent - 100 * (1 - cost.frameMs / cost.budgetMs)) < 0.1);
});

test('a dry run is answered without the cost when nobody has time to find out', async () => {
  const busy = createStills({
    ffmpegPath: null,
    logLevel: 'silent',
    logger: createLogger('silent', 'test'),
    limits: { ...STILL_LIMITS, pending: 0 },
  });
  after(() => busy.close());
  const { state } = api.store;
  const report = await createDryRunReporter({ ...source, stills: busy })(state, state);
  assert.deepEqual([report.cost, report.missingAssets], [null, []]);
});

test('a dry run tells which signs of new and changed scenes no font has', async () => {
  const { state } = api.store;
  const layers = [
    { id: 'fine', type: 'text', text: 'Žluťoučký 🎉' },
    { id: 'boxes', type: 'group', layers: [{ id: 'inner', type: 'text', text: 'a\u0378b' }] },
  ];
  const scene = SceneSchema.parse({ id: 'signs', layers });
  const after = { ...state, scenes: [...state.scenes, scene] };
  const { missingGlyphs } = await createDryRunReporter(source)(state, after);
  assert.deepEqual(missingGlyphs, [{ sceneId: 'signs', layerId: 'inner', characters: '\u0378' }]);
});

test('signs that no font has are told of once for each version of a layer', () => {
  const told: string[] = [];
  const watch = createGlyphWatch(check, ({ layer }) => told.push(layer.id));
  const layer = { id: 'boxes', type: 'text', text: '\u0378' };
  const scene = SceneSchema.parse({ id: 'signs', layers: [layer] });
  const shown = { scene, nested: {}, fonts: [] };
  watch(shown);
  watch({ ...shown, scene: { ...scene, background: '#ffffff' } });
  assert.deepEqual(told, ['boxes']);
  watch({ ...shown, scene: SceneSchema.parse({ id: 'signs', layers: [layer] }) });
  assert.deepEqual(told, ['boxes', 'boxes']);
});
