import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import type { Command } from './command.js';
import { deepFreeze } from './deep-freeze.js';
import type { ServiceState } from './model.js';
import type { Applied, Durability, PersistenceStatus, StateStore } from './port.js';
import { reduce } from './reduce.js';
import type { MeasureTicker } from './ticker-anchors.js';
import type { ReadState, StateRepository } from './repository.js';
import { RepositoryWriter, type WriterTiming } from './repository-writer.js';

/** All in milliseconds. */
export type StoreTiming = {
  readonly primary: WriterTiming;
  readonly shadow: WriterTiming;
  /** How long the start waits for a primary store that is away, when there is nothing else to start from. */
  readonly startPatienceMs: number;
  /** For the last write at the end. */
  readonly closeMs: number;
};

/** What has happened already, or must always be possible: applied in any case. */
const NEVER_REFUSED: ReadonlySet<Command['type']> = new Set([
  'batch.commit',
  'batch.fail',
  'stream.want',
  'state.adopt',
]);

export type StoreParts = {
  readonly durability: Durability;
  readonly primary: StateRepository;
  /** A copy on this machine that stands in for a primary store that is away; null when the primary is such a file. */
  readonly shadow: StateRepository | null;
  /** Checks and migrates what a repository holds. */
  readonly read: ReadState;
  /** The state to start with, from the stored one or from nothing. */
  readonly settle: (stored: ServiceState | null) => ServiceState;
  /** By it tickers keep their place when they change; null: they do not. */
  readonly measureTicker: MeasureTicker | null;
  readonly timing: StoreTiming;
  readonly logger: Logger;
  /** At the very end. */
  readonly onClosed: () => Promise<void>;
};

const START_RETRY_MS = 100;

/**
 * Opens the store: loads the newest state there is, settles it and stores it.
 * @throws AppError SM_STATE_UNREADABLE, SM_STATE_VERSION when what is stored cannot be used; nothing is touched then
 */
