import { monitorEventLoopDelay } from 'node:perf_hooks';
import { availableParallelism } from 'node:os';
import { toAppError, type AppError } from '../core/errors.js';
import { redactSecrets, type Logger } from '../core/logger.js';
import { instantiateKernels } from '../memory/kernels.js';
import { ChildCpu } from '../output/child-cpu.js';
import { chooseEncoder } from '../output/choose-encoder.js';
import { findFfmpeg, type Ffmpeg } from '../ffmpeg/binary.js';
import { Outputs } from '../output/outputs.js';
import { TsStream } from '../output/ts-stream.js';
import { Latencies } from '../core/latencies.js';
import type {
  FromStitcher,
  ProgramConfig,
  ProgramState,
  StitcherInit,
  StitcherStats,
  ToStitcher,
} from './contract.js';
import { LiveSession } from './live-session.js';
import { Playout } from './playout.js';
import { NO_SOUND, sumOfSound } from './sound-ledger.js';

const STATS_INTERVAL_MS = 250;
const LOOP_DELAY_RESOLUTION_MS = 10;

/**
 * The stitcher thread's whole life: it takes what is wanted and makes it so, one step at a time. Owns the clock, the
 * program frames, the encoder and the outputs; of scenes it knows nothing.
 */
export class Stitcher {
  readonly #init: StitcherInit;
  readonly #logger: Logger;
  readonly #post: (message: FromStitcher) => void;
  readonly #playout: Playout;
  readonly #latencies = new Latencies();
  readonly #childCpu = new ChildCpu((pids) => {
    this.#post({ type: 'children', pids });
  });
  readonly #tsStream = new TsStream();
  readonly #loopDelay = monitorEventLoopDelay({ resolution: LOOP_DELAY_RESOLUTION_MS });
  readonly #statsTimer: NodeJS.Timeout;
  /** FFmpeg, looked for ahead of the first time of being live; when that fails, once more each time. */
  #ffmpeg: Promise<Ffmpeg>;
  #outputs: Outputs | null = null;
  #targets: Extract<ToStitcher, { type: 'outputs' }>['targets'] = [];
  #session: LiveSession | null = null;
  #state: ProgramState = 'offline';
  #liveSinceMs: number | null = null;
  /** Of the last session, and of all that have ended. */
  #sound = NO_SOUND;
  #formerSound = NO_SOUND;
  #isLiveWanted = false;
  #config: ProgramConfig;
  /** What the playout is not yet laid out for. */
  #wantedConfig: ProgramConfig | null;
  #watchers = 0;
  #work: Promise<void> | null = null;
  #isClosing = false;

  constructor(init: StitcherInit, logger: Logger, post: (message: FromStitcher) => void) {
    this.#init = init;
    this.#logger = logger;
    this.#post = post;
    this.#ffmpeg = findFfmpeg(init.ffmpegPath);
    this.#ffmpeg.catch(() => undefined);
    this.#playout = new Playout({
      memory: init.memory,
      kernels: instantiateKernels(init.memory),
      latencies: this.#latencies,
      logger,
      wallNow: Date.now,
      onClock: (clock) => {
        post({ type: 'clock', clock });
      },
    });
    this.#config = init.config;
    this.#wantedConfig = init.config;
    this.#loopDelay.enable();
    this.#statsTimer = setInterval(() => {
      if (this.#playout.isRunning) this.#postStats();
    }, STATS_INTERVAL_MS);
    this.#reconcile();
    post({ type: 'ready' });
  }

  /** Takes one message of the main thread. */
  handle(message: ToStitcher): void {
    switch (message.type) {
      case 'configure':
        this.#wantedConfig = message.config;
        this.#reconcile();
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
      case 'close':
        this.#isClosing = true;
        this.#isLiveWanted = false;
        if (this.#session === null) this.#playout.close();
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
      else if (this.#session === null && this.#wantedConfig !== null && !this.#isClosing)
        await this.#configure(this.#wantedConfig);
      else if (this.#session === null && this.#isLiveWanted) await this.#goLive();
      else if (this.#session === null && this.#playout.isRunning !== this.#isWatched)
        this.#runForWatchers();
      else break;
    }
    if (this.#isClosing) this.#close();
  }

  get #isWatched(): boolean {
    return this.#watchers > 0 && !this.#isClosing;
  }

  #runForWatchers(): void {
    if (this.#isWatched) this.#playout.start(null);
    else this.#playout.stop();
  }

  async #configure(config: ProgramConfig): Promise<void> {
    const { width, height, frameRate } = config;
    await this.#playout.configure({ widthPx: width, heightPx: height, frameRate });
    this.#config = config;
    // Another one may have come meanwhile.
    if (this.#wantedConfig === config) this.#wantedConfig = null;
  }

  async #goLive(): Promise<void> {
    this.#setState('starting', null);
    try {
      const session = await this.#openSession();
      this.#session = session;
      // Wanted may have changed while FFmpeg was looked for.
      if (!this.#isLiveWanted) return;
      await Promise.all([
        session.start(),
        this.#playout.isRunning ? null : this.#playout.preroll(),
      ]);
      this.#playout.start(session);
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
    const config = this.#config;
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
      sound: this.#init.sound,
      tsStream: this.#tsStream,
      outputs: this.#outputs,
      childCpu: this.#childCpu,
      latencies: this.#latencies,
      logger: this.#logger,
      onFailed: (error) => {
        this.#fail(error);
      },
      onTrouble: (trouble) => {
        this.#post({ type: 'encoder-trouble', trouble });
      },
    });
  }

  #createOutputs(ffmpeg: Ffmpeg): Outputs {
    return new Outputs({
      ffmpeg,
      tsStream: this.#tsStream,
      childCpu: this.#childCpu,
      tls: this.#init.tls,
      logger: this.#logger,
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
    this.#playout.stop();
    this.#countSound();
    await this.#session?.close();
    this.#session = null;
    this.#liveSinceMs = null;
    this.#postStats();
    if (!hasFailed) this.#setState('offline', null);
  }

  /** The session has ended: what it did not send is not sent any more. */
  #countSound(): void {
    const { clock } = this.#playout.ledger;
    this.#session?.end(clock);
    this.#sound = this.#session?.soundLedger(clock) ?? NO_SOUND;
    this.#formerSound = sumOfSound(this.#formerSound, this.#sound);
  }

  #close(): void {
    clearInterval(this.#statsTimer);
    this.#loopDelay.disable();
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
    const { assemble, encodeWrite, clockJitter } = this.#latencies.snapshot();
    const { ledger, totals } = this.#playout;
    const running = this.#liveSinceMs === null ? null : this.#session;
    const sound = running?.soundLedger(ledger.clock) ?? null;
    const stats: StitcherStats = {
      state: this.#state,
      ledger,
      totals,
      sound: sound ?? this.#sound,
      soundTotals: sound === null ? this.#formerSound : sumOfSound(this.#formerSound, sound),
      latencies: { assemble, encodeWrite, clockJitter },
      uptimeMs: this.#liveSinceMs === null ? 0 : Math.round(performance.now() - this.#liveSinceMs),
      encoder: this.#session?.encoderLabel ?? null,
      encoderRestarts: this.#session?.encoderRestarts ?? 0,
      childCpuSeconds: this.#childCpu.seconds(),
      eventLoopLagMs: Math.max(0, this.#loopDelay.max / 1e6 - LOOP_DELAY_RESOLUTION_MS),
    };
    this.#loopDelay.reset();
    this.#post({ type: 'stats', stats });
  }
}
