import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMemoryBytes, readTreeUsage } from '../../bench/process-tree.js';
import { ALLOCATOR_VARIABLES } from '../../src/core/allocator.js';
import { RandomNumbers } from '../support/random-numbers.js';
import { SceneFuzz, showFuzzScene, type SendJson } from '../support/scene-fuzz.js';
import { Service, SMALL_STREAM } from '../support/service.js';

/** All of it, the encoder and the relays among it, whatever the scenes hold. */
const LIMIT_BYTES = 1.5e9;
/** When an ordinary scene is on air again. */
const REST_BYTES = 700e6;
const REST_WAIT_MS = 60_000;
/** `npm run bench -- memory` makes ten times as many, at 1080p60. */
const CHANGES = 500;
const LOOK_EVERY = 5;

let service: Service;
before(async () => {
  service = await Service.start({ ...SMALL_STREAM, ...ALLOCATOR_VARIABLES, AUTOSTART: 'true' });
  await service.until('it is live', async () => (await service.status()).state === 'live');
});
after(() => service.close());

async function treeBytes(): Promise<number> {
  return readMemoryBytes((await readTreeUsage(service.pid)).pids);
}

/** Puts the first scene on air again and waits until memory has come back. */
async function comesBack(): Promise<void> {
  await service.must('POST', '/api/scenes/auction/activate');
  const giveUpAtMs = performance.now() + REST_WAIT_MS;
  let bytes = await treeBytes();
  while (bytes > REST_BYTES && performance.now() < giveUpAtMs) {
    await sleep(1000);
    bytes = await treeBytes();
  }
  assert.ok(bytes <= REST_BYTES, `${Math.round(bytes / 1e6)} MB are kept`);
}

test('a large text with a shadow that changes again and again does not fill the memory', async () => {
  const text = {
    id: 'text',
    type: 'text' as const,
    text: 'Big',
    fontSize: 1024,
    scale: 4,
    shadow: { blur: 100 },
  };
  await service.show({ id: 'big', layers: [text] });
  let most = 0;
  for (let i = 0; i < 60; i++) {
    await service.must('PATCH', '/api/scenes/big/layers/text', { text: `Big ${i}` });
    await sleep(100);
    most = Math.max(most, await treeBytes());
  }
  assert.ok(most < LIMIT_BYTES / 1.5, `it took ${Math.round(most / 1e6)} MB`);
  await comesBack();
});

test('random changes that fit the schemas do not fill the memory, and it comes back', async () => {
  const send: SendJson = (method, path, body) => service.api(method, path, body);
  await showFuzzScene(send);
  const document = (await service.must('GET', '/api/openapi.json')).json;
  const fuzz = new SceneFuzz(document, new RandomNumbers(7), send);
  let most = 0;
  for (let i = 0; i < CHANGES; i++) {
    const { layerId, patch } = await fuzz.change();
    if (i % LOOK_EVERY > 0) continue;
    const bytes = await treeBytes();
    most = Math.max(most, bytes);
    const at = `${layerId} ${JSON.stringify(patch).slice(0, 400)}`;
    assert.ok(bytes < LIMIT_BYTES, `${Math.round(bytes / 1e6)} MB after ${i} changes: ${at}`);
  }
  assert.equal(fuzz.counts.failed, 0, JSON.stringify(fuzz.counts));
  assert.ok(fuzz.counts.taken > CHANGES / 2, JSON.stringify(fuzz.counts));
  await comesBack();
  const metrics = await service.must('GET', '/metrics');
  const page = metrics.bytes.toString();
  assert.match(page, /^stream_manager_memory_limit_bytes 1610612736$/m);
  assert.match(page, /^stream_manager_memory_bytes \d+$/m);
});
