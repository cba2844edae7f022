import type { StillService } from '../api/ports.js';
import { AppError } from '../core/errors.js';
import type { ThreadFault } from '../core/heartbeat.js';
import type { Logger, LogLevel } from '../core/logger.js';
import { POLICIES } from '../core/policies.js';
import { startSupervisedThread, type SupervisedThread } from '../core/supervised-thread.js';
import { Supervisor } from '../core/supervisor.js';
import type { LivePictures } from '../memory/live-pictures.js';
import type {
  CostPrediction,
  CostRequest,
  FromStill,
  Still,
  StillInit,
  StillRequest,
  ToStill,
} from './contract.js';

export type StillLimits = {
  /** Requests that are rendered or wait for it. */
  readonly pending: number;
  /** From being asked to being answered; loading a heavy scene's pictures takes a second or two. */
  readonly timeoutMs: number;
  /** How long the thread waits for another request before it ends. */
  readonly idleMs: number;
};

export const STILL_LIMITS: StillLimits = { pending: 8, timeoutMs: 15_000, idleMs: 10_000 };

export type StillOptions = {
  readonly logLevel: LogLevel;
  readonly logger: Logger;
  readonly limits: StillLimits;
  /** Null: FFmpeg is looked for on the PATH. */
  readonly ffmpegPath: string | null;
};

export type RunningStills = StillService & {
  /** Why the thread does not work although something is to be rendered, for people; null: it does, or is not needed. */
  readonly trouble: string | null;
  /** Has the running thread fail: for tests. */
  inject(fault: ThreadFault): void;
  setMemoryShort(isShort: boolean): void;
  /** All live inputs that there are, by their ids. */
  setInputs(inputs: Readonly<Record<string, LivePictures>>): void;
  /** Ends the thread; what was asked for is rejected. Idempotent. */
  close(): Promise<void>;
};

type Pending = {
  readonly message: ToStill;
  readonly resolve: (answer: FromStill) => void;
  readonly reject: (error: AppError) => void;
  readonly timer: NodeJS.Timeout;
};

function mixedUp(): AppError {
  return new AppError(
    'SM_THREAD_EXITED',
    'The thread that renders stills answered another question.',
  );
}

/**
 * Has stills rendered, one after the other, by a thread of low priority that is started for the first and ends when
 * none has been asked for in a while: then its memory is given back, and nothing is left of it.
 */
class Stills implements RunningStills {
  readonly #limits: StillLimits;
  readonly #supervisor: Supervisor<SupervisedThread<ToStill>>;
  /** In order; the first is being rendered. */
  #pending: Pending[] = [];
  #idleTimer: NodeJS.Timeout | null = null;
  /** What the thread is at; null when it waits. */
  #current: Pending | null = null;
  #isClosed = false;
  #isMemoryShort = false;
  #inputs: Readonly<Record<string, LivePictures>> = {};

