import { AppError } from '../core/errors.js';
import type { ThreadFault } from '../core/heartbeat.js';
import type { Logger } from '../core/logger.js';
import type { ProgramClock } from '../core/program-clock.js';
import { POLICIES } from '../core/policies.js';
import { startSupervisedThread, type SupervisedThread } from '../core/supervised-thread.js';
import { Supervisor } from '../core/supervisor.js';
import type { OutputStatus } from '../output/status.js';
import type {
  FromStitcher,
  OutputTarget,
  ProgramConfig,
  ProgramState,
  StitcherInit,
  StitcherStats,
  ToStitcher,
} from '../stitcher/contract.js';

/** How long the stitcher gets to end encoder and outputs, milliseconds. */
const CLOSE_PATIENCE_MS = 8000;

export type StitcherListener = {
  readonly onState: (state: ProgramState, reason: string | null) => void;
  readonly onOutput: (status: OutputStatus) => void;
  /** A clock has begun, has another anchor, or ended: null. */
  readonly onClock: (clock: ProgramClock | null) => void;
};

/** What the stitcher has been told last: a new one is told the same. */
type Wanted = {
  config: ProgramConfig;
  targets: readonly OutputTarget[];
  watchers: number;
  isLive: boolean;
};

type Waiting = {
  readonly state: ProgramState;
  readonly resolve: () => void;
  readonly reject: (error: AppError) => void;
};

/** The stitcher thread as the main thread sees it: keeps it running, and tells it what is wanted. */
export class StitcherHandle {
  readonly #supervisor: Supervisor<SupervisedThread<ToStitcher>>;
  readonly #listener: StitcherListener;
  readonly #wanted: Wanted;
  readonly #outputs = new Map<string, OutputStatus>();
  #state: ProgramState = 'offline';
  #reason: string | null = null;
  #failure: string | null = null;
  #encoderTrouble: string | null = null;
  /** Ids of its child processes. */
  #children: readonly number[] = [];
  #stats: StitcherStats | null = null;
  #clock: ProgramClock | null = null;
  #waiting: Waiting[] = [];
  #isClosing = false;
  #resolveReady: () => void = () => undefined;
  readonly ready: Promise<void>;

  constructor(init: StitcherInit, logger: Logger, listener: StitcherListener) {
    this.#listener = listener;
    this.#wanted = { config: init.config, targets: [], watchers: 0, isLive: false };
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    this.#supervisor = new Supervisor({
      policy: POLICIES.stitcher,
      logger,
      start: () =>
        startSupervisedThread<StitcherInit, ToStitcher, FromStitcher>({
          entry: 'stitcher',
          init: { ...init, config: this.#wanted.config },
          isHeld: true,
          onMessage: (message) => {
            this.#handle(message);
          },
          onError: (error) => {
            logger.error({ err: error }, 'the stitcher thread has failed');
          },
        }),
      onReady: () => {
        this.#tellAll();
        this.#resolveReady();
      },
      onEnded: () => {
        this.#setClock(null);
        this.#encoderTrouble = null;
        this.#endChildren();
        if (this.#wanted.isLive) this.#failure ??= 'The stream is being started again.';
        // What the dead one was told last, nobody answers.
        if (!this.#wanted.isLive) this.#setState('offline', null);
        else if (this.#state === 'live') this.#setState('starting', null);
      },
    });
    this.#supervisor.start();
  }

  get state(): ProgramState {
    return this.#state;
  }

  get reason(): string | null {
    return this.#reason;
  }

  /** Null until it has reported for the first time. */
  get stats(): StitcherStats | null {
    return this.#stats;
  }

  get outputs(): ReadonlyMap<string, OutputStatus> {
    return this.#outputs;
  }

  get config(): ProgramConfig {
    return this.#wanted.config;
  }

  /** The clock that frames are counted by; null while none runs. */
  get clock(): ProgramClock | null {
    return this.#clock;
  }

  /** Why it is not live since it failed or was interrupted, for people, until it is live again; null: nothing went wrong. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Why the encoder does not deliver, for people; null while it does, and while there is none. */
  get encoderTrouble(): string | null {
    return this.#encoderTrouble;
  }

  /** Why it does not work, for people; null while it does. */
  get trouble(): string | null {
    return this.#supervisor.trouble;
  }

  get restarts(): number {
    return this.#supervisor.restarts;
  }

  /** Takes effect when the program is offline next, which the control plane sees to. */
  configure(config: ProgramConfig): void {
    this.#wanted.config = config;
    this.#post({ type: 'configure', config });
  }

  setOutputs(targets: readonly OutputTarget[]): void {
    this.#wanted.targets = targets;
    const ids = new Set(targets.map(({ id }) => id));
    for (const id of this.#outputs.keys()) if (!ids.has(id)) this.#outputs.delete(id);
    this.#post({ type: 'outputs', targets });
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
    if (this.#isClosing) throw new AppError('SM_SHUTTING_DOWN', 'The service is shutting down.');
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
    if (this.#isClosing) return;
    if (!this.#supervisor.isReady) {
      // Nobody is there who could be live, and who comes is told nothing of it.
      this.#setState('offline', null);
      return;
    }
    // Also when it seems to be offline: a start may be on its way to the thread.
    const offline = this.#reach('offline');
    this.#post({ type: 'stop' });
    await offline;
  }

  /** Has the running thread fail: for tests. */
  inject(fault: ThreadFault): void {
    this.#supervisor.unit?.inject(fault);
  }

  /** Ends the encoder, the outputs and the thread; bounded. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#rejectWaiting(new AppError('SM_SHUTTING_DOWN', 'The service is shutting down.'));
    await this.#supervisor.close((thread) => {
      thread.post({ type: 'close' });
    }, CLOSE_PATIENCE_MS);
  }

  /** What one that has died has left behind may hang, or still be sending. */
  #endChildren(): void {
    for (const pid of this.#children) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    if (this.#children.length > 0) void reapOrphans(this.#children);
    this.#children = [];
  }

  #tellAll(): void {
    const { config, targets, watchers, isLive } = this.#wanted;
    this.#post({ type: 'configure', config });
    this.#post({ type: 'outputs', targets });
    this.#post({ type: 'watchers', count: watchers });
    if (isLive) this.#post({ type: 'start' });
  }

  #post(message: ToStitcher): void {
    if (this.#supervisor.isReady) this.#supervisor.unit?.post(message);
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
      case 'stats':
        this.#stats = message.stats;
        return;
      case 'output':
        // One that is closed for good still says goodbye.
        if (this.#wanted.targets.some(({ id }) => id === message.status.id))
          this.#outputs.set(message.status.id, message.status);
        this.#listener.onOutput(message.status);
        return;
      case 'clock':
        this.#setClock(message.clock);
        return;
      case 'children':
        this.#children = message.pids;
        return;
      case 'encoder-trouble':
        this.#encoderTrouble = message.trouble;
        return;
      case 'ready':
      case 'closed':
    }
  }

  #setClock(clock: ProgramClock | null): void {
    this.#clock = clock;
    this.#listener.onClock(clock);
  }

  #setState(state: ProgramState, reason: string | null): void {
    const hasChanged = state !== this.#state || reason !== this.#reason;
    this.#state = state;
    this.#reason = reason;
    if (state === 'failed') this.#failure = reason ?? 'The stream has failed.';
    else if (state === 'live' || state === 'offline') this.#failure = null;
    if (state === 'failed' || state === 'offline') this.#encoderTrouble = null;
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

/** Read only when it is needed. */
async function reapOrphans(pids: readonly number[]): Promise<void> {
  const { reap } = await import('../core/reap.js');
  await reap(pids);
}
