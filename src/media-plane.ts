import { rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { AirEvents } from './api/air-events.js';
import { OutputEvents } from './api/output-events.js';
import { TrackEvents } from './api/track-events.js';
import { VideoEvents } from './api/video-events.js';
import { toSnapshot } from './assets/snapshots.js';
import { PREVIEW_LINGER_MS, PreviewCompositor } from './preview-compositor/preview-compositor.js';
import {
  eventConsumer,
  inputConsumer,
  previewCompositorConsumer,
  programConsumer,
  videoConsumer,
} from './consumers.js';
import type { Config } from './config.js';
import { makeScratchFolder } from './core/scratch-folders.js';
import { programTimeNow } from './core/program-clock.js';
import { bitmapBudgetBytes } from './memory/budget.js';
import { createSharedMemory, MAX_RENDER_WORKERS } from './memory/map.js';
import { createPreview } from './preview/service.js';
import { SoundMonitor } from './preview/sound-monitor.js';
import { LiveKeeper } from './program/live-keeper.js';
import { LiveInputs } from './program/live-inputs.js';
import { ProgramHandle, type ProgramInit, type ProgramListener } from './program/program-handle.js';
import type { ControlPlane, MediaPlane, Rtmp, Surroundings } from './planes.js';
import { Projection, toProgramConfig } from './projection.js';
import { BatchScheduler } from './state/batch-scheduler.js';
import { createStills, STILL_LIMITS } from './still/service.js';

/** Render threads when nobody says how many: one a processor, since the encoder leaves part of each. */
function defaultRenderThreads(): number {
  return Math.min(MAX_RENDER_WORKERS, Math.max(1, availableParallelism()));
}

/** Starts program, preview and stills, and keeps them in line with the state. @throws AppError */
export async function openMediaPlane(
  around: Surroundings,
  control: ControlPlane,
  rtmp: Rtmp,
): Promise<MediaPlane> {
  const { config, logger, events, closing } = around;
  const { store, assets } = control;
  const memory = createSharedMemory();
  const renderThreads = config.renderThreads ?? defaultRenderThreads();
  const air = new AirEvents((event) => void events.publish(event));
  const outputEvents = new OutputEvents(
    (event) => void events.publish(event),
    () => performance.now(),
  );
  const parts = { memory, renderThreads, air, outputEvents };
  const { program, batches, keeper, tracks } = openProgram(around, control, parts);
  const projection = new Projection({
    store,
    foresee: (state) => batches.follow(state),
    publishUrl: rtmp?.publishUrl ?? null,
    logger,
  });
  closing.add(() => {
    projection.close();
  });
  await batches.open();
  const now = (): number => programTimeNow(program.clock, process.hrtime.bigint(), Date.now());
  projection.add(programConsumer(program, assets, now));
  projection.add(eventConsumer(events, air, outputEvents));
  projection.add(videoConsumer(openVideoEvents(around, program, now)));

  const watching = { viewers: 0, listeners: 0 };
  const tellWatchers = (): void => {
    program.setWatchers(watching.viewers + watching.listeners);
  };
  const preview = createPreview({
    memory,
    logLevel: config.logLevel,
    logger,
    niceness: 0,
    setWatchers: (count) => {
      watching.viewers = count;
      tellWatchers();
    },
  });
  closing.add(() => preview.close());
  const listening = new SoundMonitor({
    memory,
    sound: program.sound,
    logger,
    setListeners: (count) => {
      watching.listeners = count;
      tellWatchers();
    },
  });
  closing.add(() => {
    listening.close();
  });
  const previewCompositor = openPreviewCompositor(around, control, { projection, program });
  const stills = createStills({
    logLevel: config.logLevel,
    logger,
    limits: STILL_LIMITS,
    ffmpegPath: config.ffmpegPath,
  });
  closing.add(() => stills.close());
  await openInputs(around, rtmp, { program, previewCompositor, stills, projection });
  return {
    program,
    tracks,
    keeper,
    preview,
    previewCompositor,
    listening,
    stills,
    projection,
    renderThreads,
  };
}

/** Tells what becomes of the videos on air, until the service ends. */
function openVideoEvents(
  { events, closing }: Surroundings,
  program: ProgramHandle,
  now: () => number,
): VideoEvents {
  const videos = new VideoEvents({
    publish: (event) => void events.publish(event),
    clock: () => program.clock,
    now,
  });
  closing.add(() => {
    videos.close();
  });
  return videos;
}

/** Live inputs: received and decoded as they are shown. */
async function openInputs(
  { closing, events }: Surroundings,
  rtmp: Rtmp,
  {
    program,
    previewCompositor,
    stills,
    projection,
  }: Pick<MediaPlane, 'program' | 'previewCompositor' | 'stills' | 'projection'>,
): Promise<void> {
  const folder = await makeScratchFolder(tmpdir());
  closing.add(() => rm(folder, { recursive: true, force: true }));
  const inputs = new LiveInputs(folder, {
    decode: (specs) => {
      program.ingest.decodeInputs(specs);
    },
    showPictures: (pictures) => {
      program.showInputs(pictures);
      previewCompositor.setInputs(pictures);
      stills.setInputs(pictures);
    },
    playSounds: (sounds) => {
      program.playInputs(sounds);
    },
    admit: (publishers) => {
      rtmp?.admit(publishers);
    },
    onState: ({ id, state, reason }) => {
      events.publish({ topic: 'input', type: 'input.state', data: { inputId: id, state, reason } });
    },
  });
  program.useInputs(inputs);
  projection.add(inputConsumer(inputs));
}

type ProgramParts = {
  readonly memory: ReturnType<typeof createSharedMemory>;
  readonly renderThreads: number;
  readonly air: AirEvents;
  readonly outputEvents: OutputEvents;
};

/** What of the program is told on without anything else being done about it. */
function soundAndFaultListeners(
  events: Surroundings['events'],
  tracks: TrackEvents,
): Pick<
  ProgramListener,
  | 'onMeters'
  | 'onPageMessage'
  | 'onTrack'
  | 'onTrackReport'
  | 'onSilence'
  | 'onLayerFailed'
  | 'onLayerRecovered'
> {
  return {
    onMeters: () => undefined,
    onPageMessage: (inputId, message) => {
      events.publish({ topic: 'input', type: 'input.message', data: { inputId, message } });
    },
    onTrack: (event, frame) => {
      tracks.onTrack(event, frame);
    },
    onTrackReport: (report) => {
      tracks.onReport(report);
    },
    onSilence: ({ type, ...data }) => {
      events.publish({ topic: 'audio', type: `audio.${type}`, data });
    },
    onLayerFailed: (fault) => {
      events.publish({ topic: 'scene', type: 'layer.failed', data: { ...fault } });
    },
    onLayerRecovered: ({ sceneId, layerId }) => {
      events.publish({ topic: 'scene', type: 'layer.recovered', data: { sceneId, layerId } });
    },
  };
}

/** Where sound and live inputs may come from. */
function networkOf(config: Config): ProgramInit['network'] {
  const { host, assetAllowPrivate, cdnBaseUrl, chromiumPath } = config;
  return { listenHost: host, allowPrivateHosts: assetAllowPrivate, cdnBaseUrl, chromiumPath };
}

/** The program with those who listen to it: scheduled batches, who keeps it live, and events. */
function openProgram(
  { config, logger, events, closing }: Surroundings,
  { store, assets }: ControlPlane,
  { memory, renderThreads, air, outputEvents }: ProgramParts,
): {
  readonly program: ProgramHandle;
  readonly batches: BatchScheduler;
  readonly keeper: LiveKeeper;
  readonly tracks: TrackEvents;
} {
  const isLiveWanted = (): boolean => store.state.stream.wanted === 'live';
  const tracks = new TrackEvents({
    store,
    publish: (event) => void events.publish(event),
    trackOf: (key) => program.trackOf(key),
    currentTrack: (strip) => program.currentTrack(strip),
    positions: () => program.meters?.positions ?? {},
    logger,
    now: () => programTimeNow(program.clock, process.hrtime.bigint(), Date.now()),
  });
  const listeners: ProgramListener = {
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
    onClock: () => {
      void batches.clockChanged();
    },
    onAir: (revision, frame, batchIds) => {
      air.onAir(revision, frame);
      batches.onAir(batchIds, frame);
    },
    onBatchLate: (batchId) => {
      void batches.onLate(batchId);
    },
    ...soundAndFaultListeners(events, tracks),
  };
  const program = new ProgramHandle(
    {
      logLevel: config.logLevel,
      dataDir: config.dataDir,
      memory,
      bitmapLimitBytes: bitmapBudgetBytes(config.memoryLimitBytes),
      ffmpegPath: config.ffmpegPath,
      network: networkOf(config),
      tls: { verify: config.rtmpsVerify, caFile: config.rtmpsCaFile },
      renderThreads,
      config: toProgramConfig(store.state.config),
    },
    logger,
    listeners,
  );
  const batches = new BatchScheduler({ store, logger, now: Date.now, clock: () => program.clock });
  closing.add(() => {
    batches.close();
  });
  const keeper = new LiveKeeper({ isWanted: isLiveWanted, start: () => program.start(), logger });
  closing.add(() => program.close());
  closing.add(() => {
    keeper.close();
  });
  closing.add(
    store.onApplied((applied) => {
      tracks.applied(applied);
    }),
  );
  closing.add(() => {
    tracks.close();
  });
  return { program, batches, keeper, tracks };
}

/** The scene in preview, which is rendered only while somebody looks at it. */
function openPreviewCompositor(
  { config, logger, closing }: Surroundings,
  { assets }: ControlPlane,
  { projection, program }: { readonly projection: Projection; readonly program: ProgramHandle },
): PreviewCompositor {
  const { state, inPreview, config: programConfig } = projection.newest;
  const previewCompositor = new PreviewCompositor({
    logLevel: config.logLevel,
    logger,
    lingerMs: PREVIEW_LINGER_MS,
    bitmapLimitBytes: bitmapBudgetBytes(config.memoryLimitBytes),
    config: programConfig,
    snapshot: toSnapshot(state, inPreview, assets, null),
    onPictureFailed: (contentHash, reason) => {
      void assets.pictureFailed(contentHash, reason);
    },
    onVideos: (videos) => {
      program.decodeVideos('preview', videos);
    },
  });
  projection.add(previewCompositorConsumer(previewCompositor, assets));
  closing.add(() => previewCompositor.close());
  return previewCompositor;
}
