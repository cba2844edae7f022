import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { createMetrics, type MetricsOptions } from '../../src/metrics/service.js';
import type { InputReport } from '../../src/ingest/contract.js';
import type { OutputStatus } from '../../src/output/status.js';
import { LATENCY_BUCKETS_SECONDS } from '../../src/core/latencies.js';
import type { ProgramStats } from '../../src/program/contract.js';
import { NO_SOUND } from '../../src/stitcher/sound-ledger.js';
import { runProcess } from '../support/process.js';

const EMPTY = { counts: LATENCY_BUCKETS_SECONDS.map(() => 0).concat(0), sum: 0 };
const STATS: ProgramStats = {
  state: 'live',
  ledger: { clock: 10, rendered: 4, unchanged: 6, late: 0, skipped: 0 },
  totals: { clock: 1000, rendered: 400, unchanged: 590, late: 7, skipped: 3 },
  sound: NO_SOUND,
  soundTotals: NO_SOUND,
  latencies: {
    render: { counts: [0, 1, 3, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 10], sum: 2.5 },
    assemble: EMPTY,
    encodeWrite: EMPTY,
    apiToPixel: EMPTY,
    clockJitter: EMPTY,
  },
  uptimeMs: 12_500,
  encoder: 'libx264 ultrafast',
  encoderRestarts: 2,
  renderWorkers: 2,
  bitmapBytes: 1024,
  bitmapLimitBytes: 4096,
  childCpuSeconds: 3.5,
  eventLoopLagMs: 4,
  layersOff: [],
  layerFailures: 0,
  unheardFrames: 0,
};
const OUTPUT: OutputStatus = {
  id: 'main',
  state: 'live',
  bytes: 12_345,
  reconnects: 1,
  droppedFrames: 5,
  lastError: null,
};

const INPUT: InputReport = {
  id: 'guest',
  state: 'live',
  reason: null,
  widthPx: 1280,
  heightPx: 720,
  hasSound: true,
  fps: 29.5,
  pictures: 900,
  late: 3,
  dropped: 2,
  reconnects: 4,
  latencyMs: 300,
};

function create(changes: Partial<MetricsOptions> = {}): ReturnType<typeof createMetrics> {
  return createMetrics({
    state: () => 'live',
    stats: () => STATS,
    outputs: () => new Map([['main', OUTPUT]]),
    inputs: () => new Map([['guest', INPUT]]),
    meters: () => null,
    isSilent: () => false,
    restarts: () => ({ mixer: 3, stitcher: 0 }),
    latencyBucketsSeconds: LATENCY_BUCKETS_SECONDS,
    persistence: () => ({
      store: 'redis',
      state: 'degraded',
      reason: 'gone',
      storedRevision: 41,
      durable: true,
      refusing: false,
    }),
    build: { version: '1.2.3', commit: 'abc' },
    memoryLimitBytes: 1.5e9,
    memory: () => ({ step: 'none', sheds: 0 }),
    ...changes,
  });
}

function valueOf(text: string, series: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  assert.ok(line !== undefined, `no ${series} in\n${text}`);
  return Number(line.slice(series.length + 1));
}

test('shows the frame ledger by outcome', async () => {
  const text = await create().render();
  const { clock, ...outcomes } = STATS.totals;
  let sum = 0;
  for (const [outcome, count] of Object.entries(outcomes)) {
    const value = valueOf(text, `stream_manager_frames_total{outcome="${outcome}"}`);
    assert.equal(value, count);
    sum += value;
  }
  assert.equal(sum, clock);
});

