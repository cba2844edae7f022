import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchContext } from '../part.js';
import { readBusySeconds, readThreadCpuSeconds, readTreeUsage } from '../process-tree.js';
import type { Service } from './service.js';
import { STITCHER_THREAD_ID } from './stitcher-thread-id.js';

/** To be loaded into a service that is watched. */
export const STITCHER_HOOK = new URL('./stitcher-thread-id.js', import.meta.url);

const MAIN_LAG = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m;

/** What was seen of a service on air. */
export type Watched = {
  readonly slots: number;
  readonly late: number;
  readonly skipped: number;
  /** What the ledger does not sum to. */
  readonly ledgerGap: number;
  /** Of the stitcher thread, and of the service with its encoder and relays. */
  readonly stitcherCores: number;
  readonly cores: number;
  /** Cores that others kept busy: slots that are lost to them say nothing. */
  readonly othersCores: number;
  /** 99 of 100 turns of the main thread's event loop began no later than this, milliseconds. */
  readonly mainLagMs: number;
  readonly layersOff: readonly string[];
};

/** Watches a service, started with `STITCHER_HOOK`, while `work` goes on. */
export async function watchAir(
  service: Service,
  dataDir: string,
  work: Promise<void>,
): Promise<Watched> {
  const threadId = Number(await readFile(join(dataDir, STITCHER_THREAD_ID), 'utf8'));
  const read = async () => ({
    atMs: performance.now(),
    busySeconds: await readBusySeconds(),
    ownSeconds: (await readTreeUsage(process.pid)).cpuSeconds,
    serviceSeconds: (await service.usage()).cpuSeconds,
    stitcherSeconds: await readThreadCpuSeconds(service.pid, threadId),
    frames: (await service.status()).frames,
    // The lag is that since the page was asked for last.
    page: await service.metrics(),
  });
  const before = await read();
  await work;
  const after = await read();
  const seconds = (after.atMs - before.atMs) / 1000;
  const { layersOff } = await service.status();
  const { clock, rendered, unchanged, late, skipped } = after.frames;
  const own = after.ownSeconds - before.ownSeconds;
  return {
    slots: clock - before.frames.clock,
    late: late - before.frames.late,
    skipped: skipped - before.frames.skipped,
    ledgerGap: Math.abs(clock - rendered - unchanged - late - skipped),
    stitcherCores: (after.stitcherSeconds - before.stitcherSeconds) / seconds,
    cores: (after.serviceSeconds - before.serviceSeconds) / seconds,
    othersCores: Math.max(0, (after.busySeconds - before.busySeconds - own) / seconds),
    mainLagMs: Number(MAIN_LAG.exec(after.page)?.[1] ?? 0) * 1000,
    layersOff: layersOff.map(({ layerId, reason }) => `${layerId}: ${reason}`),
  };
}

/** Puts what was seen into the table; `mayBeLate`: without a target for lost slots. */
export function recordWatched(
  context: BenchContext,
  name: string,
  watched: Watched,
  mayBeLate = false,
): void {
  const none = { atMost: 0 };
  const lost = mayBeLate ? null : none;
  context.record(`${name}.late`, watched.late, 'slots', lost);
  context.record(`${name}.skipped`, watched.skipped, 'slots', lost);
  context.record(`${name}.slots`, watched.slots, 'slots');
  context.record(`${name}.ledger_gap`, watched.ledgerGap, 'slots', none);
  context.record(`${name}.stitcher_cores`, watched.stitcherCores, 'cores');
  context.record(`${name}.cpu_cores`, watched.cores, 'cores');
  context.record(`${name}.others_cpu_cores`, watched.othersCores, 'cores');
  context.record(`${name}.main_lag_p99_ms`, watched.mainLagMs, 'ms');
  for (const reason of watched.layersOff) context.progress(`${name}: off: ${reason}`);
}