  constructor({ limits, logger, logLevel, ffmpegPath }: StillOptions) {
    this.#limits = limits;
    this.#supervisor = new Supervisor({
      policy: POLICIES.still,
      logger,
      start: () => this.#startThread({ logLevel, ffmpegPath }, logger),
      onReady: () => {
        if (this.#isMemoryShort) this.#tellMemory();
        this.#tellInputs();
        this.#next();
      },
      onEnded: () => {
        this.#threadEnded();
      },
    });
  }

  get trouble(): string | null {
    return this.#pending.length > 0 ? this.#supervisor.trouble : null;
  }

  inject(fault: ThreadFault): void {
    this.#supervisor.unit?.inject(fault);
  }

  async render(request: StillRequest): Promise<Still> {
    const answer = await this.#ask({ type: 'render', request });
    if (answer.type !== 'still') throw mixedUp();
    return answer.still;
  }

  async predict(request: CostRequest): Promise<CostPrediction> {
    const answer = await this.#ask({ type: 'predict', request });
    if (answer.type !== 'cost') throw mixedUp();
    return answer.cost;
  }

  /** Pictures are decoded one at a time while memory is short. Starts no thread. */
  setMemoryShort(isShort: boolean): void {
    this.#isMemoryShort = isShort;
    if (this.#supervisor.isReady) this.#tellMemory();
  }

  /** The same. */
  setInputs(inputs: Readonly<Record<string, LivePictures>>): void {
    this.#inputs = inputs;
    if (this.#supervisor.isReady) this.#tellInputs();
  }

  #tellInputs(): void {
    this.#supervisor.unit?.post({ type: 'inputs', inputs: this.#inputs });
  }

  #tellMemory(): void {
    this.#supervisor.unit?.post({ type: 'memory', isShort: this.#isMemoryShort });
  }

  async #ask(message: ToStill): Promise<FromStill> {
    const limits = this.#limits;
    if (this.#isClosed) throw new AppError('SM_SHUTTING_DOWN', 'The service is shutting down.');
    if (this.#pending.length >= limits.pending) {
      throw new AppError(
        'SM_RENDER_BUSY',
        `The limit of ${limits.pending} pending renderings is reached; try again in a moment.`,
      );
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#giveUp(pending);
      }, limits.timeoutMs);
      const pending = { message, resolve, reject, timer };
      this.#pending.push(pending);
      this.#next();
    });
  }

  /** Ends the thread; what was asked for is rejected. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const pending of this.#pending.slice())
      this.#settle(pending, new AppError('SM_SHUTTING_DOWN', 'The service is shutting down.'));
    await this.#supervisor.close(() => undefined, 0);
  }

  #next(): void {
    const next = this.#pending[0];
    if (next === undefined || this.#current !== null || this.#isClosed) return;
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    this.#supervisor.start();
    if (!this.#supervisor.isReady) return;
    this.#current = next;
    this.#supervisor.unit?.post(next.message);
  }

  #startThread(init: StillInit, logger: Logger): SupervisedThread<ToStill> {
    const thread: SupervisedThread<ToStill> = startSupervisedThread<StillInit, ToStill, FromStill>({
      entry: 'still-renderer',
      init,
      isHeld: true,
      onMessage: (answer) => {
        if (thread !== this.#supervisor.unit || this.#current === null) return;
        this.#settle(this.#current, answer);
      },
      onError: (error) => {
        logger.error({ err: error }, 'The thread that renders stills has failed');
      },
    });
    return thread;
  }

  /** It takes what it was at, or was started for, with it. Another one follows only for what is still to be rendered. */
  #threadEnded(): void {
    const failed = this.#current ?? this.#pending[0];
    if (failed !== undefined)
      this.#settle(
        failed,
        new AppError(
          'SM_THREAD_EXITED',
          'The picture could not be rendered; the log of the service contains the reason.',
        ),
      );
    if (this.#pending.length === 0) this.#supervisor.rest();
  }

  /** One that is being rendered for too long takes the thread with it; one that waits only leaves. */
  #giveUp(pending: Pending): void {
    const { timeoutMs } = this.#limits;
    if (pending === this.#current) this.#supervisor.rest();
    this.#settle(
      pending,
      new AppError(
        'SM_RENDER_TIMEOUT',
        `The picture was not rendered within ${timeoutMs / 1000} s. Try again with a simpler scene or fewer pictures at a time.`,
      ),
    );
  }

  #settle(pending: Pending, outcome: FromStill | AppError): void {
    clearTimeout(pending.timer);
    this.#pending = this.#pending.filter((other) => other !== pending);
    if (pending === this.#current) this.#current = null;
    if (outcome instanceof AppError) pending.reject(outcome);
    else pending.resolve(outcome);
    if (this.#pending.length > 0) this.#next();
    else if (this.#current === null) this.#idle();
  }

  #idle(): void {
    if (this.#isClosed) return;
    this.#idleTimer ??= setTimeout(() => {
      this.#idleTimer = null;
      this.#supervisor.rest();
    }, this.#limits.idleMs).unref();
  }
}

/** Stills on demand. Starts nothing before the first is asked for. */
export function createStills(options: StillOptions): RunningStills {
  return new Stills(options);
}
