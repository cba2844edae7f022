import { join } from 'node:path';
import { createDryRunReporter } from './api/dry-run-cost.js';
import { DEFAULT_API_LIMITS } from './api/limits.js';
import { startApiServer, type ApiServer } from './api/server.js';
import { measuredTicker } from './assets/measured-ticker.js';
import { createAssetService } from './assets/service.js';
import { createSnapshots } from './assets/snapshots.js';
import { programTimeNow } from './core/program-clock.js';
import type { MemoryWatch } from './metrics/memory-watch.js';
import { createMetrics } from './metrics/service.js';
import type { ControlPlane, MediaPlane, Surroundings } from './planes.js';
import { LATENCY_BUCKETS_SECONDS } from './core/latencies.js';
import { createTickerMeasure } from './layers/ticker/item.js';
import type { CheckGlyphs } from './layers/glyph-check.js';
import { openStateStore } from './state/open-store.js';

/** Opens the state and the assets. @throws AppError SM_STATE_*, SM_DATA_DIR_IN_USE, SM_ASSET_STORAGE */
export async function openControlPlane(
  around: Surroundings,
  rtmpPlayKey: string | null,
): Promise<ControlPlane> {
  const { config, logger, events, closing } = around;
  const { dataDir, redisUrl, redisPrefix, durability } = config;
  const { stream, explicitStream, streamUrl, rtmpPort } = config;
  const store = await openStateStore({
    dataDir,
    redisUrl,
    redisPrefix,
    durability,
    logger,
    measureTicker: createTickerMeasure(measuredTicker),
    settings: { stream, explicitStream, streamUrl, rtmpPort, rtmpPlayKey },
  });
  closing.add(() => store.close());
  store.onPersistence((status) => {
    events.publish({ topic: 'stream', type: 'persistence.state', data: { ...status } });
  });
  const assets = await createAssetService({
    store,
    cacheDir: join(dataDir, 'assets'),
    cacheLimitBytes: config.assetCacheBytes,
    cdnBaseUrl: config.cdnBaseUrl,
    uploadLimitBytes: DEFAULT_API_LIMITS.uploadBytes,
    allowPrivateHosts: config.assetAllowPrivate,
    ffmpegPath: config.ffmpegPath,
    publish: (event) => void events.publish(event),
    logger,
  });
  closing.add(() => assets.close());
  return { store, assets };
}

/** Sends events to ADMIN_API_URL; does nothing when there is none. */
export async function openWebhook({
  config,
  logger,
  events,
  closing,
}: Surroundings): Promise<void> {
  if (config.adminApiUrl === null) return;
  // With a client of HTTP of its own, which most services do not need.
  const { EventWebhook, WEBHOOK_LIMITS } = await import('./api/event-webhook.js');
  const webhook = new EventWebhook({
    url: config.adminApiUrl,
    secret: config.webhookSecret,
    limits: WEBHOOK_LIMITS,
    logger,
  });
  events.listen((event) => {
    webhook.push(event);
  });
  closing.add(() => webhook.close());
}

export type ApiParts = {
  readonly control: ControlPlane;
  readonly media: MediaPlane;
  readonly memoryWatch: MemoryWatch;
  readonly checkGlyphs: CheckGlyphs;
  readonly version: string;
  readonly commit: string;
  /** What does not work of threads and child processes that are wanted, sentences for people. */
  readonly troubles: () => readonly string[];
  /** Whether the media plane stands. */
  readonly isReady: () => boolean;
};

/** Listens for requests. @throws AppError SM_PORT_IN_USE, SM_CONFIG_INVALID, SM_SERVER_BINARY */
export async function openApi(around: Surroundings, parts: ApiParts): Promise<ApiServer> {
  const { config, logger, events, closing } = around;
  const { store, assets } = parts.control;
  const { program, preview, previewCompositor, listening, stills, renderThreads } = parts.media;
  const { version, commit, isReady, troubles } = parts;
  const metrics = createMetrics({
    state: () => program.state,
    stats: () => program.stats,
    latencyBucketsSeconds: LATENCY_BUCKETS_SECONDS,
    outputs: () => program.outputs,
    inputs: () => program.inputs,
    meters: () => program.meters,
    isSilent: () => program.isSilent,
    restarts: () => program.restarts,
    persistence: () => store.persistence,
    build: { version, commit },
    memoryLimitBytes: config.memoryLimitBytes,
    memory: () => parts.memoryWatch,
  });
  const snapshots = createSnapshots(assets);
  // What happens now is shown at this moment of the program, also when the wall clock has just been set.
  const now = (): number => programTimeNow(program.clock, process.hrtime.bigint(), Date.now());
  const report = createDryRunReporter({
    stills,
    snapshots,
    renderThreads,
    now,
    glyphs: (snapshot) =>
      parts.checkGlyphs(snapshot).map(({ sceneId, layer, characters }) => {
        return { sceneId, layerId: layer.id, characters };
      }),
  });
  const api = await startApiServer(
    {
      host: config.host,
      port: config.port,
      secondPort: config.wsPort,
      apiToken: config.apiToken,
      jwt: config.authJwt,
      trustedProxies: config.trustedProxies,
      corsOrigin: config.adminApiUrl,
      version,
      limits: {},
      idempotencyPath: join(config.dataDir, 'idempotency.jsonl'),
    },
    {
      store,
      assets,
      program,
      sound: program,
      frames: program.ingest.frames,
      pages: program.ingest.pages,
      playback: parts.media.tracks,
      troubles,
      preview,
      previewCompositor,
      listening,
      stills,
      snapshots,
      metrics,
      events,
      report,
      logger,
      isReady,
      now,
    },
  );
  closing.add(() => api.close());
  program.ingest.hideOwnPorts([...api.ports, config.rtmpPort]);
  return api;
}
