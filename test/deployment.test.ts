import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { load } from 'js-yaml';
import { z } from 'zod';
import { VARIABLE_NAMES } from '../src/config.js';
import { ALLOCATOR_VARIABLES } from '../src/core/allocator.js';
import { PACKAGE_ROOT } from '../src/core/paths.js';
import { DEFAULT_MEMORY_LIMIT_BYTES } from '../src/memory/budget.js';
import type { MixerStats } from '../src/audio/contract.js';
import { createMetrics } from '../src/metrics/service.js';
import { NO_SOUND } from '../src/stitcher/sound-ledger.js';
import { runProcess } from './support/process.js';

/** No Docker engine is needed: what is checked here is that the files fit each other and the service. */

const DEPLOY = 'src/metrics/deploy';
const ALERTS = `${DEPLOY}/prometheus/alerts.yml`;
const DASHBOARD = `${DEPLOY}/grafana/dashboards/stream-manager.json`;

const Service = z.looseObject({
  image: z.string(),
  build: z.string().optional(),
  restart: z.literal('unless-stopped'),
  command: z.array(z.string()).optional(),
  depends_on: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).optional(),
  ports: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  secrets: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  stop_grace_period: z.string().optional(),
  deploy: z.object({
    resources: z.object({ limits: z.looseObject({ memory: z.string() }) }),
  }),
});
const Compose = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), Service),
  secrets: z.record(z.string(), z.object({ environment: z.string() })),
  volumes: z.record(z.string(), z.null()),
});
const Rules = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        z.looseObject({
          record: z.string().optional(),
          alert: z.string().optional(),
          expr: z.string(),
        }),
      ),
    }),
  ),
});
const Dashboard = z.object({
  uid: z.string(),
  panels: z
    .array(
      z.object({
        id: z.number(),
        title: z.string().min(1),
        datasource: z.object({ uid: z.string() }),
        gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
        targets: z.array(z.object({ expr: z.string() })).min(1),
      }),
    )
    .min(10),
});
const Datasources = z.object({
  datasources: z.array(z.object({ uid: z.string(), url: z.string() })),
});

/** Comes with the linter of the OpenAPI document; it has no types. */
function readText(path: string): string {
  return readFileSync(join(PACKAGE_ROOT, path), 'utf8');
}

function readYaml<T>(path: string, schema: z.ZodType<T>): T {
  return schema.parse(load(readText(path)));
}

function readCompose(): z.infer<typeof Compose> {
  return readYaml('docker-compose.yml', Compose);
}

function serviceOf(name: string): z.infer<typeof Service> {
  const service = readCompose().services[name];
  assert.ok(service !== undefined, `no service ${name}`);
  return service;
}

/** Names of series in an expression: words with an underscore that are neither functions nor labels. */
function seriesIn(expression: string): string[] {
  const bare = expression
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\b(by|on|group_left)\s*\([^)]*\)/g, '');
  return (bare.match(/\b[a-z][\w:]*\b(?!\s*\()/g) ?? []).filter((word) => /[_:]|^up$/.test(word));
}

const QUIET = { rms: [0.1, 0.1], peak: [0.2, 0.2] } as const;
const METERS: MixerStats = {
  strips: { master: { ...QUIET, reductionDb: 0 } },
  loudnessGainDb: 0,
  output: QUIET,
  positions: {},
  truePeak: 0.2,
  loudness: { momentary: -23, shortTerm: -23, integrated: -23 },
};

async function knownSeries(): Promise<Set<string>> {
  const totals = { clock: 0, rendered: 0, unchanged: 0, late: 0, skipped: 0 };
  const empty = { counts: [0], sum: 0 };
  const metrics = createMetrics({
    state: () => 'live',
    stats: () => ({
      state: 'live',
      ledger: totals,
      totals,
      sound: NO_SOUND,
      soundTotals: NO_SOUND,
      latencies: {
        render: empty,
        assemble: empty,
        encodeWrite: empty,
        apiToPixel: empty,
        clockJitter: empty,
      },
      uptimeMs: 0,
      encoder: 'libx264',
      encoderRestarts: 0,
      renderWorkers: 1,
      bitmapBytes: 0,
      bitmapLimitBytes: 1,
      childCpuSeconds: 0,
      eventLoopLagMs: 0,
      layersOff: [],
      layerFailures: 0,
      unheardFrames: 0,
    }),
    meters: () => METERS,
    isSilent: () => false,
    restarts: () => ({ mixer: 0 }),
    inputs: () => new Map(),
    outputs: () =>
      new Map([
        [
          'a',
          { id: 'a', state: 'live', bytes: 0, reconnects: 0, droppedFrames: 0, lastError: null },
        ],
      ]),
    latencyBucketsSeconds: [1],
    persistence: () => ({
      store: 'file',
      state: 'ok',
      reason: null,
      storedRevision: 0,
      durable: true,
      refusing: false,
    }),
    build: { version: '0', commit: '0' },
    memoryLimitBytes: 1.5e9,
    memory: () => ({ step: 'none', sheds: 0 }),
  });
  metrics.observeRequest('x', 200, 0);
  const text = await metrics.render();
  const recorded = readYaml(ALERTS, Rules).groups.flatMap(({ rules }) =>
    rules.flatMap(({ record }) => record ?? []),
  );
  const exported = text.match(/^[a-z_]\w*/gm) ?? [];
  return new Set([...exported, ...recorded, 'up']);
}

