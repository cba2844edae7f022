import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DEFAULT_API_LIMITS } from '../../src/api/limits.js';
import { parseJson } from '../../src/api/json-text.js';
import { type Harness, startHarness } from './harness.js';

let api: Harness;
before(async () => {
  api = await startHarness();
});
after(() => api.close());

const { jsonValues, layersPerRequest, expressionCharsPerRequest } = DEFAULT_API_LIMITS;
let made = 0;

function layer(): object {
  made += 1;
  return { id: `l${made}`, type: 'text', x: 0, y: 0, text: 'x' };
}

function layers(count: number): object[] {
  return Array.from({ length: count }, layer);
}

function group(inner: readonly object[]): object {
  return { ...layer(), type: 'group', text: undefined, layers: inner };
}

/** Bodies of less than a megabyte that would keep the main thread for seconds. */
const TOO_MANY: Readonly<Record<string, readonly [string, string, object]>> = {
  'groups of layers': [
    'POST',
    '/api/scenes',
    { layers: Array.from({ length: 30 }, () => group(layers(400))) },
  ],
  'a batch of scenes': [
    'POST',
    '/api/batch',
    {
      operations: Array.from({ length: 30 }, (_, i) => ({
        method: 'scenes.create',
        params: { id: `s${i}`, layers: layers(400) },
      })),
    },
  ],
  'a template of groups': [
    'POST',
    '/api/templates',
    {
      id: 't',
      parameters: [],
      scene: { layers: Array.from({ length: 30 }, () => group(layers(300))) },
    },
  ],
  'a batch of expressions': [
    'POST',
    '/api/batch',
    {
      operations: Array.from({ length: 20 }, (_, i) => ({
        method: 'scenes.create',
        params: {
          id: `e${i}`,
          layers: [
            { ...layer(), text: `{{${'1 + '.repeat(expressionCharsPerRequest / 100)}1}}` },
            { ...layer(), bindings: { x: '1 + '.repeat(expressionCharsPerRequest / 100) } },
          ],
        },
      })),
    },
  ],
  'a list in a variable': [
    'PATCH',
    '/api/variables',
    { values: { a: Array.from({ length: 400_000 }, () => 0) } },
  ],
  'lists in a variable': [
    'PATCH',
    '/api/variables',
    { values: { a: Array.from({ length: 90_000 }, () => [[0]]) } },
  ],
};

for (const [what, [method, path, body]] of Object.entries(TOO_MANY)) {
  test(`refuses ${what} that is too much for one request before it is looked at`, async () => {
    const { state } = api.store;
    const reply = await api.call(method, path, { body });
    assert.equal(reply.status, 413, reply.text.slice(0, 300));
    assert.equal(reply.json['code'], 'SM_REQUEST_TOO_LARGE');
    assert.match(reply.text, /several requests/);
    assert.equal(api.store.state, state);
  });
}

test('refuses a long list in a variable with the reason, and not as a mistake of the service', async () => {
  const values = { a: Array.from({ length: 90_000 }, () => 0), b: [[[[[[[[[[1]]]]]]]]]] };
  const reply = await api.call('PATCH', '/api/variables', { body: { values } });
  assert.equal(reply.status, 422, reply.text.slice(0, 300));
  assert.match(reply.text, /at most 1000 values/);
});

test('takes as many layers in one request as are allowed', async () => {
  const operations = Array.from({ length: layersPerRequest / 500 }, (_, i) => ({
    method: 'scenes.create',
    params: { id: `full${i}`, layers: layers(500) },
  }));
  const reply = await api.call('POST', '/api/batch', { body: { operations } });
  assert.equal(reply.status, 200, reply.text.slice(0, 300));
});

test('takes texts of braces without a word, however many they are', () => {
  const braces = '{{'.repeat(300_000);
  const parsed = parseJson(Buffer.from(JSON.stringify({ a: braces })), DEFAULT_API_LIMITS);
  assert.deepEqual(parsed, { a: braces });
});

test('counts values by their text alone, and no commas in texts', () => {
  const parse = (text: string): unknown => parseJson(Buffer.from(text), DEFAULT_API_LIMITS);
  const list = (count: number): string => `[${Array.from({ length: count }, () => '1').join(',')}]`;
  assert.throws(() => parse(list(jsonValues + 1)), { code: 'SM_REQUEST_TOO_LARGE' });
  const text = `{"a":"${',[{\\"'.repeat(jsonValues)}"}`;
  assert.equal(typeof parse(text), 'object');
  assert.throws(() => parse(`{"layers":[{"layers":${list(layersPerRequest)}}]}`), {
    code: 'SM_REQUEST_TOO_LARGE',
  });
});
