import type { SupervisorPolicy } from './supervisor.js';

/** Threads whose event loops turn ten times a second; see `heartbeat.ts`. */
const THREAD = {
  readyMs: 20_000,
  hangMs: 5000,
  firstDelayMs: 250,
  lastDelayMs: 10_000,
  isSpread: false,
  stableMs: 30_000,
  logLevel: 'error',
} as const satisfies Omit<SupervisorPolicy, 'name'>;

/** Planning a frame is cut off after 100 ms, so that only a thread that hangs is silent for ten times as long. */
const MEDIA_THREAD = { ...THREAD, hangMs: 1600, lastDelayMs: 5000 } as const;

/** How every thread and every child process is watched, and when it is started again. */
export const POLICIES = {
  compositor: { ...MEDIA_THREAD, name: 'compositor' },
  stitcher: { ...MEDIA_THREAD, name: 'stitcher' },
  /** Mixing a frame takes a millisecond, and one that hangs is to be back within a second; a busy machine is silent for half of that. */
  mixer: { ...MEDIA_THREAD, name: 'mixer', hangMs: 600 },
  /** It starts FFmpeg, which takes some milliseconds each time; two seconds are decoded ahead, within which another one is to be there. */
  ingest: { ...MEDIA_THREAD, name: 'ingest', hangMs: 1000 },
  previewCompositor: { ...MEDIA_THREAD, name: 'preview compositor' },
  /** A picture of 4K takes some 50 ms to make, on a busy machine ten times as long. */
  preview: { ...THREAD, name: 'preview' },
  rtmpServer: { ...THREAD, name: 'RTMP server' },
  /** Paints in the thread itself, and each request has its own time; wanted while something is asked for. */
  still: { ...THREAD, name: 'thread that renders stills', hangMs: 20_000, lastDelayMs: 1000 },
  /** Its silence does not count while it waits for whoever reads standard output. */
  logWriter: { ...THREAD, name: 'log writer' },
  /** FFmpeg: ready when it delivers, alive while bytes come out of it, as long as frames go in. */
  encoder: {
    ...THREAD,
    name: 'encoder',
    readyMs: 10_000,
    hangMs: 1200,
    lastDelayMs: 5000,
    stableMs: 10_000,
  },
  /** FFmpeg: ready when the other side takes more and more, alive while bytes go out, as long as there are some. */
  relay: {
    name: 'relay',
    readyMs: 12_000,
    hangMs: 6000,
    firstDelayMs: 500,
    lastDelayMs: 15_000,
    isSpread: true,
    stableMs: 30_000,
    logLevel: 'warn',
  },
} as const satisfies Readonly<Record<string, SupervisorPolicy>>;

/** What is watched of the threads of a pool, which replaces at once those that end. */
export type PoolPolicy = Pick<SupervisorPolicy, 'readyMs' | 'hangMs'>;

/** The render threads, which piscina starts. Milliseconds are multiples of 200. */
export const POOL_POLICIES = {
  /** Longer than a paint may take. */
  renderWorkers: { readyMs: 20_000, hangMs: 4000 },
  /** The same for the thread that stands back for all others. */
  background: { readyMs: 60_000, hangMs: 15_000 },
} as const satisfies Readonly<Record<string, PoolPolicy>>;
