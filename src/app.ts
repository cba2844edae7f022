import { EventHub } from './api/event-hub.js';
import { troublesOf } from './api/health.js';
import { watchHealth } from './health-watch.js';
import type { Config } from './config.js';
import { glyphConsumer } from './consumers.js';
import { openApi, openControlPlane, openWebhook } from './control-plane.js';
import { missingAllocatorVariables } from './core/allocator.js';
import { Closing } from './core/closing.js';
import { collectGarbage } from './core/collect-garbage.js';
import type { LogWriter } from './core/log-writer.js';
import { createLogger } from './core/logger.js';
import { programTimeNow } from './core/program-clock.js';
import { removeLeftovers } from './core/scratch-folders.js';
import { DemoBids } from './demo/bids.js';
import { putDemoOnAir, storeDemoAssets } from './demo/first-start.js';
import { openMediaPlane } from './media-plane.js';
import { MemoryWatch, readServiceMemory } from './metrics/memory-watch.js';
import { playKeyOf } from './output/rtmp-server/play-key.js';
import { createRtmpServer } from './output/rtmp-server/rtmp-server.js';
import { checkCaFile } from './ffmpeg/trusted-certificates.js';
import type { ProgramHandle } from './program/program-handle.js';
import type { Rtmp, Surroundings } from './planes.js';
import { registerShippedFonts } from './render/canvas.js';
import type { StateStore } from './state/port.js';
import { createGlyphCheck, createGlyphWatch } from './layers/glyph-check.js';

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
  /** What watches the thread that writes the log; null: there is none. */
  readonly logWriter: LogWriter | null;
  /** What is wanted has not worked for EXIT_WHEN_FAILING_SECONDS: the process is to end. */
  readonly onGivenUp: (troubles: readonly string[]) => void;
};

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

/** The two planes, one after the other: control (state, assets, API) and media (program, preview, stills). */
async function compose(
  { config, version, commit, logWriter, onStep, onGivenUp }: AppOptions,
  closing: Closing,
): Promise<App> {
  if (config.rtmpsCaFile !== null) checkCaFile(config.rtmpsCaFile);
  const logger = createLogger(config.logLevel, 'service');
  const unset = missingAllocatorVariables(process.env, process.platform);
  if (unset.length > 0)
    logger.info(
      `memory is returned to the system late because ${unset.join(', ')} is not set; npm start and the image set these variables`,
    );
  const events = new EventHub(Date.now);
  void removeLeftovers(logger);
  const around: Surroundings = { config, logger, events, closing };

  const playKey = playKeyOf({
    chosen: config.rtmpPlayKey,
    apiToken: config.apiToken,
    hasJwt: config.authJwt !== null,
  });
  const control = await openControlPlane(around, playKey);
  const { store, assets } = control;
  const isFirstStart = store.state.revision === 0 && store.state.scenes.length === 0;
  const demoAssets = isFirstStart && config.autostart ? storeDemoAssets(assets) : null;
  // It is waited for at the end; a start that fails before has its own error.
  demoAssets?.catch(() => undefined);

  onStep('starting the RTMP server');
  const rtmp = await openRtmp(around, playKey);

  onStep('starting the renderer');
  registerShippedFonts();
  const media = await openMediaPlane(around, control, rtmp);
  const { program, preview, previewCompositor, stills, keeper, projection } = media;
  const troubles = (): readonly string[] => {
    const units = [preview, previewCompositor, stills, rtmp, logWriter];
    const others = units.map((unit) => unit?.trouble ?? null);
    return [...program.troubles, ...others.filter((trouble) => trouble !== null)];
  };
  await openWebhook(around);
  const checkGlyphs = createGlyphCheck();
  const watchGlyphs = createGlyphWatch(checkGlyphs, ({ sceneId, layer, characters }) => {
    const data = { sceneId, layerId: layer.id, characters };
    events.publish({ topic: 'scene', type: 'scene.missing-glyphs', data });
  });
  projection.add(glyphConsumer(watchGlyphs, assets, logger));
  const memoryWatch = watchMemory(around, program, [assets, stills]);
  playBids(around, store, program);
  let isReady = false;
  const api = await openApi(around, {
    control,
    media,
    memoryWatch,
    checkGlyphs,
    version,
    commit,
    troubles,
    isReady: () => isReady,
  });
  await program.ready;
  isReady = true;
  if (config.exitWhenFailingSeconds > 0) {
    const stop = watchHealth({
      troubles: () => troublesOf(troubles(), program, store.state).map(({ reason }) => reason),
      patienceSeconds: config.exitWhenFailingSeconds,
      onGivenUp,
    });
    closing.add(stop);
  }
  if (demoAssets !== null) {
    onStep('putting the demo scene on air');
    await demoAssets;
    await putDemoOnAir(store, Date.now());
  }
  if (store.state.stream.wanted === 'live') {
    onStep('going live');
    await keeper.start();
  }
  return { ports: api.ports, playUrl: rtmp?.playUrl ?? null, close: () => closing.close() };
}

/** Has every bid of the demo heard while it is on air. */
function playBids({ closing }: Surroundings, store: StateStore, program: ProgramHandle): void {
  const bids = new DemoBids({
    store,
    now: () => programTimeNow(program.clock, process.hrtime.bigint(), Date.now()),
    isRunning: () => program.clock !== null,
  });
  closing.add(() => {
    bids.close();
  });
}

async function openRtmp(
  { config, logger, closing }: Surroundings,
  playKey: string | null,
): Promise<Rtmp> {
  const { host, rtmpPort, logLevel } = config;
  if (rtmpPort === 0) return null;
  const rtmp = await createRtmpServer({ host, port: rtmpPort, playKey, logger, logLevel });
  closing.add(() => rtmp.close());
  return rtmp;
}

/** Whoever has processes that decode. */
type DecoderOwner = { setMemoryShort(isShort: boolean): void };

/** Has memory given up as the service comes near MEMORY_LIMIT, and announces that. */
function watchMemory(
  { config, logger, events, closing }: Surroundings,
  program: ProgramHandle,
  decoderOwners: readonly DecoderOwner[],
): MemoryWatch {
  const { memoryLimitBytes: limitBytes } = config;
  const watch = new MemoryWatch({
    limitBytes,
    measure: readServiceMemory,
    onStep: (step) => {
      program.setMemoryStep(step);
      for (const owner of decoderOwners) owner.setMemoryShort(step !== 'none');
      if (step !== 'none') collectGarbage();
    },
    onFailure: (error) => {
      logger.error({ err: error }, 'the memory of the service could not be measured');
    },
    onChange: (step, bytes) => {
      const data = { step, bytes, limitBytes };
      logger.warn(data, 'the memory step has changed; see MEMORY_LIMIT');
      events.publish({ topic: 'stream', type: 'memory.step', data });
    },
  });
  closing.add(() => {
    watch.close();
  });
  return watch;
}
