import { collectGarbage } from '../core/collect-garbage.js';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { availableParallelism } from 'node:os';
import { toAppError, type AppError } from '../core/errors.js';
import { redactSecrets, type Logger } from '../core/logger.js';
import { instantiateKernels } from '../memory/kernels.js';
import { ChildCpu } from '../output/child-cpu.js';
import { chooseEncoder } from '../output/choose-encoder.js';
import { findFfmpeg, type Ffmpeg } from '../output/ffmpeg-binary.js';
import { Outputs } from '../output/outputs.js';
import { TsBus } from '../output/ts-bus.js';
import { Latencies } from './latencies.js';
import { LiveSession } from './live-session.js';
import { ProgramRunner } from './program-runner.js';
import type {
  FromStitcher,
  ProgramConfig,
  ProgramState,
  ProgramStats,
  StitcherInit,
  ToStitcher,
} from './protocol.js';
import { RenderPool } from './render-pool.js';

const STATS_INTERVAL_MS = 250;
const LOOP_DELAY_RESOLUTION_MS = 10;

/** The stitcher thread's whole life: it is told what is wanted and makes it so, one step at a time. */
export class Stitcher {
  readonly #init: StitcherInit;
  readonly #logger: Logger;
  readonly #post: (message: FromStitcher) => void;
  readonly #renderer: RenderPool;
  readonly #runner: ProgramRunner;
  readonly #latencies = new Latencies();
  readonly #childCpu = new ChildCpu();
  readonly #bus = new TsBus();
  readonly #loopDelay = monitorEventLoopDelay({ resolution: LOOP_DELAY_RESOLUTION_MS });
  readonly #statsTimer: NodeJS.Timeout;
  /** FFmpeg, looked for ahead of the first time of being live; when that fails, once more each time. */
  #ffmpeg: Promise<Ffmpeg>;
  #outputs: Outputs | null = null;
  #targets: Extract<ToStitcher, { type: 'outputs' }>['targets'] = [];
  #session: LiveSession | null = null;
  #state: ProgramState = 'offline';
  #liveSinceMs: number | null = null;
  #isLiveWanted = false;
  #wantedConfig: ProgramConfig | null = null;
  #watchers = 0;
  #work: Promise<void> | null = null;
  #isClosing = false;

