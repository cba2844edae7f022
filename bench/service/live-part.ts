import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Viewers } from '../fanout/viewers.js';
import { FFMPEG_PATH } from '../ffmpeg.js';
import type { BenchContext, Part } from '../part.js';
import { readBusySeconds, readTreeUsage } from '../process-tree.js';
import { between, histogramQuantile, readHistogram } from './histogram.js';
import { BLOCK_MS } from './main-thread-block.js';
import { Service } from './service.js';

const JITTER = 'stream_manager_clock_jitter_seconds';
const BLOCK_HOOK = new URL('./main-thread-block.js', import.meta.url);
const SLOTS_PER_SECOND = 60;
const SETTLE_MS = 1000;
const RTMP_RETRY_MS = 50;
/** Reading the memory of a process holds it up for a moment. */
const MEMORY_LOOK_MS = 5000;

/** What goes on while the service is watched; resolves when it is over, at the latest after `seconds`. */
type Disturbance = (service: Service, seconds: number) => Promise<void>;

type Variant = {
  readonly name: string;
  readonly imports: readonly URL[];
  readonly disturb: Disturbance;
};

const VIEWERS = 200;

async function watch(
  service: Service,
  seconds: number,
  context: BenchContext,
  connections: number,
): Promise<void> {
  const path = '/ws/preview?width=640&fps=30&quality=75';
  const viewers = await Viewers.open({ port: service.port, path, connections });
  try {
    const before = await viewers.read();
    await sleep(seconds * 1000);
    const rates = Viewers.rates(before, await viewers.read());
    context.record('auction_viewers.pictures', rates.messagesPerSecond, '1/s', {
      atLeast: 0.9 * 30 * connections,
    });
  } finally {
    await viewers.close();
  }
}

function variants(context: BenchContext): Variant[] {
  return [
    {
      name: 'auction',
      imports: [],
      disturb: (_, seconds) => sleep(seconds * 1000),
    },
    {
      name: 'auction_viewers',
      imports: [],
      disturb: (service, seconds) => watch(service, seconds, context, context.quick ? 20 : VIEWERS),
    },
    {
      name: 'auction_blocked',
      imports: [BLOCK_HOOK],
      disturb: async (service, seconds) => {
        service.signal('SIGWINCH');
        await sleep(Math.max(seconds * 1000, BLOCK_MS + SETTLE_MS));
      },
    },
  ];
}

/** Highest resident memory of the service with its children while `work` goes on, bytes. */
async function peakMemory(service: Service, work: Promise<void>): Promise<number> {
  const over = work.then(() => true);
  let peak = 0;
  for (let isOver = false; !isOver;) {
    peak = Math.max(peak, await service.memoryBytes());
    isOver = await Promise.race([over, sleep(MEMORY_LOOK_MS, false, { ref: false })]);
  }
  return peak;
}

/** Of the benchmark with all that it has started: the service, its children, the viewers. */
async function ownCpuSeconds(): Promise<number> {
  return (await readTreeUsage(process.pid)).cpuSeconds;
}

async function runVariant(
  { name, disturb }: Variant,
  service: Service,
  seconds: number,
  context: BenchContext,
): Promise<void> {
  await sleep(SETTLE_MS);
  const before = await service.status();
  const pageBefore = await service.metrics();
  const [busyBefore, ownBefore] = [await readBusySeconds(), await ownCpuSeconds()];
  const cpuBefore = (await service.usage()).cpuSeconds;
  const startMs = performance.now();
  const peakBytes = await peakMemory(service, disturb(service, seconds));
  const elapsedSeconds = (performance.now() - startMs) / 1000;
  const cpuAfter = (await service.usage()).cpuSeconds;
  const [busyAfter, ownAfter] = [await readBusySeconds(), await ownCpuSeconds()];
  const { frames, uptimeMs } = await service.status();
  const page = await service.metrics();
  const jitter = between(readHistogram(pageBefore, JITTER), readHistogram(page, JITTER));

  const { clock, rendered, unchanged, late, skipped } = frames;
  const none = { atMost: 0 };
  context.record(`${name}.late`, late - before.frames.late, 'slots', none);
  context.record(`${name}.skipped`, skipped - before.frames.skipped, 'slots', none);
  context.record(`${name}.slots`, clock - before.frames.clock, 'slots');
  const gap = Math.abs(clock - rendered - unchanged - late - skipped);
  context.record(`${name}.ledger_gap`, gap, 'slots', none);
  const drift = ((clock - before.frames.clock) * 1000) / (uptimeMs - before.uptimeMs);
  context.record(`${name}.clock_rate`, drift / SLOTS_PER_SECOND, 'ratio');
  // With viewers, the system's own work for their sockets is counted too: that has no target.
  const coreTarget = name === 'auction_viewers' ? null : { atMost: 1 };
  context.record(`${name}.cpu_cores`, (cpuAfter - cpuBefore) / elapsedSeconds, 'cores', coreTarget);
  const others = (busyAfter - busyBefore - (ownAfter - ownBefore)) / elapsedSeconds;
  context.record(`${name}.others_cpu_cores`, Math.max(0, others), 'cores');
  context.record(`${name}.memory`, peakBytes / 1e6, 'MB', { atMost: 500 });
  context.record(`${name}.jitter_p50_ms`, histogramQuantile(jitter, 0.5) * 1000, 'ms');
  context.record(`${name}.jitter_p99_ms`, histogramQuantile(jitter, 0.99) * 1000, 'ms');
}

/** Resolves when a player got its first picture over RTMP. */
async function firstRtmpFrame(rtmpPort: number, deadlineMs: number): Promise<void> {
  const url = `rtmp://127.0.0.1:${rtmpPort}/live/program`;
  const args = ['-v', 'quiet', '-nostdin', '-analyzeduration', '0', '-probesize', '500000'];
  while (performance.now() < deadlineMs) {
    const player = spawn(
      FFMPEG_PATH,
      [...args, '-i', url, '-map', '0:v:0', '-frames:v', '1', '-f', 'null', '-'],
      { stdio: 'ignore' },
    );
    const timer = setTimeout(() => player.kill('SIGKILL'), deadlineMs - performance.now());
    const [code] = (await once(player, 'exit')) as [number | null];
    clearTimeout(timer);
    if (code === 0) return;
    await sleep(RTMP_RETRY_MS);
  }
  throw new Error('No picture came over RTMP.');
}

/** The service live with `auction`, paced: what it loses, and what it costs. */
export const livePart: Part = {
  name: 'live',
  summary:
    'the service on air with auction, alone, watched by many, and with its main thread blocked',
  async run(context: BenchContext): Promise<void> {
    const seconds = context.seconds ?? (context.quick ? 1 : 60);
    for (const variant of variants(context)) {
      const dataDir = join(context.folder, variant.name);
      await mkdir(dataDir);
      context.progress(`${variant.name}: ${seconds} s`);
      const startMs = performance.now();
      const service = await Service.start({ dataDir, imports: variant.imports });
      try {
        if (variant.name === 'auction') {
          await firstRtmpFrame(service.rtmpPort, startMs + 20_000);
          const elapsedMs = performance.now() - startMs;
          context.record('start_to_rtmp_frame_ms', elapsedMs, 'ms', { atMost: 3000 });
        }
        await runVariant(variant, service, seconds, context);
      } finally {
        await service.stop();
      }
    }
  },
};