test('the compose file starts the service with what stands in its configuration', () => {
  const { environment } = serviceOf('stream-manager');
  assert.match(String(environment['API_TOKEN']), /^\$\{API_TOKEN:\?.+\}$/);
  assert.equal(environment['HOST'], '0.0.0.0');
  const names = Object.keys(environment);
  assert.deepEqual(
    names.filter((name) => !VARIABLE_NAMES.includes(name)),
    [],
  );
  // One port is enough in a container, and programs are where an image has them.
  const missing = VARIABLE_NAMES.filter((name) => !names.includes(name));
  assert.deepEqual(missing.sort(), ['CHROMIUM_PATH', 'FFMPEG_PATH', 'WS_PORT']);
});

test('every service of the compose file comes back by itself and is bounded in memory', () => {
  const { services, volumes, secrets } = readCompose();
  assert.deepEqual(Object.keys(services).sort(), [
    'grafana',
    'prometheus',
    'redis',
    'stream-manager',
  ]);
  for (const [name, service] of Object.entries(services)) {
    const needed = Array.isArray(service.depends_on)
      ? service.depends_on
      : Object.keys(service.depends_on ?? {});
    for (const other of needed) assert.ok(other in services, `${name} needs ${other}`);
    for (const secret of service.secrets) assert.ok(secret in secrets, `${name} needs ${secret}`);
    for (const volume of service.volumes) {
      const source = volume.split(':')[0] ?? '';
      const isThere = source.startsWith('.')
        ? existsSync(join(PACKAGE_ROOT, source))
        : source in volumes;
      assert.ok(isThere, `${name} mounts ${source}`);
    }
  }
});

test('the compose file publishes the API and the program, and keeps the rest to the machine', () => {
  assert.deepEqual(serviceOf('stream-manager').ports, [
    '${PORT:-3000}:3000',
    '${RTMP_PORT:-1935}:1935',
  ]);
  assert.deepEqual(serviceOf('redis').ports, []);
  for (const name of ['prometheus', 'grafana']) {
    assert.ok(serviceOf(name).ports.every((port) => port.startsWith('127.0.0.1:')));
  }
  assert.ok(serviceOf('stream-manager').read_only);
  assert.ok(serviceOf('stream-manager').tmpfs.some((path) => path.startsWith('/tmp')));
  assert.ok(serviceOf('redis').command?.join(' ').includes('--appendonly yes'));
});

test('the Dockerfile copies what is there and not kept from it, and runs what the build makes', () => {
  const dockerfile = readText('Dockerfile');
  const allowed = readText('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
    (match[1] ?? '').split(' '),
  );
  assert.ok(sources.length >= 5);
  for (const source of sources.map((one) => one.replace(/^\.\//, ''))) {
    assert.ok(existsSync(join(PACKAGE_ROOT, source)), source);
    assert.ok(allowed.includes(source), `${source} is kept from the builder by .dockerignore`);
  }
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readText('package.json')));
  const command = z.array(z.string()).parse(JSON.parse(/^CMD (.+)$/m.exec(dockerfile)?.[1] ?? ''));
  const variables = Object.entries(ALLOCATOR_VARIABLES).map(([name, value]) => `${name}=${value}`);
  assert.equal([...variables, ...command].join(' '), scripts['start']);
  for (const variable of variables) assert.ok(dockerfile.includes(` ${variable}`), variable);
  assert.match(dockerfile, /^ARG BASE_IMAGE=node:20[\w.-]*-slim$/m);
  assert.deepEqual(dockerfile.match(/^FROM \S+/gm), ['FROM ${BASE_IMAGE}', 'FROM ${BASE_IMAGE}']);
  assert.match(dockerfile, /^USER node$/m);
  assert.match(dockerfile, /^HEALTHCHECK /m);
  assert.ok(dockerfile.indexOf('USER node') < dockerfile.indexOf('ENTRYPOINT'));
});

