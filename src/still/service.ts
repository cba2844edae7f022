import { Worker } from 'node:worker_threads';
import type { StillService } from '../api/ports.js';
import { AppError } from '../core/errors.js';
import type { Logger, LogLevel } from '../core/logger.js';
import { workerEntryPath } from '../core/paths.js';
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
class Stills implements StillService {
  readonly #options: StillOptions;
  /** In order; the first is being rendered. */
  #pending: Pending[] = [];
  #thread: Worker | null = null;
  #idleTimer: NodeJS.Timeout | null = null;
  /** What the thread is at; null when it waits. */
  #current: Pending | null = null;
  #isClosed = false;
  #isMemoryShort = false;

  constructor(options: StillOptions) {
    this.#options = options;
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
    this.#tellMemory(this.#thread);
  }

  #tellMemory(thread: Worker | null): void {
    thread?.postMessage({ type: 'memory', isShort: this.#isMemoryShort } satisfies ToStill);
  }

  async #ask(message: ToStill): Promise<FromStill> {
    const { limits } = this.#options;
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
    await this.#endThread();
  }

  #next(): void {
    const next = this.#pending[0];
    if (next === undefined || this.#current !== null) return;
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    this.#thread ??= this.#startThread();
    this.#current = next;
    this.#thread.postMessage(next.message);
  }

  #startThread(): Worker {
    const init: StillInit = { logLevel: this.#options.logLevel };
    const thread = new Worker(workerEntryPath('still-renderer'), {
      workerData: init,
      name: 'still',
    });
    thread.on('message', (answer: FromStill) => {
      if (thread !== this.#thread || this.#current === null) return;
      this.#settle(this.#current, answer);
    });
    thread.on('error', (error) => {
      this.#options.logger.error({ err: error }, 'The thread that renders stills has failed');
    });
    thread.on('exit', () => {
      if (thread !== this.#thread) return;
      this.#thread = null;
      const failed = this.#current;
      if (failed === null) return;
      this.#settle(
        failed,
        new AppError(
          'SM_THREAD_EXITED',
          'The picture could not be rendered; the log of the service contains the reason.',
        ),
      );
    });
    if (this.#isMemoryShort) this.#tellMemory(thread);
    return thread;
  }

  /** One that is being rendered for too long takes the thread with it; one that waits only leaves. */
  #giveUp(pending: Pending): void {
    const { timeoutMs } = this.#options.limits;
    if (pending === this.#current) void this.#endThread();
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
    if (this.#thread === null || this.#isClosed) return;
    this.#idleTimer ??= setTimeout(() => {
      this.#idleTimer = null;
      void this.#endThread();
    }, this.#options.limits.idleMs).unref();
  }

  async #endThread(): Promise<void> {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    const thread = this.#thread;
    this.#thread = null;
    await thread?.terminate();
  }
}

/** Stills on demand. Starts nothing before the first is asked for. */
export function createStills(
  options: StillOptions,
): StillService & { setMemoryShort(isShort: boolean): void; close(): Promise<void> } {
  return new Stills(options);
}