export async function createStore(parts: StoreParts): Promise<StateStore> {
  const store = new DurableStore(parts);
  try {
    await store.open();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

type Entry = {
  readonly applied: Applied;
  readonly resolve: (applied: Applied) => void;
  readonly reject: (error: unknown) => void;
};

class DurableStore implements StateStore {
  readonly #parts: StoreParts;
  readonly #primary: RepositoryWriter;
  readonly #shadow: RepositoryWriter | null;
  readonly #appliedListeners = new Set<(applied: Applied) => void>();
  readonly #persistenceListeners = new Set<(status: PersistenceStatus) => void>();
  /** What is stored and announced, and what has been accepted beyond it. */
  #state: ServiceState;
  #head: ServiceState;
  #queue: Entry[] = [];
  #committing: Promise<void> | null = null;
  #isClosed = false;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    const writer = (repository: StateRepository, timing: WriterTiming): RepositoryWriter =>
      new RepositoryWriter(repository, parts.read, timing, {
        changed: (problem) => {
          this.#tellPersistence(repository, problem);
        },
        foundNewer: (stored) => {
          this.#adopt(repository, stored);
        },
      });
    this.#primary = writer(parts.primary, parts.timing.primary);
    this.#shadow = parts.shadow === null ? null : writer(parts.shadow, parts.timing.shadow);
    this.#state = this.#head = deepFreeze(parts.settle(null));
  }

  get state(): ServiceState {
    return this.#state;
  }

  get head(): ServiceState {
    return this.#head;
  }

  get measureTicker(): MeasureTicker | null {
    return this.#parts.measureTicker;
  }

  get persistence(): PersistenceStatus {
    const problem = this.#primary.problem;
    return {
      store: this.#parts.primary.kind,
      state: problem === null ? 'ok' : 'degraded',
      reason: problem === null ? null : `${problem.code}: ${problem.message} ${this.#consequence}`,
      storedRevision: this.#storedRevision,
      durable: this.#storedRevision >= this.#state.revision && !this.#isLost,
      refusing: this.#parts.durability === 'strict' && this.#isLost,
    };
  }

  get #storedRevision(): number {
    return Math.max(this.#primary.storedRevision, this.#shadow?.storedRevision ?? -1);
  }

  /** Whether no place takes the state at present. */
  get #isLost(): boolean {
    return this.#primary.problem !== null && this.#shadow?.problem !== null;
  }

  async open(): Promise<void> {
    const shadowed = await this.#loadShadow();
    const isInShadow = shadowed !== null && !(shadowed instanceof AppError);
    const stored = await this.#loadPrimary(!isInShadow);
    // Without the primary store's word, a copy that cannot be read may be all there is: nobody starts over it.
    if (shadowed instanceof AppError && stored === null) throw shadowed;
    // Of two of the same revision the primary store has the say.
    const isShadowNewer = isInShadow && shadowed.revision > (stored?.revision ?? -1);
    this.#state = this.#head = deepFreeze(this.#parts.settle(isShadowNewer ? shadowed : stored));
    await this.#store(this.#head);
  }

  async dispatch(command: Command): Promise<Applied> {
    if (this.#isClosed) {
      throw new AppError('SM_SHUTTING_DOWN', 'The service is shutting down; nothing was changed.');
    }
    const acceptedAtNs = process.hrtime.bigint();
    if (this.#mayRefuse(command) && this.#isLost) throw this.#notDurable();
    const applied = this.#apply(command, acceptedAtNs);
    return new Promise((resolve, reject) => {
      this.#queue.push({ applied, resolve, reject });
      this.#committing ??= this.#commitAll();
    });
  }

  #apply(command: Command, acceptedAtNs: bigint): Applied {
    const before = this.#head;
    const { state: after, events } = reduce(before, command, this.#parts.measureTicker);
    this.#head = after;
    return { command, before, after, events, acceptedAtNs };
  }

  #mayRefuse(command: Command): boolean {
    if (this.#parts.durability === 'relaxed') return false;
    // What was found out of an asset that is there is no wish that could be sent again.
    if (command.type === 'asset.put')
      return this.#head.assets.every(({ id }) => id !== command.asset.id);
    return !NEVER_REFUSED.has(command.type);
  }

  onApplied(listener: (applied: Applied) => void): () => void {
    this.#appliedListeners.add(listener);
    return () => this.#appliedListeners.delete(listener);
  }

  onPersistence(listener: (status: PersistenceStatus) => void): () => void {
    this.#persistenceListeners.add(listener);
    return () => this.#persistenceListeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#committing;
    const { closeMs } = this.#parts.timing;
    await Promise.all([this.#primary.close(closeMs), this.#shadow?.close(closeMs)]);
    await this.#parts.onClosed();
  }

  /** Commands that come in while a write is under way are stored together by the next one. */
  async #commitAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      const newest = batch.at(-1)?.applied.after;
      if (newest !== undefined) await this.#store(newest);
      const isStored = newest === undefined || newest.revision <= this.#storedRevision;
      if (isStored || this.#parts.durability === 'relaxed') {
        for (const entry of batch) this.#commit(entry);
      } else await this.#takeBack(batch);
    }
    this.#committing = null;
  }

  #commit({ applied, resolve }: Entry): void {
    this.#state = applied.after;
    this.#tell(this.#appliedListeners, applied);
    resolve(applied);
  }

  /**
   * Refuses what could not be stored, and what builds on it. The state is again what it was, under a revision beyond
   * those refused: a write of one of them that arrives after all is written over.
   */
  async #takeBack(refused: readonly Entry[]): Promise<void> {
    const entries = [...refused, ...this.#queue];
    this.#queue = [];
    this.#state = deepFreeze({ ...this.#state, revision: this.#head.revision + 1 });
    this.#head = this.#state;
    const error = this.#notDurable();
    for (const { applied: before, resolve, reject } of entries) {
      try {
        if (this.#mayRefuse(before.command)) throw error;
        const applied = this.#apply(before.command, before.acceptedAtNs);
        this.#commit({ applied, resolve, reject });
      } catch (thrown) {
        reject(thrown);
      }
    }
    await this.#store(this.#head);
  }

  #notDurable(): AppError {
    return new AppError(
      'SM_STATE_NOT_DURABLE',
      `Nothing was changed because the change cannot be stored (DURABILITY is strict): ${this.#primary.problem?.message ?? 'the store does not respond.'} Try again in a moment.`,
    );
  }

  async #store(state: ServiceState): Promise<void> {
    await Promise.all([this.#primary.store(state), this.#shadow?.store(state)]);
  }

  /** The copy on this machine, or why it cannot be read. @throws AppError SM_STATE_VERSION */
  async #loadShadow(): Promise<ServiceState | AppError | null> {
    try {
      return (await this.#shadow?.load()) ?? null;
    } catch (error) {
      if (error instanceof AppError && error.code === 'SM_STATE_UNREADABLE') return error;
      throw error;
    }
  }

  /** What the primary store holds; null also when it cannot be reached, which the first write then finds out. */
  async #loadPrimary(isNeeded: boolean): Promise<ServiceState | null> {
    const { timing, logger, primary } = this.#parts;
    const giveUpAtMs = performance.now() + (isNeeded ? timing.startPatienceMs : 0);
    for (let isFirst = true; ; isFirst = false) {
      try {
        return await this.#primary.load();
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'SM_STATE_UNREACHABLE') throw error;
        if (performance.now() >= giveUpAtMs) return null;
        if (isFirst) {
          logger.warn(
            { reason: error.message },
            `Waiting up to ${timing.startPatienceMs / 1000} s for ${primary.place}`,
          );
        }
      }
      await sleep(START_RETRY_MS);
    }
  }

  #adopt(repository: StateRepository, stored: ServiceState): void {
    if (this.#isClosed || stored.revision <= this.#head.revision) return;
    this.#parts.logger.warn(
      { revision: stored.revision, instead: this.#head.revision },
      `${repository.place} is available again with a newer state, which replaces the current one`,
    );
    void this.dispatch({ type: 'state.adopt', state: this.#parts.settle(stored) });
  }

  get #consequence(): string {
    const isKept = this.#shadow !== null && this.#shadow.problem === null;
    return isKept
      ? `Changes are kept in ${this.#shadow.repository.place} until they can be written to the primary store.`
      : 'Changes are only in memory and are written as soon as possible.';
  }

  #tellPersistence(repository: StateRepository, problem: AppError | null): void {
    const { logger } = this.#parts;
    if (problem === null) logger.info({ place: repository.place }, 'The state is stored again');
    else logger.error({ code: problem.code, place: repository.place }, problem.message);
    this.#tell(this.#persistenceListeners, this.persistence);
  }

  /** A listener that fails takes nobody with it. */
  #tell<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void {
    for (const listener of listeners) {
      try {
        listener(value);
      } catch (error) {
        this.#parts.logger.error({ err: error }, 'A listener of the state has failed');
      }
    }
  }
}
