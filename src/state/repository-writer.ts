import { clearInterval, clearTimeout, setInterval, setTimeout } from 'node:timers';
import { settlesWithin } from '../core/settles-within.js';
import { AppError, toAppError } from '../core/errors.js';
import type { ServiceState } from './model.js';
import type { ReadState, StateRepository } from './repository.js';

/** All in milliseconds. */
export type WriterTiming = {
  /** A store that takes longer than this over one state counts as lost until it is done. */
  readonly patienceMs: number;
  /** The first pause before a lost store is tried again; doubles up to the second. */
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
};

export type WriterListener = {
  /** The writer has lost its store, has it again, or lost it for another reason. */
  changed(problem: AppError | null): void;
  /** The store, not looked at before now, holds a later state than the one to be written. */
  foundNewer(stored: ServiceState): void;
};

/**
 * Brings the newest state into one repository: one write at a time, in order, always the newest there is. When the
 * repository fails or hangs, nobody waits for it any more, and the newest state is written as soon as it is back.
 */
export class RepositoryWriter {
  readonly repository: StateRepository;
  readonly #read: ReadState;
  readonly #timing: WriterTiming;
  readonly #listener: WriterListener;
  #newest: ServiceState | null = null;
  #storedRevision = -1;
  /** Whether what the repository holds is known; nothing is written before. */
  #isLoaded = false;
  #problem: AppError | null = null;
  #running: Promise<void> | null = null;
  #retryMs: number;
  #retryTimer: NodeJS.Timeout | null = null;
  readonly #watchTimer: NodeJS.Timeout | null;
  #isClosed = false;

  constructor(
    repository: StateRepository,
    read: ReadState,
    timing: WriterTiming,
    listener: WriterListener,
  ) {
    this.repository = repository;
    this.#read = read;
    this.#timing = timing;
    this.#listener = listener;
    this.#retryMs = timing.retryMinMs;
    this.#watchTimer = this.#watch();
  }

  get problem(): AppError | null {
    return this.#problem;
  }

  /** The newest revision known to be in the repository; -1: none. */
  get storedRevision(): number {
    return this.#storedRevision;
  }

  /**
   * What the repository holds, at the start.
   * @throws AppError SM_STATE_UNREACHABLE, SM_STATE_UNREADABLE, SM_STATE_VERSION
   */
  async load(): Promise<ServiceState | null> {
    const stored = await this.repository.load(this.#read);
    this.#isLoaded = true;
    this.#storedRevision = stored?.revision ?? -1;
    return stored;
  }

  /** Resolves when the state is stored, or at the latest when patience has run out. Never rejects. */
  async store(state: ServiceState): Promise<void> {
    this.#newest = state;
    if (this.#problem !== null) return;
    this.#running ??= this.#run();
    const isDone = await settlesWithin(this.#running, this.#timing.patienceMs);
    if (!isDone) {
      this.#setProblem(
        new AppError(
          'SM_STATE_UNREACHABLE',
          `${this.repository.place} did not store the state within ${this.#timing.patienceMs} ms.`,
        ),
      );
    }
  }

  /** Makes a last attempt when something is left to write, for `timeoutMs` at the most, and closes the repository. */
  async close(timeoutMs: number): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    if (this.#watchTimer !== null) clearInterval(this.#watchTimer);
    this.#running ??= this.#run();
    await settlesWithin(this.#running, timeoutMs);
    await settlesWithin(this.repository.close(), timeoutMs);
  }

  /** Notices by itself that the repository is lost, or has lost what it had; while it is, retries do that. */
  #watch(): NodeJS.Timeout | null {
    const { watch } = this.repository;
    if (watch === null) return null;
    const timer = setInterval(() => {
      if (this.#isLoaded && this.#problem === null) this.#running ??= this.#run();
    }, watch.intervalMs);
    timer.unref();
    return timer;
  }

  async #run(): Promise<void> {
    try {
      do await this.#writeNewest();
      while (this.#newest !== null && this.#newest.revision > this.#storedRevision);
      this.#retryMs = this.#timing.retryMinMs;
      this.#setProblem(null);
    } catch (error) {
      this.#setProblem(toAppError(error));
      this.#planRetry();
    } finally {
      // In the same turn as the last look at what is newest: what comes after starts a run of its own.
      this.#running = null;
    }
  }

  async #writeNewest(): Promise<void> {
    const state = this.#newest;
    if (state === null) return;
    if (state.revision <= this.#storedRevision) {
      const { watch } = this.repository;
      if (watch !== null && !this.#isClosed) this.#storedRevision = await watch.probe();
      return;
    }
    if (!this.#isLoaded) {
      const stored = await this.load();
      if (stored !== null && stored.revision > state.revision) {
        this.#listener.foundNewer(stored);
        return;
      }
    }
    await this.repository.save(state);
    this.#storedRevision = state.revision;
  }

  #planRetry(): void {
    if (this.#isClosed) return;
    this.#retryTimer = setTimeout(() => {
      this.#running ??= this.#run();
    }, this.#retryMs);
    // What is left at the end, close() writes.
    this.#retryTimer.unref();
    this.#retryMs = Math.min(this.#retryMs * 2, this.#timing.retryMaxMs);
  }

  #setProblem(problem: AppError | null): void {
    const isSame = problem?.message === this.#problem?.message;
    this.#problem = problem;
    if (!isSame) this.#listener.changed(problem);
  }
}