test('the linter has nothing to say about the Dockerfile', async () => {
  const linter = join(PACKAGE_ROOT, 'node_modules', '.bin', 'dockerfilelint');
  const { code, output } = await runProcess(linter, [join(PACKAGE_ROOT, 'Dockerfile')]);
  assert.equal(code, 0, output);
});

test('rules and dashboard ask only for series that the service has', async () => {
  const known = await knownSeries();
  const rules = readYaml(ALERTS, Rules).groups.flatMap((group) => group.rules);
  const dashboard = Dashboard.parse(JSON.parse(readText(DASHBOARD)));
  const expressions = [
    ...rules.map(({ expr }) => expr),
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];
  for (const expression of expressions) {
    const series = seriesIn(expression);
    assert.ok(series.length > 0, expression);
    for (const name of series) assert.ok(known.has(name), `${name} in ${expression}`);
  }
});

test('the panels of the dashboard do not cover each other and use the data source there is', () => {
  const { panels } = Dashboard.parse(JSON.parse(readText(DASHBOARD)));
  const { datasources } = readYaml(`${DEPLOY}/grafana/datasources/prometheus.yml`, Datasources);
  const taken = new Set<string>();
  for (const { title, gridPos, datasource } of panels) {
    assert.ok(
      datasources.some(({ uid }) => uid === datasource.uid),
      title,
    );
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        assert.ok(x < 24 && !taken.has(`${x},${y}`), `${title} at ${x},${y}`);
        taken.add(`${x},${y}`);
      }
    }
  }
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
});

test('Prometheus accepts its configuration and the rules', async () => {
  const folder = join(PACKAGE_ROOT, DEPLOY, 'prometheus');
  const run = (...args: string[]): ReturnType<typeof runProcess> =>
    runProcess('promtool', args, { cwd: folder });
  const config = await run('check', 'config', '--syntax-only', 'prometheus.yml');
  assert.equal(config.code, 0, config.output);
  const rules = await run('check', 'rules', 'alerts.yml');
  assert.equal(rules.code, 0, rules.output);
});

/** Whether the alert of a name is on after ten minutes in which series had these values. */
async function isOn(
  t: TestContext,
  alert: string,
  values: Readonly<Record<string, number>>,
): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'sm-alerts-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const asked = (count: number): object => ({
    expr: `count(ALERTS{alertname="${alert}", alertstate="firing"}) or vector(0)`,
    eval_time: '10m',
    exp_samples: [{ labels: '{}', value: count }],
  });
  const run = async (count: number): Promise<{ code: number | null; output: string }> => {
    const file = join(folder, 'test.yml');
    const tests = {
      rule_files: [join(PACKAGE_ROOT, ALERTS)],
      evaluation_interval: '15s',
      tests: [
        {
          interval: '15s',
          input_series: Object.entries(values).map(([name, value]) => ({
            series: `${name}{job="stream-manager", instance="here"}`,
            values: `${value}+0x40`,
          })),
          promql_expr_test: [asked(count)],
        },
      ],
    };
    await writeFile(file, JSON.stringify(tests));
    return runProcess('promtool', ['test', 'rules', file]);
  };
  const [off, on] = [await run(0), await run(1)];
  assert.notEqual(off.code === 0, on.code === 0, `${off.output}\n${on.output}`);
  return on.code === 0;
}

test('the alert of memory goes by the limit that is configured, before caches are given up', async (t) => {
  const at = (share: number, limit: number): Promise<boolean> =>
    isOn(t, 'MemoryHigh', {
      stream_manager_memory_limit_bytes: limit,
      stream_manager_memory_bytes: limit * share,
      process_resident_memory_bytes: limit * share,
      stream_manager_child_resident_memory_bytes: 0,
    });
  for (const limit of [768e6, DEFAULT_MEMORY_LIMIT_BYTES, 8e9]) {
    assert.deepEqual([await at(0.7, limit), await at(0.78, limit)], [false, true], `${limit}`);
  }
  // What the demo takes, or what is left by the largest scenes, is nothing to be woken for.
  assert.equal(await at(700e6 / DEFAULT_MEMORY_LIMIT_BYTES, DEFAULT_MEMORY_LIMIT_BYTES), false);
});
