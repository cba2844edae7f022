import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AirEvents } from './api/air-events.js';
import { createDryRunReporter } from './api/dry-run-cost.js';
import { EventHub } from './api/event-hub.js';
import { OutputEvents } from './api/output-events.js';
import { DEFAULT_API_LIMITS } from './api/limits.js';
import { startApiServer } from './api/server.js';
import { measuredTicker } from './assets/measured-ticker.js';
import { createAssetService } from './assets/service.js';
import { createSnapshots, toScheduled, toSnapshot } from './assets/snapshots.js';
import { BUS_LINGER_MS, PreviewBus } from './bus/preview-bus.js';
import type { Config } from './config.js';
import { Closing } from './core/closing.js';
import { collectGarbage } from './core/collect-garbage.js';
import { missingAllocatorVariables } from './core/allocator.js';
import { createLogger } from './core/logger.js';
import { removeLeftovers } from './core/scratch-folders.js';
import { putDemoOnAir, storeDemoPictures } from './demo/first-start.js';
import { bitmapBudgetBytes } from './memory/budget.js';
import { createSharedMemory, MAX_LANES } from './memory/map.js';
import { MemoryWatch, readServiceMemory } from './metrics/memory-watch.js';
import { createMetrics } from './metrics/service.js';
import { createRtmpServer } from './output/rtmp-server/rtmp-server.js';
import { checkCaFile } from './output/trusted-certificates.js';
import { createPreview } from './preview/service.js';
import { LiveKeeper } from './stitcher/live-keeper.js';
import { ProgramHandle } from './program/program-handle.js';
import { LATENCY_BUCKETS_SECONDS } from './core/latencies.js';
import { createTickerMeasure } from './layers/ticker/item.js';
import { registerShippedFonts } from './render/canvas.js';
import { createGlyphCheck, createGlyphWatch } from './layers/glyph-check.js';
import { BatchScheduler } from './state/batch-scheduler.js';
import { airStateOf, isSameOnAir, newProblems, previewStateOf } from './state/air.js';
import { openStateStore } from './state/open-store.js';
import { follow, followPreview, toProgramConfig, toTargets } from './projection.js';
import { createStills, STILL_LIMITS } from './still/service.js';

/** The running service. */
export type App = {
  /** Ports of the API. */
  readonly ports: readonly number[];
  /** Where players pull the program; null when the built-in RTMP server is off. */
  readonly playUrl: string | null;
  /** Ends everything in the reverse order of its start; idempotent, bounded. */
  close(): Promise<void>;
};

export type AppOptions = {
  readonly config: Config;
  readonly version: string;
  readonly commit: string;
  /** Told of each step of the start, for people. */
  readonly onStep: (step: string) => void;
};

/** Render threads when nobody says how many: one a processor, since the encoder leaves part of each. */
function defaultRenderThreads(): number {
  return Math.min(MAX_LANES, Math.max(1, availableParallelism()));
}

/**
 * Builds the service from its parts and starts it.
 * @throws AppError with what must be put right; then everything that had been started is closed
 */
