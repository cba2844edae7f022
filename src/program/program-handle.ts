import type {
  MixerStats,
  PcmFormat,
  PushConnection,
  PushListener,
  SilenceReport,
} from '../audio/contract.js';
import type {
  CompositorStats,
  DecodedVideo,
  LayerFault,
  SceneSnapshot,
  ScheduledSnapshot,
} from '../compositor/contract.js';
import { EMPTY_LATENCIES } from '../core/latencies.js';
import type { ThreadFault } from '../core/heartbeat.js';
import type { Logger, LogLevel } from '../core/logger.js';
import type { MemoryStep } from '../core/memory-pressure.js';
import type { AirFrame, ProgramClock } from '../core/program-clock.js';
import type { InjectedFault } from '../memory/culprit.js';
import { StitcherPort } from '../memory/handover.js';
import { createHeardMemory } from '../memory/heard-sound.js';
import { createSoundMemory } from '../memory/sound-ring.js';
import type { IngestInit, InputReport } from '../ingest/contract.js';
import type { LivePictures } from '../memory/live-pictures.js';
import type { LiveInputs } from './live-inputs.js';
import type { OutputStatus } from '../output/status.js';
import type {
  OutputTarget,
  ProgramConfig,
  ProgramState,
  StitcherInit,
} from '../stitcher/contract.js';
import type { SpectrumWanted } from '../scene/sound/heard.js';
import type { StripKey } from '../scene/sound/levels.js';
import type {
  PlannedSound,
  PlannedTrack,
  ProgramStats,
  ScheduledPlan,
  TrackListeners,
} from './contract.js';
import { CompositorHandle } from './compositor-handle.js';
import { IngestHandle } from './ingest-handle.js';
import { MixerHandle } from './mixer-handle.js';
import { OnAirWaiters } from './on-air-waiters.js';
import { StitcherHandle } from './stitcher-handle.js';
import { TrackRings } from './track-rings.js';

export type ProgramInit = {
  readonly logLevel: LogLevel;
  /** Null: FFmpeg is looked for on the PATH. */
  readonly ffmpegPath: string | null;
  /** How the servers of `rtmps` outputs are checked. */
  readonly tls: StitcherInit['tls'];
  readonly dataDir: string;
  readonly renderThreads: number;
  readonly config: ProgramConfig;
  readonly memory: WebAssembly.Memory;
  /** From where sound may be fetched. */
  readonly network: Omit<IngestInit, 'logLevel' | 'ffmpegPath'>;
  /** Most that bitmaps of layers may take of it, bytes. */
  readonly bitmapLimitBytes: number;
  /** Default: none. There are some only in tests. */
  readonly injectedFaults?: readonly InjectedFault[];
};

export type ProgramListener = TrackListeners & {
  readonly onState: (state: ProgramState, reason: string | null) => void;
  readonly onOutput: (status: OutputStatus) => void;
  readonly onPictureFailed: (contentHash: string, reason: string) => void;
  /** The clock has begun, has another anchor, or has ended: `clock` is up to date. */
  readonly onClock: () => void;
  /** The first frame of a revision, or of batches that were scheduled. */
  readonly onAir: (revision: number, frame: AirFrame, batchIds: readonly string[]) => void;
  /** A batch that is not to be late came too late for its frame, and is left out. */
  readonly onBatchLate: (batchId: string) => void;
  readonly onLayerFailed: (fault: LayerFault) => void;
  readonly onLayerRecovered: (fault: LayerFault) => void;
  /** Ten times a second while the mixer runs. */
  readonly onMeters: (stats: MixerStats) => void;
  /** The sound of the program has been silent for too long; and: it is heard again. */
  readonly onSilence: (report: SilenceReport) => void;
};

const NO_COMPOSITOR: CompositorStats = {
  latencies: EMPTY_LATENCIES,
  renderWorkers: 0,
  bitmapBytes: 0,
  bitmapLimitBytes: 0,
  layersOff: [],
  layerFailures: 0,
  unheardFrames: 0,
  eventLoopLagMs: 0,
};

/** The threads of a program. */
export type ProgramThread = 'compositor' | 'ingest' | 'mixer' | 'stitcher';

/**
 * The program as the main thread sees it: a compositor and a stitcher over one memory, and a mixer over that and one of its
 * own. Each is watched for itself; what one of them does not do, the others do not wait for.
 */
export class ProgramHandle {
  readonly #compositor: CompositorHandle;
  readonly #ingest: IngestHandle;
  readonly #mixer: MixerHandle;
  readonly #rings = new TrackRings();
  readonly #stitcher: StitcherHandle;
  readonly #onAir = new OnAirWaiters();
  #inputs: LiveInputs | null = null;
  /** What the mixer mixes (`memory/sound-ring.ts`): for whoever listens. */
  readonly sound = createSoundMemory();

