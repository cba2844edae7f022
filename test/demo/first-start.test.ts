import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseConfig } from '../../src/config.js';
import { createLogger } from '../../src/core/logger.js';
import { putDemoOnAir } from '../../src/demo/first-start.js';
import { openStateStore } from '../../src/state/open-store.js';
import type { StateStore } from '../../src/state/port.js';
import { assetOf } from '../state/samples.js';
import { sceneFrom } from '../support/engine.js';

const folder = await mkdtemp(join(tmpdir(), 'sm-first-'));
after(() => rm(folder, { recursive: true }));

function open(name: string): Promise<StateStore> {
  const { stream, explicitStream } = parseConfig({});
  return openStateStore({
    dataDir: join(folder, name),
    redisUrl: null,
    redisPrefix: '',
    durability: 'relaxed',
    logger: createLogger('silent', 'test'),
    settings: { stream, explicitStream, streamUrl: null, rtmpPort: 0, rtmpPlayKey: null },
  });
}

test('the demo is put on air where there are no scenes', async () => {
  const store = await open('empty');
  const asset = assetOf({ id: 'demo-music', kind: 'audio' });
  await store.dispatch({ type: 'asset.put', asset });
  await putDemoOnAir(store, 1000);
  assert.deepEqual(
    store.state.scenes.map(({ id }) => id),
    ['auction'],
  );
  assert.equal(store.state.stream.wanted, 'live');
  assert.deepEqual(
    store.state.sound.sources.map(({ id, bus }) => [id, bus]),
    [['music', 'music']],
  );
  await store.close();
});

test('where no sound can be stored, for want of FFmpeg, the demo is silent', async () => {
  const store = await open('silent');
  await putDemoOnAir(store, 1000);
  assert.equal(store.state.scenes.length, 1);
  assert.deepEqual(store.state.sound.sources, []);
  await store.close();
});

test('a scene that was made while the service started is not replaced by the demo', async () => {
  const store = await open('quick');
  await store.dispatch({ type: 'scene.create', scene: sceneFrom({ id: 'mine' }) });
  await putDemoOnAir(store, 1000);
  assert.deepEqual(
    store.state.scenes.map(({ id }) => id),
    ['mine'],
  );
  assert.equal(store.state.stream.wanted, 'live');
  await store.close();
});
