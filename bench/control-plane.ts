import { join } from 'node:path';
import { reportFromState } from '../src/api/dry-run.js';
import { EventHub } from '../src/api/event-hub.js';
import type {
  MetricsService,
  PreviewService,
  ProgramService,
  SoundService,
} from '../src/api/ports.js';
import { startApiServer, type ApiServer } from '../src/api/server.js';
import { createAssetService } from '../src/assets/service.js';
import { createSnapshots } from '../src/assets/snapshots.js';
import { createLogger } from '../src/core/logger.js';
import { createMetrics } from '../src/metrics/service.js';
import { LATENCY_BUCKETS_SECONDS } from '../src/core/latencies.js';
import { IdlePreview } from './idle-preview.js';
import { openStateStore } from '../src/state/open-store.js';
import { createStills, STILL_LIMITS } from '../src/still/service.js';

/** A program that never runs: for what is measured without pictures. */
const IDLE_PROGRAM: ProgramService = {
  state: 'offline',
  reason: null,
  failure: null,
  stats: null,
  outputs: new Map(),
  inputs: new Map(),
  meters: null,
  clock: null,
  whenOnAir: () => Promise.resolve(null),
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};

/** Takes nothing. */
const IDLE_SOUND: SoundService = {
  push: () => {
    throw new Error('Nothing is pushed here.');
  },
};

/** The service's control plane alone, on a free port. */
export type ControlPlane = {
  readonly server: ApiServer;
  readonly metrics: MetricsService;
  close(): Promise<void>;
};

/**
 * Starts the real API over a real store in `folder`; only the media plane is missing.
 * @param preview where its preview pictures come from
 */
export async function openControlPlane(
  folder: string,
  preview: PreviewService,
): Promise<ControlPlane> {
  const logger = createLogger('error', 'bench');
  const store = await openStateStore({
    dataDir: folder,
    redisUrl: null,
    redisPrefix: '',
    settings: {
      stream: {
        resolution: { width: 1920, height: 1080 },
        fps: { num: 60, den: 1 },
        bitrate: 6_000_000,
        preset: 'ultrafast',
        audioBitrate: 160_000,
        audioChannels: 2,
      },
      explicitStream: {},
      streamUrl: null,
      rtmpPort: 0,
      rtmpPlayKey: null,
    },
    durability: 'relaxed',
    logger,
  });
  const events = new EventHub(() => Date.now());
  const assets = await createAssetService({
    store,
    cacheDir: join(folder, 'assets'),
    cacheLimitBytes: 100_000_000,
    cdnBaseUrl: null,
    uploadLimitBytes: 50_000_000,
    allowPrivateHosts: [],
    ffmpegPath: null,
    publish: (event) => {
      events.publish(event);
    },
    logger,
  });
  const metrics = createMetrics({
    stats: () => null,
    state: () => 'offline',
    outputs: () => new Map(),
    inputs: () => new Map(),
    meters: () => null,
    isSilent: () => false,
    restarts: () => ({}),
    latencyBucketsSeconds: LATENCY_BUCKETS_SECONDS,
    persistence: () => store.persistence,
    build: { version: '0.0.0', commit: 'bench' },
    memoryLimitBytes: 1.5e9,
    memory: () => ({ step: 'none', sheds: 0 }),
  });
  const stills = createStills({
    ffmpegPath: null,
    logLevel: 'error',
    logger,
    limits: STILL_LIMITS,
  });
  const server = await startApiServer(
    {
      host: '127.0.0.1',
      port: 0,
      secondPort: null,
      apiToken: null,
      jwt: null,
      trustedProxies: [],
      corsOrigin: null,
      version: '0.0.0',
      idempotencyPath: null,
      limits: {},
    },
    {
      store,
      assets,
      program: IDLE_PROGRAM,
      sound: IDLE_SOUND,
      pages: { call: () => Promise.resolve(false) },
      frames: { open: () => ({ send: () => undefined, close: () => undefined }) },
      playback: { playbackOf: () => null },
      troubles: () => [],
      preview,
      previewCompositor: new IdlePreview(),
      listening: { listen: () => () => undefined },
      stills,
      snapshots: createSnapshots(assets),
      metrics,
      events,
      report: reportFromState,
      logger,
      isReady: () => true,
      now: () => Date.now(),
    },
  );
  return {
    server,
    metrics,
    close: async () => {
      await server.close();
      await stills.close();
      await assets.close();
      await store.close();
    },
  };
}