  constructor(init: StitcherInit, logger: Logger, post: (message: FromStitcher) => void) {
    this.#init = init;
    this.#logger = logger;
    this.#post = post;
    this.#renderer = new RenderPool(init.memory, init.renderThreads);
    this.#renderer.prestart();
    this.#ffmpeg = findFfmpeg(init.ffmpegPath);
    this.#ffmpeg.catch(() => undefined);
    this.#runner = new ProgramRunner(
      {
        memory: init.memory,
        bitmapLimitBytes: init.bitmapLimitBytes,
        kernels: instantiateKernels(init.memory),
        renderer: this.#renderer,
        latencies: this.#latencies,
        logger,
        onPictureFailed: (contentHash, reason) => {
          post({ type: 'picture-failed', contentHash, reason });
        },
        onAir: (revision, frame, batchIds) => {
          post({ type: 'on-air', revision, frame, batchIds });
        },
        onBatchLate: (batchId) => {
          post({ type: 'batch-late', batchId });
        },
        onClock: (clock) => {
          post({ type: 'clock', clock });
        },
        onLayerFailed: (fault) => {
          post({ type: 'layer-failed', fault });
        },
        onLayerRecovered: (fault) => {
          post({ type: 'layer-recovered', fault });
        },
      },
      init.config,
    );
    this.#loopDelay.enable();
    this.#statsTimer = setInterval(() => {
      if (this.#runner.isRunning) this.#postStats();
      this.#runner.giveBack();
    }, STATS_INTERVAL_MS);
    post({ type: 'ready' });
  }

  /** Takes one message of the main thread. */
  handle(message: ToStitcher): void {
    switch (message.type) {
      case 'configure':
        this.#wantedConfig = message.config;
        this.#reconcile();
        return;
      case 'scene':
        this.#runner.show(message.snapshot, message.scheduled, () => {
          this.#post({ type: 'scene-taken' });
        });
        return;
      case 'outputs':
        this.#targets = message.targets;
        this.#outputs?.setTargets(message.targets);
        return;
      case 'start':
        this.#isLiveWanted = true;
        this.#reconcile();
        return;
      case 'stop':
        this.#isLiveWanted = false;
        this.#abortStart();
        // Who has asked is answered, also when there is nothing to stop; a failure is over then.
        if (this.#state === 'offline' || this.#state === 'failed') this.#setState('offline', null);
        this.#reconcile();
        return;
      case 'watchers':
        this.#watchers = message.count;
        this.#reconcile();
        return;
      case 'memory':
        this.#runner.shed(message.step === 'layers');
        this.#renderer.setMemoryShort(message.step !== 'none');
        if (message.step !== 'none') collectGarbage();
        return;
      case 'close':
        this.#isClosing = true;
        this.#isLiveWanted = false;
        this.#abortStart();
        this.#reconcile();
    }
  }

  /** A start that is under way ends at once. */
  #abortStart(): void {
    if (this.#state === 'starting') void this.#session?.close();
  }

  /** Works until what is equals what is wanted; what is wanted may change meanwhile. */
  #reconcile(): void {
    this.#work ??= this.#step()
      .catch((error: unknown) => {
        this.#logger.fatal(
          { err: error },
          'the program could not be brought to where it should be',
        );
        throw error;
      })
      .finally(() => {
        this.#work = null;
      });
  }

  async #step(): Promise<void> {
    for (;;) {
      if (this.#session !== null && !this.#isLiveWanted) await this.#goOffline();
      else if (this.#session === null && this.#wantedConfig !== null)
        await this.#configure(this.#wantedConfig);
      else if (this.#session === null && this.#isLiveWanted) await this.#goLive();
      else if (this.#session === null && this.#runner.isRunning !== this.#isWatched)
        this.#runForWatchers();
      else break;
    }
    if (this.#isClosing) await this.#close();
  }

  get #isWatched(): boolean {
    return this.#watchers > 0 && !this.#isClosing;
  }

  #runForWatchers(): void {
    if (this.#isWatched) this.#runner.start(null);
    else this.#runner.stop();
  }

  async #configure(config: ProgramConfig): Promise<void> {
    this.#wantedConfig = null;
    this.#runner.stop();
    await this.#runner.configure(config);
  }

  async #goLive(): Promise<void> {
    this.#setState('starting', null);
    try {
      const session = await this.#openSession();
      this.#session = session;
      // Wanted may have changed while FFmpeg was looked for.
      if (!this.#isLiveWanted) return;
      await Promise.all([session.start(), this.#runner.isRunning ? null : this.#runner.preroll()]);
      this.#runner.start(session);
      this.#liveSinceMs = performance.now();
      this.#setState('live', null);
      this.#postStats();
    } catch (error) {
      // A start that was stopped has not failed; when it is wanted again by now, another one follows.
      const wasStopped = this.#session?.isClosed === true || !this.#isLiveWanted;
      if (!wasStopped) this.#isLiveWanted = false;
      await this.#session?.close();
      this.#session = null;
      this.#setState(wasStopped ? 'offline' : 'failed', wasStopped ? null : toAppError(error));
    }
  }

  async #openSession(): Promise<LiveSession> {
    const { config } = this.#runner;
    const { width, height, frameRate, bitrateBps, preset } = config;
    const format = { width, height, frameRate, bitrateBps };
    this.#ffmpeg = this.#ffmpeg.catch(() => findFfmpeg(this.#init.ffmpegPath));
    const ffmpeg = await this.#ffmpeg;
    const settings = await chooseEncoder({
      ffmpeg,
      format,
      preset,
      cores: availableParallelism(),
      dataDir: this.#init.dataDir,
    });
    this.#outputs ??= this.#createOutputs(ffmpeg);
    this.#outputs.setTargets(this.#targets);
    return new LiveSession({
      ffmpeg,
      settings,
      config,
      bus: this.#bus,
      outputs: this.#outputs,
      childCpu: this.#childCpu,
      latencies: this.#latencies,
      logger: this.#logger,
      onFailed: (error) => {
        this.#fail(error);
      },
    });
  }

  #createOutputs(ffmpeg: Ffmpeg): Outputs {
    return new Outputs({
      ffmpeg,
      bus: this.#bus,
      childCpu: this.#childCpu,
      tls: this.#init.tls,
      logger: this.#logger,
      random: Math.random,
      onStatus: (status) => {
        this.#post({ type: 'output', status });
      },
    });
  }

  /** The encoder has given up while the program was live. */
  #fail(error: AppError): void {
    if (this.#state !== 'live') return;
    this.#isLiveWanted = false;
    this.#setState('failed', error);
    this.#reconcile();
  }

  async #goOffline(): Promise<void> {
    const hasFailed = this.#state === 'failed';
    if (!hasFailed) this.#setState('stopping', null);
    this.#runner.stop();
    await this.#session?.close();
    this.#session = null;
    this.#liveSinceMs = null;
    this.#postStats();
    if (!hasFailed) this.#setState('offline', null);
  }

  async #close(): Promise<void> {
    clearInterval(this.#statsTimer);
    this.#loopDelay.disable();
    await this.#renderer.close();
    this.#post({ type: 'closed' });
  }

  #setState(state: ProgramState, error: AppError | null): void {
    this.#state = state;
    const reason = error === null ? null : redactSecrets(error.message);
    if (error === null) this.#logger.debug({ state }, 'the program is %s', state);
    else this.#logger.error({ code: error.code }, reason ?? error.code);
    this.#post({ type: 'state', state, code: error?.code ?? null, reason });
  }

  #postStats(): void {
    const { used, limit } = this.#runner.bitmapBytes;
    const stats: ProgramStats = {
      state: this.#state,
      ledger: this.#runner.ledger,
      totals: this.#runner.totals,
      latencies: this.#latencies.snapshot(),
      uptimeMs: this.#liveSinceMs === null ? 0 : Math.round(performance.now() - this.#liveSinceMs),
      encoder: this.#session?.encoderLabel ?? null,
      encoderRestarts: this.#session?.encoderRestarts ?? 0,
      renderWorkers: this.#init.renderThreads,
      bitmapBytes: used,
      bitmapLimitBytes: limit,
      childCpuSeconds: this.#childCpu.seconds(),
      layersOff: this.#runner.layersOff,
      layerFailures: this.#runner.layerFailures,
      eventLoopLagMs: Math.max(0, this.#loopDelay.max / 1e6 - LOOP_DELAY_RESOLUTION_MS),
    };
    this.#loopDelay.reset();
    this.#post({ type: 'stats', stats });
  }
}