  constructor(init: ProgramInit, logger: Logger, listener: ProgramListener) {
    const { memory, logLevel, config } = init;
    const { width, height, frameRate } = config;
    // Both are told by the memory itself, whichever of them is there first.
    new StitcherPort(memory).setFirstFormat({ widthPx: width, heightPx: height, frameRate });
    const heard = createHeardMemory();
    this.#compositor = new CompositorHandle(
      {
        entry: 'compositor',
        init: {
          name: 'compositor',
          niceness: 0,
          logLevel,
          renderThreads: init.renderThreads,
          memory,
          heard,
          bitmapLimitBytes: init.bitmapLimitBytes,
          injectedFaults: init.injectedFaults ?? [],
        },
      },
      logger,
      {
        onPictureFailed: listener.onPictureFailed,
        onBatchLate: listener.onBatchLate,
        onLayerFailed: listener.onLayerFailed,
        onLayerRecovered: listener.onLayerRecovered,
        onAir: ({ revision, frame, mediaTimeMs, batchIds }) => {
          const airFrame = { frame, mediaTimeMs };
          listener.onAir(revision, airFrame, batchIds);
          this.#onAir.seen(revision, airFrame);
        },
        onVideos: (videos) => {
          this.decodeVideos('program', videos);
        },
      },
    );
    const { sound } = this;
    this.#mixer = new MixerHandle({ logLevel, memory, sound, heard }, logger, {
      onStats: listener.onMeters,
      onSilence: listener.onSilence,
      onTrack: listener.onTrack,
    });
    this.#ingest = new IngestHandle(
      { logLevel, ffmpegPath: init.ffmpegPath, ...init.network },
      logger,
      {
        onReport: listener.onTrackReport,
        onInput: (report) => {
          this.#inputs?.onReport(report);
        },
        onPageMessage: listener.onPageMessage,
      },
    );
    this.#stitcher = new StitcherHandle(
      {
        logLevel,
        ffmpegPath: init.ffmpegPath,
        tls: init.tls,
        dataDir: init.dataDir,
        config,
        memory,
        sound,
      },
      logger,
      {
        onState: listener.onState,
        onOutput: listener.onOutput,
        onClock: (clock) => {
          if (clock === null) {
            this.#onAir.close();
            this.#mixer.clockEnded();
          }
          listener.onClock();
        },
      },
    );
  }

  /** Resolves when all threads take messages, however often they had to be started. */
  get ready(): Promise<void> {
    return Promise.all([this.#compositor.ready, this.#mixer.ready, this.#stitcher.ready]).then(
      () => undefined,
    );
  }

  get state(): ProgramState {
    return this.#stitcher.state;
  }

  get reason(): string | null {
    return this.#stitcher.reason;
  }

  /** See `ProgramService.failure`. */
  get failure(): string | null {
    return this.#stitcher.failure;
  }

  /** Null until the stitcher has reported for the first time. */
  get stats(): ProgramStats | null {
    const stitcher = this.#stitcher.stats;
    if (stitcher === null) return null;
    const compositor = this.#compositor.stats ?? NO_COMPOSITOR;
    return {
      ...compositor,
      ...stitcher,
      latencies: { ...EMPTY_LATENCIES, ...compositor.latencies, ...stitcher.latencies },
      eventLoopLagMs: Math.max(compositor.eventLoopLagMs, stitcher.eventLoopLagMs),
    };
  }

  get outputs(): ReadonlyMap<string, OutputStatus> {
    return this.#stitcher.outputs;
  }

  get config(): ProgramConfig {
    return this.#stitcher.config;
  }

  /** The clock that frames are counted by; null while none runs. */
  get clock(): ProgramClock | null {
    return this.#stitcher.clock;
  }

  /** What does not work of what is wanted, for people; empty when all does. */
  get troubles(): readonly string[] {
    const { trouble, encoderTrouble } = this.#stitcher;
    const threads = [this.#compositor, this.#ingest, this.#mixer];
    return [trouble, encoderTrouble, ...threads.map((thread) => thread.trouble)].filter(
      (one) => one !== null,
    );
  }

  /** How often each thread was started again. */
  get restarts(): Readonly<Record<ProgramThread, number>> {
    return {
      stitcher: this.#stitcher.restarts,
      compositor: this.#compositor.restarts,
      ingest: this.#ingest.restarts,
      mixer: this.#mixer.restarts,
    };
  }

  /** Has a running thread fail: for tests. */
  inject(thread: ProgramThread, fault: ThreadFault): void {
    const threads = {
      compositor: this.#compositor,
      ingest: this.#ingest,
      mixer: this.#mixer,
      stitcher: this.#stitcher,
    };
    threads[thread].inject(fault);
  }

  /** Takes effect when the program is offline next, which the control plane sees to. */
  configure(config: ProgramConfig): void {
    this.#stitcher.configure(config);
  }

  /** Puts a scene on air, and others later: `scheduled` is all there is, in the order of its moments. */
  show(snapshot: SceneSnapshot, scheduled: readonly ScheduledSnapshot[] = []): void {
    this.#compositor.show(snapshot, scheduled);
  }

  /** What is heard now, and what later: `scheduled` is all there is, in the order of its moments. */
  play(now: PlannedSound, scheduled: readonly ScheduledPlan[] = []): void {
    this.#rings.follow([now, ...scheduled]);
    this.#ingest.decode(this.#rings.all);
    this.#mixer.play(
      this.#rings.played(now),
      scheduled.map((plan) => {
        const { dueAtMs, dueFrame } = plan;
        return { dueAtMs, dueFrame, ...this.#rings.played(plan) };
      }),
    );
  }

  /** All videos that are to be decoded for a compositor, that of the program or another one. */
  decodeVideos(compositor: 'program' | 'preview', videos: readonly DecodedVideo[]): void {
    this.#ingest.decodeVideos(compositor, videos);
  }

  /** The live inputs that there are, of which it shows pictures and plays sound. */
  useInputs(inputs: LiveInputs): void {
    this.#inputs = inputs;
  }

  /** What becomes of live inputs that are received, by their ids. */
  get inputs(): ReadonlyMap<string, InputReport> {
    return this.#inputs?.reports ?? new Map<string, InputReport>();
  }

  /** What decodes: for live inputs, and those who send to them. */
  get ingest(): Pick<IngestHandle, 'decodeInputs' | 'frames' | 'pages' | 'hideOwnPorts'> {
    return this.#ingest;
  }

  /** The pictures of all live inputs that there are, by their ids. */
  showInputs(inputs: Readonly<Record<string, LivePictures>>): void {
    this.#compositor.setInputs(inputs);
  }

  /** The same of their sound. */
  playInputs(inputs: Readonly<Record<string, SharedArrayBuffer>>): void {
    this.#mixer.setInputs(inputs);
  }

  /** What a source or a clip plays now; null: nothing is decoded for it. */
  currentTrack(strip: StripKey): PlannedTrack | null {
    return this.#rings.current(strip);
  }

  /** Something that is decoded, by its key; null: it is not wanted any more. */
  trackOf(key: string): PlannedTrack | null {
    return this.#rings.find(key);
  }

  /** Which spectra the mixer measures for layers that show them. */
  measureSpectra(wanted: readonly SpectrumWanted[]): void {
    this.#mixer.measureSpectra(wanted);
  }

  /** Whether the sound has been silent for longer than is wanted. */
  get isSilent(): boolean {
    return this.#mixer.isSilent;
  }

  /** See `SoundService.push`. */
  push(sourceId: string, format: PcmFormat, listener: PushListener): PushConnection {
    return this.#mixer.push(sourceId, format, listener);
  }

  /** How loud everything is; null while the mixer has not reported. */
  get meters(): MixerStats | null {
    return this.#mixer.stats;
  }

  /**
   * The frame with which a revision that has been shown goes on air, to be asked for before that can be. Null when no
   * clock runs, or when it is not on air within `timeoutMs`.
   */
  whenOnAir(revision: number, timeoutMs: number): Promise<AirFrame | null> {
    return this.clock === null ? Promise.resolve(null) : this.#onAir.wait(revision, timeoutMs);
  }

  setOutputs(targets: readonly OutputTarget[]): void {
    this.#stitcher.setOutputs(targets);
  }

  /** Says what is to be done about memory; the same step again has the caches given up once more. */
  setMemoryStep(step: MemoryStep): void {
    this.#compositor.setMemoryStep(step);
  }

  setWatchers(count: number): void {
    this.#stitcher.setWatchers(count);
  }

  /**
   * Goes live; resolves when the encoder delivers. Who waits for the program to be offline is told that it will not be.
   * @throws AppError SM_STREAM_FAILED, SM_STREAM_BUSY when it is stopped meanwhile, SM_FFMPEG_* and their reasons
   */
  start(): Promise<void> {
    return this.#stitcher.start();
  }

  /** Resolves when the program is offline. @throws AppError SM_STREAM_BUSY when it is started meanwhile */
  stop(): Promise<void> {
    return this.#stitcher.stop();
  }

  /** Ends the encoder and the outputs, then the threads; idempotent, bounded. */
  async close(): Promise<void> {
    this.#rings.close();
    await this.#stitcher.close();
    await this.#mixer.close();
    await this.#ingest.close();
    await this.#compositor.close();
  }
}
