import { Worker } from 'node:worker_threads';
import type { MemoryStep } from '../core/memory-pressure.js';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import { workerEntryPath } from '../core/paths.js';
import type { AirFrame, ProgramClock } from '../core/program-clock.js';
import type { OutputStatus } from '../output/status.js';
import type {
  FromStitcher,
  LayerFault,
  OutputTarget,
  ProgramConfig,
  ProgramState,
  ProgramStats,
  SceneSnapshot,
  ScheduledSnapshot,
  StitcherInit,
  ToStitcher,
} from './protocol.js';

/** How long the stitcher gets to end encoder and outputs, milliseconds. */
const CLOSE_TIMEOUT_MS = 8000;

/** A stitcher that dies is started again, but not more often than this many times within the window. */
const MAX_RESTARTS = 5;
const RESTART_WINDOW_MS = 60_000;
const BROKEN_REASON = 'The program thread keeps crashing; see the log, and restart the service.';

export type ProgramListener = {
  readonly onState: (state: ProgramState, reason: string | null) => void;
  readonly onOutput: (status: OutputStatus) => void;
  readonly onPictureFailed: (contentHash: string, reason: string) => void;
  readonly onAir: (revision: number, frame: AirFrame, batchIds: readonly string[]) => void;
  /** A batch that is not to be late came too late for its frame, and is left out. */
  readonly onBatchLate: (batchId: string) => void;
  readonly onLayerFailed: (fault: LayerFault) => void;
  readonly onLayerRecovered: (fault: LayerFault) => void;
};

/** What the stitcher has been told last: a new one is told the same. */
type Wanted = {
  config: ProgramConfig;
  snapshot: SceneSnapshot | null;
  scheduled: readonly ScheduledSnapshot[];
  targets: readonly OutputTarget[];
  watchers: number;
  memoryStep: MemoryStep;
  isLive: boolean;
};

type Waiting = {
  readonly state: ProgramState;
  readonly resolve: () => void;
  readonly reject: (error: AppError) => void;
};

type WaitingForAir = {
  readonly revision: number;
  readonly resolve: (frame: AirFrame | null) => void;
};

/**
 * The program as the main thread sees it: starts the stitcher thread, tells it what is wanted, keeps what it
 * reports, and starts another one when it dies.
 */
export class ProgramHandle {
  readonly #init: Omit<StitcherInit, 'config'>;
  readonly #logger: Logger;
  readonly #listener: ProgramListener;
  readonly #wanted: Wanted;
  readonly #outputs = new Map<string, OutputStatus>();
  #worker: Worker;
  #state: ProgramState = 'offline';
  #reason: string | null = null;
  #stats: ProgramStats | null = null;
  #clock: ProgramClock | null = null;
  #waitingForAir: WaitingForAir[] = [];
  #waiting: Waiting[] = [];
  #restartsAtMs: number[] = [];
  /** A scene is on its way to the thread, which has not yet taken it. */
  #isSceneSent = false;
  /** Since when there is a newer one than that: when it was accepted, if it is known. */
  #newer: { readonly acceptedAtNs: bigint | null } | null = null;
  #closing: Promise<void> | null = null;
  /** The thread has died too often and is not started any more. */
  #isBroken = false;
  readonly #ready: Promise<void>;

