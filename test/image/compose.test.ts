import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { PACKAGE_ROOT } from '../../src/core/paths.js';
import { startRtmpRecorder, type RtmpRecorder } from '../support/rtmp-recorder.js';
import { composeService } from './compose.js';
import type { Container } from './container.js';
import { API, call, Stack, TOKEN, until } from './stack.js';

/**
 * docker-compose.yml, with the image, with Debian's Redis and Prometheus, and with the very commands, files, limits and
 * secrets that stand in it. Grafana is no package of Debian: its queries are asked here, of the Prometheus that it asks.
 */

const PROMETHEUS = 'http://127.0.0.1:9090';
const DASHBOARD = 'src/metrics/deploy/grafana/dashboards/stream-manager.json';
/** The shortest that Grafana puts for `$__rate_interval` with the data source there is: four times its 5 s. */
const RATE_INTERVAL = '20s';
/** Something changes this often, so that there is always something to be measured. */
const CHANGE_MS = 500;

const Answer = z.object({
  status: z.literal('success'),
  data: z.object({
    result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })),
  }),
});
const Targets = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ scrapeUrl: z.string(), health: z.string(), lastError: z.string() }),
    ),
  }),
});
const Rules = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({ name: z.string(), health: z.string(), lastError: z.string().optional() }),
        ),
      }),
    ),
  }),
});
const Dashboard = z.object({
  panels: z.array(
    z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) }),
  ),
});

let stack: Stack;
let redis: Container;
let service: Container;
let prometheus: Container;
let recorder: RtmpRecorder;
const ended = new AbortController();
before(async () => {
  stack = await Stack.prepare();
  recorder = await startRtmpRecorder();
});
after(async () => {
  ended.abort();
  await recorder.kill();
  await stack.close();
});

async function ask(path: string): Promise<unknown> {
  const response = await fetch(`${PROMETHEUS}${path}`);
  if (response.ok) return response.json();
  throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

/** The numbers that a query gives; those that are none, as of a histogram without a count, stay out. */
async function numbersOf(expression: string): Promise<number[]> {
  const query = expression.replaceAll('$__rate_interval', RATE_INTERVAL);
  const answer = Answer.parse(await ask(`/api/v1/query?query=${encodeURIComponent(query)}`));
  return answer.data.result.map(({ value }) => Number(value[1])).filter(Number.isFinite);
}

async function redisIsWell(): Promise<boolean> {
  const [kind, ...check] = composeService('redis').healthcheck?.test ?? [];
  assert.equal(kind, 'CMD');
  const { code, output } = await redis.exec(check);
  return code === 0 && output.trim() === 'PONG';
}

/** Moves a layer and looks at the preview from time to time, until the tests end. */
async function keepChanging(): Promise<void> {
  for (let x = 0; !ended.signal.aborted; x = (x + 1) % 100) {
    await call('PATCH', '/api/scenes/lot/layers/box', { x }).catch(() => undefined);
    await sleep(CHANGE_MS);
  }
}

test('Redis starts with the command of the compose file and passes its health check', async () => {
  redis = await stack.startPart('redis');
  await until('Redis answers', redisIsWell, () => redis.output);
});

test('the service starts beside it and keeps its state there', async () => {
  service = await stack.startService();
  await call('POST', '/api/scenes', {
    id: 'lot',
    layers: [{ id: 'box', type: 'shape', shape: 'rectangle', x: 0, y: 0, width: 100, height: 100 }],
  });
  await call('POST', '/api/scenes/lot/activate');
  const keys = await redis.must('redis-cli', 'keys', '*');
  assert.notEqual(keys.trim(), '');
  const status = z
    .looseObject({ persistence: z.looseObject({ store: z.string(), state: z.string() }) })
    .parse(await call('GET', '/api/stream/status'));
  assert.deepEqual([status.persistence.store, status.persistence.state], ['redis', 'ok']);
});

test('nobody without the token is answered', async () => {
  const response = await fetch(`${API}/api/scenes`);
  assert.equal(response.status, 401);
});

test('Prometheus starts with the files that compose mounts, and scrapes the service with the secret', async () => {
  await call('POST', '/api/outputs', { id: 'recorder', name: 'Recorder', url: recorder.url });
  prometheus = await stack.startPart('prometheus');
  void keepChanging();
  let seen: unknown = null;
  const isScraped = async (): Promise<boolean> => {
    seen = await ask('/api/v1/targets');
    const targets = Targets.parse(seen).data.activeTargets;
    return targets.length === 1 && targets.every(({ health }) => health === 'up');
  };
  await until(
    'the service is scraped',
    isScraped,
    () => `${JSON.stringify(seen)}\n${prometheus.output}`,
  );
  const [target] = Targets.parse(seen).data.activeTargets;
  assert.equal(target?.scrapeUrl, 'http://stream-manager:3000/metrics');
  assert.ok(!JSON.stringify(seen).includes(TOKEN));
});

test('every query of the Grafana dashboard has data', async () => {
  const { panels } = Dashboard.parse(
    JSON.parse(readFileSync(join(PACKAGE_ROOT, DASHBOARD), 'utf8')),
  );
  const queries = panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ title, expr })),
  );
  assert.ok(queries.length > 20);
  for (const { title, expr } of queries) {
    const hasData = async (): Promise<boolean> => (await numbersOf(expr)).length > 0;
    await until(`${title}: ${expr}`, hasData, () => prometheus.output.slice(-1000));
  }
});

test('what the dashboard says of the stream is so', async () => {
  assert.deepEqual(await numbersOf('stream_manager_stream_state{state="live"}'), [1]);
  assert.deepEqual(await numbersOf('stream_manager_persistence_up{store="redis"}'), [1]);
  assert.deepEqual(await numbersOf('stream_manager_output_up{output="recorder"}'), [1]);
  // The clock counts each of its 30 slots a second, rendered or not; the first 20 s are a part of them.
  let frames = 0;
  const isClock = async (): Promise<boolean> => {
    [frames = 0] = await numbersOf('sum(rate(stream_manager_frames_total[20s]))');
    return frames > 28 && frames < 32;
  };
  await until('the slots of the clock are counted', isClock, () => `${frames} slots a second`);
});

test('every rule of the alerts is evaluated without an error', async () => {
  let seen: unknown = null;
  const areWell = async (): Promise<boolean> => {
    seen = await ask('/api/v1/rules');
    const rules = Rules.parse(seen).data.groups.flatMap((group) => group.rules);
    return rules.length > 10 && rules.every(({ health }) => health === 'ok');
  };
  await until('all rules are well', areWell, () => JSON.stringify(seen));
});

test('the state outlives Redis and the service, each in a new container over its volume', async () => {
  assert.equal((await service.stop(stack.graceMs)).code, 0, service.output);
  await redis.stop(stack.graceMs);
  redis = await stack.startPart('redis');
  await until('Redis answers', redisIsWell, () => redis.output);
  service = await stack.startService();
  const scene = z
    .looseObject({ scene: z.looseObject({ id: z.string() }).nullable() })
    .parse(await call('GET', '/api/stream/status')).scene;
  assert.equal(scene?.id, 'lot');
});
