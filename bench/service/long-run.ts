import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchContext } from '../part.js';
import { samplesOf } from './samples.js';
import type { Service } from './service.js';

const CHANGE_INTERVAL_MS = 1000;
/** How often a line of the curve is written, and memory read for it, seconds. */
const LINE_SECONDS = 60;
/** What is not looked at when the growth is worked out: caches and heaps fill first. */
const FILLING_SHARE = 1 / 3;

/** Slope of the line through `values` with the least squares, by place. */
function slope(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = (values.length - 1) / 2;
  let above = 0;
  let below = 0;
  for (const [i, value] of values.entries()) {
    above += (i - middle) * (value - mean);
    below += (i - middle) ** 2;
  }
  return below === 0 ? 0 : above / below;
}

/**
 * Watches a service for a long time, with a change a second: what it loses, whether its ledgers are exact, and whether memory grows.
 * @param change - of what a program steers, by its number
 */
export async function runLong(
  context: BenchContext,
  service: Service,
  change: (i: number) => Promise<unknown>,
): Promise<void> {
  const seconds = context.seconds ?? (context.quick ? 5 : 3600);
  const curve: number[] = [];
  const startMs = performance.now();
  let failed = 0;
  for (let i = 0; i < seconds; i++) {
    await sleep(startMs + i * CHANGE_INTERVAL_MS - performance.now());
    await change(i).catch(() => (failed += 1));
    if (i % LINE_SECONDS !== 0) continue;
    const megabytes = (await service.memoryBytes()) / 1e6;
    curve.push(megabytes);
    const { frames } = await service.status();
    context.progress(
      `${i} s: ${Math.round(megabytes)} MB; ${JSON.stringify(frames)}; ${await threads(service)}`,
    );
  }
  await report(context, service, failed);
  context.record('memory_first', curve[0] ?? 0, 'MB');
  context.record('memory_last', curve.at(-1) ?? 0, 'MB');
  const full = curve.slice(Math.floor(curve.length * FILLING_SHARE));
  context.record('memory_growth_an_hour', slope(full) * (3600 / LINE_SECONDS), 'MB');
}

/** What both ledgers say. */
async function report(context: BenchContext, service: Service, failed: number): Promise<void> {
  const { frames, layersOff } = await service.status();
  const samples = await samplesOf(service);
  const none = { atMost: 0 };
  const { clock, rendered, unchanged, late, skipped } = frames;
  context.record('slots', clock, 'slots');
  context.record('late', late, 'slots');
  context.record('skipped', skipped, 'slots');
  const gap = Math.abs(clock - rendered - unchanged - late - skipped);
  context.record('ledger_gap', gap, 'slots', none);
  context.record('samples', samples.clock, 'count');
  const missing = samples.missing.mixer + samples.missing.encoder;
  context.record('samples_missing', missing, 'count', none);
  const sum = samples.mixed + samples.silent + missing + samples.waiting;
  context.record('samples_gap', Math.abs(samples.clock - sum), 'count', none);
  context.record('changes_failed', failed, 'count', none);
  context.record('layers_off', layersOff.length, 'layers', none);
}

/** What JavaScript holds in each thread, for the line of progress. */
async function threads(service: Service): Promise<string> {
  const lines = (await service.metrics()).matchAll(
    /^stream_manager_thread_memory_bytes\{thread="([\w-]+)"\} (\d+)/gm,
  );
  return [...lines]
    .map(([, name = '', bytes]) => `${name} ${Math.round(Number(bytes) / 1e6)}`)
    .join(' ');
}