test('shows the counts of the program as histograms', async () => {
  const text = await create().render();
  assert.match(text, /^# TYPE stream_manager_render_seconds histogram$/m);
  assert.equal(valueOf(text, 'stream_manager_render_seconds_bucket{le="0.001"}'), 1);
  assert.equal(valueOf(text, 'stream_manager_render_seconds_bucket{le="1"}'), 9);
  assert.equal(valueOf(text, 'stream_manager_render_seconds_bucket{le="+Inf"}'), 10);
  assert.equal(valueOf(text, 'stream_manager_render_seconds_count'), 10);
  assert.equal(valueOf(text, 'stream_manager_render_seconds_sum'), 2.5);
});

test('shows outputs, state, encoder, persistence and build', async () => {
  const text = await create().render();
  for (const [series, value] of [
    ['stream_manager_output_up{output="main"}', 1],
    ['stream_manager_output_bytes_total{output="main"}', 12_345],
    ['stream_manager_output_reconnects_total{output="main"}', 1],
    ['stream_manager_output_dropped_frames_total{output="main"}', 5],
    ['stream_manager_input_up{input="guest"}', 1],
    ['stream_manager_input_fps{input="guest"}', 29.5],
    ['stream_manager_input_pictures_total{input="guest"}', 900],
    ['stream_manager_input_late_pictures_total{input="guest"}', 3],
    ['stream_manager_input_dropped_pictures_total{input="guest"}', 2],
    ['stream_manager_input_reconnects_total{input="guest"}', 4],
    ['stream_manager_stream_state{state="live"}', 1],
    ['stream_manager_stream_state{state="failed"}', 0],
    ['stream_manager_stream_uptime_seconds', 12.5],
    ['stream_manager_encoder_info{encoder="libx264 ultrafast"}', 1],
    ['stream_manager_encoder_restarts_total', 2],
    ['stream_manager_thread_restarts_total{thread="mixer"}', 3],
    ['stream_manager_thread_restarts_total{thread="stitcher"}', 0],
    ['stream_manager_child_cpu_seconds_total', 3.5],
    ['stream_manager_stitcher_event_loop_lag_seconds', 0.004],
    ['stream_manager_persistence_up{store="redis"}', 0],
    ['stream_manager_stored_revision', 41],
    ['stream_manager_build_info{version="1.2.3",commit="abc"}', 1],
  ] as const) {
    assert.equal(valueOf(text, series), value);
  }
});

test('forgets an output that is gone', async () => {
  const outputs = new Map([['main', OUTPUT]]);
  const metrics = create({ outputs: () => outputs });
  assert.match(await metrics.render(), /output="main"/);
  outputs.clear();
  assert.doesNotMatch(await metrics.render(), /output="main"/);
});

test('counts requests, viewers and connections', async () => {
  const metrics = create();
  metrics.observeRequest('scenes.update', 200, 0.004);
  metrics.observeRequest('scenes.update', 204, 0.004);
  metrics.observeRequest('scenes.update', 422, 0.002);
  metrics.setPreviewViewers(3);
  metrics.addPreviewDrops(4);
  metrics.addPreviewDrops(5);
  metrics.setSocketConnections(6);
  const text = await metrics.render();
  const count = 'stream_manager_http_request_seconds_count';
  assert.equal(valueOf(text, `${count}{operation="scenes.update",status="2xx"}`), 2);
  assert.equal(valueOf(text, `${count}{operation="scenes.update",status="4xx"}`), 1);
  assert.equal(valueOf(text, 'stream_manager_preview_viewers'), 3);
  assert.equal(valueOf(text, 'stream_manager_preview_dropped_frames_total'), 9);
  assert.equal(valueOf(text, 'stream_manager_websocket_connections'), 6);
});

test('starts at zero while the program has not reported yet, and leaves out what is not known', async () => {
  const text = await create({ stats: () => null, state: () => 'offline' }).render();
  assert.equal(valueOf(text, 'stream_manager_frames_total{outcome="late"}'), 0);
  assert.equal(valueOf(text, 'stream_manager_render_seconds_count'), 0);
  assert.doesNotMatch(text, /^stream_manager_encoder_info/m);
  const untold = await create({ stats: () => ({ ...STATS, childCpuSeconds: null }) }).render();
  assert.doesNotMatch(untold, /^stream_manager_child_cpu_seconds_total /m);
});

test('shows the memory of the process and of its children', async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  try {
    const text = await create().render();
    assert.ok(valueOf(text, 'process_resident_memory_bytes') > 10_000_000);
    assert.ok(valueOf(text, 'stream_manager_child_resident_memory_bytes') > 100_000);
    assert.ok(valueOf(text, 'stream_manager_child_memory_bytes{child="sleep"}') > 100_000);
    assert.ok(valueOf(text, 'stream_manager_thread_memory_bytes{thread="main"}') > 1_000_000);
    assert.ok(valueOf(text, 'nodejs_heap_size_used_bytes') > 1_000_000);
    assert.ok(valueOf(text, 'nodejs_external_memory_bytes') > 10_000);
    assert.ok(valueOf(text, 'nodejs_eventloop_lag_p99_seconds') >= 0);
    assert.ok(valueOf(text, 'process_cpu_seconds_total') > 0);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

test('keeps to the rules of Prometheus', async () => {
  const metrics = create();
  metrics.observeRequest('scenes.update', 200, 0.004);
  const input = await metrics.render();
  const linted = await runProcess('promtool', ['check', 'metrics'], { input });
  assert.deepEqual([linted.code, linted.output], [0, '']);
});

test('shows no metric that is never anything but zero', async () => {
  const text = await create().render();
  // These are zero as long as nothing goes wrong, or nothing is open.
  const mayBeZero =
    /^(stream_manager_|nodejs_eventloop_lag|nodejs_gc|nodejs_heap_space|nodejs_active|process_cpu|process_open)/;
  const zeros = text
    .split('\n')
    .filter((line) => / 0$/.test(line) && !line.startsWith('#') && !mayBeZero.test(line));
  assert.deepEqual(zeros, []);
});
