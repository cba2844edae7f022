import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type Harness, startHarness } from './harness.js';

/** Real requests over HTTP: each run costs several. */
const RUNS = 40;

let api: Harness;
before(async () => {
  api = await startHarness();
});
after(() => api.close());

type Call = { readonly method: string; readonly params: Readonly<Record<string, unknown>> };

const ids = fc.constantFrom('a', 'b', 'c');
const layerIds = fc.constantFrom('x', 'y');
const text = { type: 'text', text: 'Text' } as const;

/** Operations of which many do not fit what they find, or do not fit at all. */
const calls: fc.Arbitrary<Call> = fc.oneof(
  ids.map((id) => ({ method: 'scenes.create', params: { id, layers: [{ ...text, id: 'x' }] } })),
  ids.map((id) => ({ method: 'scenes.replace', params: { id, name: 'Replaced' } })),
  fc
    .tuple(ids, fc.oneof(fc.integer({ min: -10, max: 2000 }), fc.constant('wide')))
    .map(([id, width]) => ({ method: 'scenes.update', params: { id, width } })),
  ids.map((id) => ({ method: 'scenes.remove', params: { id } })),
  ids.map((id) => ({ method: 'scenes.activate', params: { id } })),
  fc
    .tuple(ids, layerIds)
    .map(([sceneId, id]) => ({ method: 'layers.create', params: { ...text, sceneId, id } })),
  fc.tuple(ids, layerIds, fc.double({ min: -0.5, max: 1, noNaN: true })).map((parts) => {
    const [sceneId, layerId, opacity] = parts;
    return { method: 'layers.update', params: { sceneId, layerId, opacity } };
  }),
  fc
    .tuple(ids, layerIds)
    .map(([sceneId, layerId]) => ({ method: 'layers.remove', params: { sceneId, layerId } })),
  fc.constant({ method: 'scenes.list', params: {} }),
);

/** What the state holds, without what counts commands and moments. */
function contentOf({ store }: Harness): unknown {
  const { scenes, program } = store.state;
  return { scenes, sceneId: program.sceneId };
}

async function empty(): Promise<void> {
  await api.call('POST', '/api/scenes', { body: { id: 'air' } });
  await api.call('POST', '/api/scenes/air/activate');
  for (const id of ['a', 'b', 'c']) await api.call('DELETE', `/api/scenes/${id}`);
}

/** Carries out the calls one by one as far as they fit. */
async function playOneByOne(list: readonly Call[]): Promise<{ fits: boolean; content: unknown }> {
  for (const call of list) {
    const reply = await api.call('POST', '/api/batch', { body: { operations: [call] } });
    if (reply.status !== 200) return { fits: false, content: null };
  }
  return { fits: true, content: contentOf(api) };
}

test('of a batch either all is done or nothing, whatever is in it', async () => {
  let whole = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(calls, { minLength: 1, maxLength: 6 }), async (list) => {
      await empty();
      const single = await playOneByOne(list);
      await empty();
      const { state } = api.store;
      const { newestSeq } = api.events;
      const reply = await api.call('POST', '/api/batch', { body: { operations: list } });
      if (single.fits) {
        assert.equal(reply.status, 200, reply.text);
        assert.deepEqual(contentOf(api), single.content);
        assert.equal(api.store.state.revision, state.revision + 1);
        whole += 1;
      } else {
        assert.ok(reply.status >= 400 && reply.status < 500, reply.text);
        assert.equal(api.store.state, state);
        assert.equal(api.events.newestSeq, newestSeq);
      }
    }),
    {
      numRuns: RUNS,
      examples: [
        [
          [
            { method: 'scenes.create', params: { id: 'a' } },
            { method: 'scenes.activate', params: { id: 'a' } },
          ],
        ],
      ],
    },
  );
  assert.ok(whole > 0, 'some fitted');
});