export async function startApp(options: AppOptions): Promise<App> {
  const closing = new Closing();
  try {
    return await compose(options, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function compose(
  { config, version, commit, onStep }: AppOptions,
  closing: Closing,
): Promise<App> {
  const { logLevel, dataDir } = config;
  if (config.rtmpsCaFile !== null) checkCaFile(config.rtmpsCaFile);
  const logger = createLogger(logLevel, 'service');
  const unset = missingAllocatorVariables(process.env, process.platform);
  if (unset.length > 0)
    logger.info(
      `memory is given back to the system late: ${unset.join(', ')} not set; npm start and the image set them`,
    );
  const events = new EventHub(Date.now);
  void removeLeftovers(logger);

  const store = await openStateStore({
    dataDir,
    redisUrl: config.redisUrl,
    redisPrefix: config.redisPrefix,
    durability: config.durability,
    logger,
    measureTicker: createTickerMeasure(measuredTicker),
    settings: {
      stream: config.stream,
      explicitStream: config.explicitStream,
      streamUrl: config.streamUrl,
      rtmpPort: config.rtmpPort,
    },
  });
  closing.add(() => store.close());
  const isFirstStart = store.state.revision === 0 && store.state.scenes.length === 0;

  const assets = await createAssetService({
    store,
    cacheDir: join(dataDir, 'assets'),
    cacheLimitBytes: config.assetCacheBytes,
    cdnBaseUrl: config.cdnBaseUrl,
    uploadLimitBytes: DEFAULT_API_LIMITS.uploadBytes,
    allowPrivateHosts: config.assetAllowPrivate,
    publish: (event) => void events.publish(event),
    logger,
  });
  closing.add(() => assets.close());
  const demoPictures = isFirstStart && config.autostart ? storeDemoPictures(assets) : null;
  // It is waited for at the end; a start that fails before has its own error.
  demoPictures?.catch(() => undefined);

  onStep('starting the RTMP server');
  const rtmp =
    config.rtmpPort === 0
      ? null
      : await createRtmpServer({ host: config.host, port: config.rtmpPort, logger, logLevel });
  if (rtmp !== null) closing.add(() => rtmp.close());

  onStep('starting the renderer');
  registerShippedFonts();
  const memory = createSharedMemory();
  const bitmapLimitBytes = bitmapBudgetBytes(config.memoryLimitBytes);
  const renderThreads = config.renderThreads ?? defaultRenderThreads();
  const isLiveWanted = (): boolean => store.state.stream.wanted === 'live';
  const program = new ProgramHandle(
    {
      logLevel,
      dataDir,
      memory,
      bitmapLimitBytes,
      ffmpegPath: config.ffmpegPath,
      tls: { verify: config.rtmpsVerify, caFile: config.rtmpsCaFile },
      renderThreads,
      config: toProgramConfig(store.state.config),
    },
    logger,
    {
      onState: (state, reason) => {
        events.publish({ topic: 'stream', type: 'stream.state', data: { state, reason } });
        keeper.observe(state);
      },
      onOutput: (status) => {
        if (store.state.outputs.some(({ id }) => id === status.id)) outputEvents.onStatus(status);
      },
      onPictureFailed: (contentHash, reason) => {
        void assets.pictureFailed(contentHash, reason);
      },
      onAir: (revision, frame, batchIds) => {
        air.onAir(revision, frame);
        batches.onAir(batchIds, frame);
      },
      onBatchLate: (batchId) => {
        void batches.onLate(batchId);
      },
      onLayerFailed: (fault) => {
        events.publish({ topic: 'scene', type: 'layer.failed', data: { ...fault } });
      },
      onLayerRecovered: ({ sceneId, layerId }) => {
        events.publish({ topic: 'scene', type: 'layer.recovered', data: { sceneId, layerId } });
      },
    },
  );
  const outputEvents = new OutputEvents(
    (event) => void events.publish(event),
    () => performance.now(),
  );
  const air = new AirEvents((event) => void events.publish(event));
  const batches = new BatchScheduler({
    store,
    logger,
    now: Date.now,
    clock: () => program.clock,
  });
  closing.add(() => {
    batches.close();
  });
  const keeper = new LiveKeeper({ isWanted: isLiveWanted, start: () => program.start(), logger });
  closing.add(() => program.close());
  closing.add(() => {
    keeper.close();
  });
  await batches.open();
  program.show(
    toSnapshot(store.state, airStateOf(store.state), assets, null),
    toScheduled(batches.follow(store.state), assets),
  );
  program.setOutputs(toTargets(store.state, rtmp?.publishUrl ?? null));

  const preview = await createPreview({
    memory,
    logLevel,
    logger,
    niceness: 0,
    setWatchers: (count) => {
      program.setWatchers(count);
    },
  });
  closing.add(() => preview.close());

  const previewBus = new PreviewBus({
    logLevel,
    logger,
    lingerMs: BUS_LINGER_MS,
    bitmapLimitBytes,
    config: toProgramConfig(store.state.config),
    snapshot: toSnapshot(store.state, previewStateOf(store.state), assets, null),
    onPictureFailed: (contentHash, reason) => {
      void assets.pictureFailed(contentHash, reason);
    },
  });
  closing.add(() => previewBus.close());

  const stills = createStills({ logLevel, logger, limits: STILL_LIMITS });
  closing.add(() => stills.close());

  if (config.adminApiUrl !== null) {
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

  const checkGlyphs = createGlyphCheck();
  const watchGlyphs = createGlyphWatch(checkGlyphs, ({ sceneId, layer, characters }) => {
    const data = { sceneId, layerId: layer.id, characters };
    events.publish({ topic: 'scene', type: 'scene.missing-glyphs', data });
  });

  store.onApplied((applied) => {
    const foreseen = batches.follow(applied.after);
    follow(applied, foreseen, program, assets, rtmp?.publishUrl ?? null);
    followPreview(applied, previewBus, assets);
    for (const event of applied.events) events.publish(event);
    if (applied.before.outputs !== applied.after.outputs)
      outputEvents.keep(new Set(applied.after.outputs.map(({ id }) => id)));
    air.applied(applied);
    const shown = airStateOf(applied.after);
    // Once the change is on its way: drawing signs to look at them takes a while.
    if (!isSameOnAir(airStateOf(applied.before), shown))
      setImmediate(() => {
        watchGlyphs(toSnapshot(applied.after, shown, assets, null));
      });
    for (const problem of newProblems(airStateOf(applied.before), airStateOf(applied.after)))
      events.publish({ topic: 'variables', type: 'variables.problem', data: { ...problem } });
  });
  store.onPersistence((status) => {
    events.publish({ topic: 'stream', type: 'persistence.state', data: { ...status } });
  });

  const memoryWatch = new MemoryWatch({
    limitBytes: config.memoryLimitBytes,
    measure: readServiceMemory,
    onStep: (step) => {
      program.setMemoryStep(step);
      for (const owner of [assets, stills]) owner.setMemoryShort(step !== 'none');
      if (step !== 'none') collectGarbage();
    },
    onFailure: (error) => {
      logger.error({ err: error }, 'the memory of the service could not be looked after');
    },
    onChange: (step, bytes) => {
      const data = { step, bytes, limitBytes: config.memoryLimitBytes };
      logger.warn(data, 'memory is near its limit, or no longer: see MEMORY_LIMIT');
      events.publish({ topic: 'stream', type: 'memory.step', data });
    },
  });
  closing.add(() => {
    memoryWatch.close();
  });

  const metrics = createMetrics({
    state: () => program.state,
    stats: () => program.stats,
    latencyBucketsSeconds: LATENCY_BUCKETS_SECONDS,
    outputs: () => program.outputs,
    persistence: () => store.persistence,
    build: { version, commit },
    memoryLimitBytes: config.memoryLimitBytes,
    memory: () => memoryWatch,
  });
  const snapshots = createSnapshots(assets);
  let isReady = false;
  const api = await startApiServer(
    {
      host: config.host,
      port: config.port,
      secondPort: config.wsPort,
      apiToken: config.apiToken,
      jwt: config.authJwt,
      corsOrigin: config.adminApiUrl,
      version,
      limits: {},
      idempotencyPath: join(dataDir, 'idempotency.jsonl'),
    },
    {
      store,
      assets,
      program,
      preview,
      previewBus,
      stills,
      snapshots,
      metrics,
      events,
      report: createDryRunReporter({
        stills,
        snapshots,
        renderThreads,
        now: Date.now,
        glyphs: (snapshot) =>
          checkGlyphs(snapshot).map(({ sceneId, layer, characters }) => ({
            sceneId,
            layerId: layer.id,
            characters,
          })),
      }),
      logger,
      isReady: () => isReady,
      now: Date.now,
    },
  );
  closing.add(() => api.close());

  await program.ready;
  isReady = true;
  if (demoPictures !== null) {
    onStep('putting the demo scene on air');
    await demoPictures;
    await putDemoOnAir(store, Date.now());
  }
  if (isLiveWanted()) {
    onStep('going live');
    await keeper.start();
  }
  return { ports: api.ports, playUrl: rtmp?.playUrl ?? null, close: () => closing.close() };
}