  constructor(init: StitcherInit, logger: Logger, listener: ProgramListener) {
    const { config, ...rest } = init;
    this.#init = rest;
    this.#logger = logger;
    this.#listener = listener;
    this.#wanted = {
      config,
      snapshot: null,
      scheduled: [],
      targets: [],
      watchers: 0,
      memoryStep: 'none',
      isLive: false,
    };
    this.#worker = this.#spawn();
    this.#ready = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: FromStitcher) => {
        if (message.type === 'ready') resolve();
      });
      this.#worker.once('exit', () => {
        reject(
          new AppError('SM_THREAD_EXITED', 'The program thread has ended while it was starting.'),
        );
      });
    });
    this.#ready.catch(() => undefined);
  }

  /** Resolves when the stitcher thread takes messages. @throws AppError SM_THREAD_EXITED */
  get ready(): Promise<void> {
    return this.#ready;
  }

  get state(): ProgramState {
    return this.#state;
  }

  get reason(): string | null {
    return this.#reason;
  }

  get stats(): ProgramStats | null {
    return this.#stats;
  }

  get outputs(): ReadonlyMap<string, OutputStatus> {
    return this.#outputs;
  }

  get config(): ProgramConfig {
    return this.#wanted.config;
  }

  /** Takes effect when the program is offline next, which the control plane sees to. */
  configure(config: ProgramConfig): void {
    this.#wanted.config = config;
    this.#post({ type: 'configure', config });
  }

  /** The clock that frames are counted by; null while none runs. */
  get clock(): ProgramClock | null {
    return this.#clock;
  }

  /** Puts a scene on air, and others later: `scheduled` is all there is, in the order of its moments. */
  show(snapshot: SceneSnapshot, scheduled: readonly ScheduledSnapshot[] = []): void {
    this.#wanted.snapshot = snapshot;
    this.#wanted.scheduled = scheduled;
    if (this.#isSceneSent) this.#newer ??= { acceptedAtNs: snapshot.acceptedAtNs };
    else this.#sendScene(snapshot.acceptedAtNs);
  }

  /** Sends the newest scene; `acceptedAtNs` is when the first change was accepted that it brings. */
  #sendScene(acceptedAtNs: bigint | null): void {
    const { snapshot, scheduled } = this.#wanted;
    this.#newer = null;
    this.#isSceneSent = snapshot !== null;
    if (snapshot !== null)
      this.#post({ type: 'scene', snapshot: { ...snapshot, acceptedAtNs }, scheduled });
  }

  /**
   * The frame with which a revision that has been shown goes on air, to be asked for before that can be. Null when no
   * clock runs, or when it is not on air within `timeoutMs`.
   */
  whenOnAir(revision: number, timeoutMs: number): Promise<AirFrame | null> {
    if (this.#clock === null) return Promise.resolve(null);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiting.resolve(null);
      }, timeoutMs);
      const waiting: WaitingForAir = {
        revision,
        resolve: (frame) => {
          clearTimeout(timer);
          this.#waitingForAir = this.#waitingForAir.filter((one) => one !== waiting);
          resolve(frame);
        },
      };
      this.#waitingForAir.push(waiting);
    });
  }

  setOutputs(targets: readonly OutputTarget[]): void {
    this.#wanted.targets = targets;
    const ids = new Set(targets.map(({ id }) => id));
    for (const id of this.#outputs.keys()) if (!ids.has(id)) this.#outputs.delete(id);
    this.#post({ type: 'outputs', targets });
  }

  /** Says what is to be done about memory; the same step again has the caches given up once more. */
  setMemoryStep(step: MemoryStep): void {
    this.#wanted.memoryStep = step;
    this.#post({ type: 'memory', step });
  }

  setWatchers(count: number): void {
    if (count === this.#wanted.watchers) return;
    this.#wanted.watchers = count;
    this.#post({ type: 'watchers', count });
  }

  /**
   * Goes live; resolves when the encoder delivers. Who waits for the program to be offline is told that it will not be.
   * @throws AppError SM_STREAM_FAILED, SM_STREAM_BUSY when it is stopped meanwhile, SM_FFMPEG_* and their reasons
   */
  async start(): Promise<void> {
    if (this.#closing !== null)
      throw new AppError('SM_SHUTTING_DOWN', 'The service is shutting down.');
    if (this.#isBroken) throw new AppError('SM_THREAD_EXITED', BROKEN_REASON);
    // A program that is live may have been told to stop a moment ago, and not know it yet.
    if (this.#state === 'live' && this.#wanted.isLive) return;
    this.#wanted.isLive = true;
    this.#rejectWaiting(
      new AppError('SM_STREAM_BUSY', 'The stream was started again while it was stopping.'),
      'offline',
    );
    const live = this.#reach('live');
    this.#post({ type: 'start' });
    await live;
  }

  /** Resolves when the program is offline. @throws AppError SM_STREAM_BUSY when it is started meanwhile */
  async stop(): Promise<void> {
    this.#wanted.isLive = false;
    if (this.#isBroken || this.#closing !== null) return;
    // Also when it seems to be offline: a start may be on its way to the thread.
    const offline = this.#reach('offline');
    this.#post({ type: 'stop' });
    await offline;
  }

  /** Ends the encoder, the outputs and the threads; idempotent, bounded to CLOSE_TIMEOUT_MS. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#rejectWaiting(new AppError('SM_SHUTTING_DOWN', 'The service is shutting down.'));
    if (this.#isBroken) return;
    const worker = this.#worker;
    const exited = new Promise<void>((resolve) =>
      worker.once('exit', () => {
        resolve();
      }),
    );
    this.#post({ type: 'close' });
    const timer = setTimeout(() => void worker.terminate(), CLOSE_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  }

  #spawn(): Worker {
    const init: StitcherInit = { ...this.#init, config: this.#wanted.config };
    const worker = new Worker(workerEntryPath('stitcher'), { workerData: init });
    worker.on('message', (message: FromStitcher) => {
      if (worker === this.#worker) this.#handle(message);
    });
    worker.on('error', (error) => {
      this.#logger.error({ err: error }, 'the program thread has crashed');
    });
    worker.on('exit', () => {
      if (this.#closing === null) this.#replace();
    });
    return worker;
  }

  /** Starts another stitcher and tells it all that the one before had been told. */
  #replace(): void {
    const nowMs = performance.now();
    this.#restartsAtMs = [
      ...this.#restartsAtMs.filter((atMs) => nowMs - atMs < RESTART_WINDOW_MS),
      nowMs,
    ];
    const { snapshot, targets, watchers, memoryStep, isLive } = this.#wanted;
    this.#setClock(null);
    if (this.#restartsAtMs.length > MAX_RESTARTS) {
      this.#isBroken = true;
      this.#setState('failed', BROKEN_REASON);
      this.#rejectWaiting(new AppError('SM_THREAD_EXITED', BROKEN_REASON));
      return;
    }
    // What the dead one was told last, nobody answers.
    if (!isLive) this.#setState('offline', null);
    this.#worker = this.#spawn();
    // Before the scene, of which less may be painted while memory is short.
    if (memoryStep !== 'none') this.#post({ type: 'memory', step: memoryStep });
    this.#sendScene(snapshot?.acceptedAtNs ?? null);
    this.#post({ type: 'outputs', targets });
    this.#post({ type: 'watchers', count: watchers });
    if (isLive) this.#post({ type: 'start' });
  }

  #post(message: ToStitcher): void {
    this.#worker.postMessage(message);
  }

  #handle(message: FromStitcher): void {
    switch (message.type) {
      case 'state':
        this.#setState(message.state, message.reason);
        if (message.state === 'failed') {
          this.#wanted.isLive = false;
          this.#rejectWaiting(
            new AppError(
              message.code ?? 'SM_STREAM_FAILED',
              message.reason ?? 'The stream has failed.',
            ),
            'live',
          );
        }
        return;
      case 'scene-taken':
        this.#isSceneSent = false;
        if (this.#newer !== null) this.#sendScene(this.#newer.acceptedAtNs);
        return;
      case 'stats':
        this.#stats = message.stats;
        return;
      case 'output':
        // One that is closed for good still says goodbye.
        if (this.#wanted.targets.some(({ id }) => id === message.status.id))
          this.#outputs.set(message.status.id, message.status);
        this.#listener.onOutput(message.status);
        return;
      case 'picture-failed':
        this.#listener.onPictureFailed(message.contentHash, message.reason);
        return;
      case 'on-air':
        this.#listener.onAir(message.revision, message.frame, message.batchIds);
        for (const { revision, resolve } of this.#waitingForAir.slice())
          if (revision <= message.revision) resolve(message.frame);
        return;
      case 'batch-late':
        this.#listener.onBatchLate(message.batchId);
        return;
      case 'clock':
        this.#setClock(message.clock);
        return;
      case 'layer-failed':
        this.#listener.onLayerFailed(message.fault);
        return;
      case 'layer-recovered':
        this.#listener.onLayerRecovered(message.fault);
        return;
      case 'ready':
      case 'closed':
    }
  }

  #setClock(clock: ProgramClock | null): void {
    this.#clock = clock;
    if (clock === null) for (const { resolve } of this.#waitingForAir.slice()) resolve(null);
  }

  #setState(state: ProgramState, reason: string | null): void {
    const hasChanged = state !== this.#state || reason !== this.#reason;
    this.#state = state;
    this.#reason = reason;
    if (hasChanged) this.#listener.onState(state, reason);
    const reached = this.#waiting.filter((waiting) => waiting.state === state);
    this.#waiting = this.#waiting.filter((waiting) => waiting.state !== state);
    for (const { resolve } of reached) resolve();
    // Who waited for the stream to be live is told that somebody stopped it meanwhile; who has started it after that
    // waits on.
    if (state === 'offline' && !this.#wanted.isLive)
      this.#rejectWaiting(
        new AppError('SM_STREAM_BUSY', 'The stream was stopped while it was starting.'),
      );
  }

  #reach(state: ProgramState): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ state, resolve, reject });
    });
  }

  /** Rejects all who wait, or those who wait for one state. */
  #rejectWaiting(error: AppError, state: ProgramState | null = null): void {
    const isMeant = (waiting: Waiting): boolean => state === null || waiting.state === state;
    const meant = this.#waiting.filter(isMeant);
    this.#waiting = this.#waiting.filter((waiting) => !isMeant(waiting));
    for (const { reject } of meant) reject(error);
  }
}
