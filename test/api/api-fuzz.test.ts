import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAYER_EXAMPLES } from '../../src/api/operations/layer-examples.js';
import { DOCUMENTS } from '../../src/layers/documents.js';
import { readState } from '../../src/state/migrate.js';
import { fuzzApi } from '../support/api-fuzz.js';
import { type Harness, startHarness } from './harness.js';

/** A part for every run of the tests; more with FUZZ_REQUESTS=50000, others with another FUZZ_SEED. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 3000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);

/** Something of every kind, so that requests find what they are for. */
async function furnish(api: Harness): Promise<void> {
  const kinds = Object.entries(LAYER_EXAMPLES).map(([kind, layer]) => ({ ...layer, id: kind }));
  const layers = [{ ...DOCUMENTS.text.example, id: 'title' }];
  for (const id of ['a', 'b', 'intro']) {
    const scene = { id, layers: [...layers, ...kinds] };
    const reply = await api.call('POST', '/api/scenes', { body: scene });
    assert.equal(reply.status, 201, reply.text);
  }
  const template = { id: 'own', parameters: [], scene: { layers: [] } };
  await api.call('POST', '/api/templates', { body: template });
  const output = { id: 'own', url: 'rtmp://host.invalid/app/key' };
  await api.call('POST', '/api/outputs', { body: output });
  await api.call('POST', '/api/scenes/intro/activate');
}

test(`answers ${REQUESTS} random requests of its contract without a mistake of its own`, async (t) => {
  const api = await startHarness({ limits: { requestsPerSecond: 1_000_000 } });
  t.after(() => api.close());
  await furnish(api);
  const { requests, answers, findings } = await fuzzApi({
    origin: api.origin,
    seed: SEED,
    requests: REQUESTS,
    without: ['preview.mjpeg', 'preview.scene.mjpeg', 'scenes.render'],
  });
  t.diagnostic(`seed ${SEED}: ${JSON.stringify(Object.fromEntries([...answers].sort()))}`);
  assert.deepEqual(findings, []);
  assert.ok(requests >= REQUESTS);
  assert.ok((answers.get('200') ?? 0) + (answers.get('201') ?? 0) > REQUESTS / 10, 'too few fit');
  // What it has come to can be stored and read again.
  const raw: unknown = JSON.parse(JSON.stringify(api.store.state));
  const { revision } = api.store.state;
  assert.equal(readState(raw).revision, revision);
  assert.equal((await api.call('GET', '/health')).status, 200);
});
