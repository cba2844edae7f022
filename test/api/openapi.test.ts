import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { DEFAULT_API_LIMITS } from '../../src/api/limits.js';
import { PACKAGE_ROOT } from '../../src/core/paths.js';
import type { JsonOperation } from '../../src/api/operation.js';
import { NewLayerSchema } from '../../src/api/operations/layer-input.js';
import { LayerSchema } from '../../src/scene/schema/layer.js';
import { type Harness, startHarness } from './harness.js';
import { assetOf } from '../state/samples.js';

let api: Harness;
before(async () => {
  api = await startHarness();
});
after(() => api.close());

test('passes a linter without an error', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sm-openapi-'));
  const file = join(folder, 'openapi.json');
  await writeFile(file, (await api.call('GET', '/api/openapi.json')).text);
  const redocly = join(PACKAGE_ROOT, 'node_modules', '.bin', 'redocly');
  try {
    await promisify(execFile)(redocly, ['lint', '--extends=recommended', '--format=json', file], {
      cwd: folder,
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    });
  } catch (error) {
    const output =
      typeof error === 'object' && error !== null && 'stdout' in error ? error.stdout : '';
    assert.fail(`The linter objects: ${String(output)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('describes every operation of the table, and nothing else', async () => {
  const { json } = await api.call('GET', '/api/openapi.json');
  const text = JSON.stringify(json);
  const shown = api.server.operations.filter((one) => one.kind === 'json' || !one.hidden);
  for (const { name } of shown) assert.ok(text.includes(`"operationId":"${name}"`), name);
  assert.equal(text.match(/"operationId"/g)?.length, shown.length);
  assert.equal(json['openapi'], '3.1.0');
});

test('says what one request may hold, as the README does', async () => {
  const { jsonValues, layersPerRequest, expressionCharsPerRequest } = DEFAULT_API_LIMITS;
  const { json } = await api.call('GET', '/api/openapi.json');
  const { info } = z.object({ info: z.object({ description: z.string() }) }).parse(json);
  const readme = readFileSync(join(PACKAGE_ROOT, 'README.md'), 'utf8').replace(/\s+/g, ' ');
  const description = info.description.replace(/\s+/g, ' ');
  for (const [limit, what] of [
    [layersPerRequest, 'layers'],
    [expressionCharsPerRequest, 'characters of expressions'],
  ] as const) {
    const text = `${limit.toLocaleString('en')} ${what}`;
    assert.ok(description.includes(text), text);
    assert.ok(readme.includes(text), text);
  }
  assert.ok(description.includes(`${jsonValues.toLocaleString('en')} JSON values`));
  assert.ok(readme.includes(`${jsonValues.toLocaleString('en')} JSON values`));
  assert.match(description, /rejected with 413/);
});

test('lets the kinds of layers that can be posted be all there are', () => {
  const kinds = (options: readonly z.ZodObject[]): unknown[] =>
    options
      .map(({ shape }) => (shape['type'] instanceof z.ZodLiteral ? shape['type'].value : null))
      .sort();
  assert.deepEqual(kinds(NewLayerSchema.options), kinds(LayerSchema.options));
});

/** Layers for the operations that only one kind takes. */
const KINDS = [
  { id: 'watch', type: 'stopwatch' },
  { id: 'clip', type: 'video', asset: 'intro' },
  { id: 'news', type: 'ticker', width: 900, height: 60, items: [{ id: 'i1', text: 'Hi' }] },
  { id: 'talk', type: 'chat', width: 400, height: 600, messages: [{ id: 'm1', text: 'Hi' }] },
];
const OF_ONE_KIND: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  stopwatch: { sceneId: 'kinds', layerId: 'watch' },
  video: { sceneId: 'kinds', layerId: 'clip' },
  ticker: { sceneId: 'kinds', layerId: 'news', itemId: 'i1' },
  chat: { sceneId: 'kinds', layerId: 'talk', messageId: 'm1' },
};
const DescribedSchema = z.looseObject({
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).default([]),
  responses: z.record(
    z.string(),
    z.looseObject({ headers: z.record(z.string(), z.unknown()).optional() }),
  ),
});

test('describes tags, conditions, keys and trials wherever they are taken', async () => {
  const { json } = await api.call('GET', '/api/openapi.json');
  const paths = z.record(z.string(), z.record(z.string(), DescribedSchema)).parse(json['paths']);
  for (const operation of api.server.operations) {
    if (operation.kind !== 'json') continue;
    const { name, method, path, canDryRun, isVersioned } = operation;
    const described = paths[path]?.[method.toLowerCase()];
    assert.ok(described !== undefined, name);
    const takes = described.parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
    const { responses } = described;
    assert.equal(takes.includes('query dryRun'), canDryRun, name);
    assert.equal(takes.includes('header Idempotency-Key'), method !== 'GET', name);
    assert.equal('412' in responses, takes.includes('header If-Match'), name);
    assert.equal('304' in responses, method === 'GET' && isVersioned, name);
    assert.ok(method === 'GET' || '422' in responses, name);
    const success = responses[String(operation.status)]?.headers ?? {};
    assert.equal('Idempotency-Replayed' in success, method !== 'GET', name);
    const canRead = method === 'GET' || '412' in responses;
    if (method !== 'POST') {
      assert.equal('ETag' in success, canRead && operation.output !== null, name);
    }
  }
  for (const [path, method] of [
    ['/api/scenes/{id}', 'patch'],
    ['/api/scenes/{id}/activate', 'post'],
    ['/api/scenes/{sceneId}/layers', 'post'],
    ['/api/outputs/{id}', 'delete'],
  ] as const)
    assert.ok('412' in (paths[path]?.[method]?.responses ?? {}), path);
});

const AUDIO = {
  durationMs: 1000,
  samples: 48_000,
  channels: 2,
  rateHz: 48_000,
  codec: 'PCM',
  title: null,
  artist: null,
  album: null,
};

test('has examples that fit, and answers that are as described', async () => {
  const prepared = { id: 'intro', layers: [{ id: 'title', type: 'text', text: 'Hi' }] };
  await api.call('POST', '/api/scenes', { body: prepared });
  await api.call('POST', '/api/scenes', { body: { id: 'spare' } });
  await api.call('POST', '/api/scenes', { body: { id: 'kinds', layers: KINDS } });
  await api.call('POST', '/api/scenes/intro/activate');
  const later = { at: { time: Date.now() + 3_600_000 }, operations: [{ method: 'scenes.create' }] };
  await api.call('POST', '/api/batch', { body: { ...later, id: 'intro' } });
  const camera = { id: 'intro', content: { kind: 'rtmp-push' } };
  await api.call('POST', '/api/inputs', { body: camera });
  const page = { kind: 'web', url: 'https://example.org/' };
  await api.call('POST', '/api/inputs', { body: { id: 'page', content: page } });
  const content = { kind: 'file', asset: 'song' };
  const playlist = { kind: 'playlist', entries: [content] };
  await api.call('POST', '/api/audio/sources', { body: { id: 'list', content: playlist } });
  for (const id of ['song', 'horn']) {
    const asset = assetOf({ id, kind: 'audio', audio: AUDIO });
    await api.store.dispatch({ type: 'asset.put', asset });
  }
  await api.call('POST', '/api/audio/clips', { body: { id: 'jingle', content } });
  const ids: Record<string, string> = {
    id: 'intro',
    sceneId: 'intro',
    layerId: 'title',
    from: 'intro',
    to: 'intro',
    name: 'bid',
  };
  const operations = api.server.operations.filter(
    (one): one is JsonOperation =>
      one.kind === 'json' &&
      !/^assets\.(get|remove|create)|outputs\.(get|update|remove)/.test(one.name),
  );
  for (const operation of operations) {
    const { name, method, path, body, example, output } = operation;
    const own = { ...ids, ...(OF_ONE_KIND[name.split('.')[0] ?? ''] ?? {}) };
    let address = path.replace(/\{(\w+)\}/g, (_all, key: string) => own[key] ?? '');
    let sent = example;
    if (name.startsWith('templates.')) address = address.replace('intro', 'lower-third');
    if (/^audio\.sources\.(play|pause|seek|skip|previous|go-to)$/.test(name))
      address = address.replace('intro', 'list');
    if (name.startsWith('audio.sources.')) address = address.replace('intro', 'horn');
    if (name.startsWith('audio.clips.')) address = address.replace('intro', 'jingle');
    if (name.startsWith('audio.ducking.')) address = address.replace('intro', 'talk');
    if (name.startsWith('audio.buses.')) address = address.replace('intro', 'guests');
    if (/^inputs\.(message|reload)$/.test(name)) address = address.replace('intro', 'page');
    if (name === 'scenes.remove') address = '/api/scenes/spare';
    if (name === 'scenes.create') sent = { ...prepared, id: 'third' };
    const reply = await api.call(method, address, body === null ? {} : { body: sent });
    assert.equal(reply.status, operation.status, `${name}: ${reply.text}`);
    if (output !== null) {
      const result = output.safeParse(reply.json);
      assert.ok(result.success, `${name}: ${String(result.error)}`);
    }
    if (name === 'layers.remove')
      await api.call('POST', '/api/scenes', { body: { ...prepared, id: 'x' } });
  }
});

test('serves pages that load nothing from elsewhere', async () => {
  const pages = ['/', '/docs', '/docs/errors'];
  for (const page of pages) {
    const reply = await api.call('GET', page);
    assert.equal(reply.status, 200, page);
    assert.match(String(reply.headers['content-security-policy']), /default-src 'none'/);
    assert.doesNotMatch(reply.text, /https?:\/\//, page);
    assert.doesNotMatch(reply.text, /<script>|onclick=/, page);
    for (const [, address = ''] of reply.text.matchAll(/(?:src|href)="(\/[^"#]*)"/g)) {
      const part = await api.call('GET', address);
      assert.equal(part.status, 200, address);
    }
  }
  const bundle = await api.call('GET', '/docs/swagger-ui-bundle.js');
  const etag = String(bundle.headers['etag']);
  const again = await api.call('GET', '/docs/swagger-ui-bundle.js', {
    headers: { 'if-none-match': etag },
  });
  assert.equal(again.status, 304);
  assert.equal(again.text, '');
});

test('leads from an error to its explanation', async () => {
  const reply = await api.call('GET', '/api/scenes/nowhere');
  const [page = '', anchor = ''] = reply.textOf('type').split('#');
  assert.ok((await api.call('GET', page)).text.includes(`id="${anchor}"`));
});
