import type { ServiceEvent } from '../core/event.js';
import type { Command } from './command.js';
import type { ServiceState } from './model.js';
import type { MeasureTicker } from './ticker-anchors.js';

/** A command that is now part of the state. */
export type Applied = {
  readonly command: Command;
  readonly before: ServiceState;
  readonly after: ServiceState;
  readonly events: readonly ServiceEvent[];
  /** Monotonic nanoseconds (`process.hrtime.bigint()`) at which the command came in. */
  readonly acceptedAtNs: bigint;
};

/**
 * What becomes of a change that cannot be stored: `relaxed` applies it all the same and says so, `strict` refuses it.
 */
export type Durability = 'relaxed' | 'strict';

export type PersistenceStatus = {
  readonly store: 'redis' | 'file';
  /** `degraded`: the store does not take the state, which is written as soon as it does. */
  readonly state: 'ok' | 'degraded';
  readonly reason: string | null;
  /** The newest revision known to be stored. */
  readonly storedRevision: number;
  /** Whether what is answered is stored somewhere, so that a crash does not undo it. */
  readonly durable: boolean;
  /** Whether changes are refused because they cannot be stored. */
  readonly refusing: boolean;
};

/** The single writer of the state. */
export interface StateStore {
  /** The newest state: deeply frozen, replaced as a whole by every command. */
  readonly state: ServiceState;
  /** The state with what has been accepted and is not durable yet: what the next command will find. */
  readonly head: ServiceState;
  readonly persistence: PersistenceStatus;
  /** By it tickers keep their place when they change; null: they do not. */
  readonly measureTicker: MeasureTicker | null;
  /**
   * Validates, reduces and stores a command; resolves when it is durable (or the store is degraded).
   * @throws AppError when the command does not fit the state, or SM_STATE_NOT_DURABLE when it cannot be stored and must
   * be; then nothing has changed.
   */
  dispatch(command: Command): Promise<Applied>;
  /** Called in order, once a command is durable. Returns the function that ends the subscription. */
  onApplied(listener: (applied: Applied) => void): () => void;
  onPersistence(listener: (status: PersistenceStatus) => void): () => void;
  /** Writes what is not yet stored; bounded in time. */
  close(): Promise<void>;
}
