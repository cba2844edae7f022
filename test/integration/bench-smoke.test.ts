import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { BUILD_ROOT } from '../../src/core/paths.js';

const run = promisify(execFile);
const BENCH = join(BUILD_ROOT, 'bench', 'main.js');
/** What is tested is that all parts come to their end, not how fast: it is given up when it has told of nothing for so long. */
const SILENCE_MS = 100_000;

const ReportSchema = z.strictObject({
  machine: z.strictObject({
    cpu: z.string(),
    cores: z.number(),
    memoryGB: z.number(),
    system: z.string(),
  }),
  versions: z.record(z.string(), z.string()),
  commit: z.string().nullable(),
  results: z.array(
    z.strictObject({
      name: z.string(),
      value: z.number(),
      unit: z.string(),
      target: z.string().nullable(),
      ok: z.boolean().nullable(),
    }),
  ),
});

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-bench-smoke-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('every part of the benchmark comes to its end and leaves its figures', async () => {
  const json = join(folder, 'report.json');
  const running = run(process.execPath, [BENCH, '--quick', '--json', json]);
  const patience = setTimeout(() => running.child.kill('SIGTERM'), SILENCE_MS);
  running.child.stderr?.on('data', () => patience.refresh());
  const { stdout } = await running.finally(() => {
    clearTimeout(patience);
  });
  const report = ReportSchema.parse(JSON.parse(await readFile(json, 'utf8')));
  const byName = new Map(report.results.map((result) => [result.name, result]));
  for (const name of [
    'micro.convert_1080p_ms',
    'micro.plan_change.layout-heavy_ms',
    'cache.texts.layout_gain',
    'throughput.text-heavy.encode.fps',
    'throughput.auction.encode.fps',
    'throughput.auction.encode.vs_ffmpeg_filtergraph',
    'throughput.auction.encode.vs_one_thread_canvas',
    'throughput.auction.encode.vs_encoder_only',
    'live.auction.late',
    'live.auction.skipped',
    'live.auction.cpu_cores',
    'latency.api_to_pixel.p99_ms',
    'fanout.vs_raw_uws',
    'fanout.vs_ws',
    'density.moving_layers',
  ]) {
    assert.ok(byName.has(name), `${name} is missing`);
    assert.match(stdout, new RegExp(name.replaceAll('.', '\\.')));
  }
  assert.ok((byName.get('throughput.auction.encode.fps')?.value ?? 0) > 0);
  // Whatever the machine did meanwhile, every slot of the clock has been counted once.
  assert.equal(byName.get('live.auction.ledger_gap')?.value, 0);
});

test('an unknown part is refused with the names of those that there are', async () => {
  await assert.rejects(run(process.execPath, [BENCH, 'colour']), (error: unknown) => {
    const { stderr } = z.object({ stderr: z.string() }).parse(error);
    assert.match(stderr, /no part colour.*micro, audio, throughput, live/);
    return true;
  });
});
