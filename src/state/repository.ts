import type { ServiceState } from './model.js';

/** Turns stored JSON of any known version into a state. @throws AppError SM_STATE_UNREADABLE, SM_STATE_VERSION */
export type ReadState = (raw: unknown) => ServiceState;

export type RepositoryWatch = {
  readonly intervalMs: number;
  /**
   * Looks whether a state could be saved now. Resolves with the revision that is stored, -1 for none: less than what
   * was saved when the place has lost it.
   * @throws AppError as `save`
   */
  probe(): Promise<number>;
};

/** A place that keeps one state. Calls come one at a time. */
export interface StateRepository {
  readonly kind: 'redis' | 'file';
  /** For people and without secrets: where it is. */
  readonly place: string;
  /**
   * The stored state, or null when there is none.
   * @throws AppError SM_STATE_UNREACHABLE when it may work later; SM_STATE_IN_USE when another service has it;
   * SM_STATE_UNREADABLE or SM_STATE_VERSION when a person has to look at it
   */
  load(read: ReadState): Promise<ServiceState | null>;
  /**
   * Resolves when the state is stored.
   * @throws AppError SM_STATE_UNREACHABLE, SM_STATE_UNWRITABLE, SM_STATE_CONFLICT, SM_STATE_IN_USE; what was stored before is still there
   */
  save(state: ServiceState): Promise<void>;
  /** How the place is watched while nothing is to be written; null: it does not change by itself. */
  readonly watch: RepositoryWatch | null;
  close(): Promise<void>;
}
