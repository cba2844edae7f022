import type { Command } from '../state/command.js';
import type { ServiceState } from '../state/model.js';
import type { Applied, PersistenceStatus, StateStore } from '../state/port.js';
import { createScratchStore } from '../state/scratch-store.js';
import type { MeasureTicker } from '../state/ticker-anchors.js';
import type { ProgramService } from './ports.js';
import { createUnseenProgram } from './unseen-program.js';

/**
 * What a handler works on. The table of operations is built once; what an operation is carried out on comes with each
 * request: the service itself, or a copy of its state for what is only tried out.
 */
export interface OperationContext {
  /**
   * Of a change: the head, which is the state that its command will find, so that both agree about aliases and
   * conditions. Of a read: the newest state that is stored, since a change that has not been answered yet may still be
   * refused.
   */
  readonly state: ServiceState;
  readonly persistence: PersistenceStatus;
  /** By it tickers keep their place when they change; null: they do not. */
  readonly measureTicker: MeasureTicker | null;
  readonly program: ProgramService;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  /** Whether this is carried out as a part of a batch, which has a moment of its own. */
  readonly isInBatch: boolean;
  /** Changes the state; resolves when that is durable. @throws AppError when the command does not fit the state */
  dispatch(command: Command): Promise<Applied>;
}

export type ContextParts = {
  readonly store: StateStore;
  readonly program: ProgramService;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
};

function contextOf(
  { store, program, now }: ContextParts,
  stateOf: () => ServiceState,
  isInBatch = false,
): OperationContext {
  return {
    program,
    now,
    isInBatch,
    get state() {
      return stateOf();
    },
    get persistence() {
      return store.persistence;
    },
    get measureTicker() {
      return store.measureTicker;
    },
    dispatch: (command) => store.dispatch(command),
  };
}

/** For operations that read. */
export function createReadContext(parts: ContextParts): OperationContext {
  return contextOf(parts, () => parts.store.state);
}

/** For operations that change something, and for conditions on what they change. */
export function createChangeContext(parts: ContextParts): OperationContext {
  return contextOf(parts, () => parts.store.head);
}

/** A context on a copy of the state, and what was done to the copy. */
export type TrialContext = {
  readonly context: OperationContext;
  /** The commands that the copy has taken, in order. */
  readonly commands: readonly Command[];
};

/** A context in which nothing is stored, shown or announced. @param nowMs - wall-clock moment that it takes place at */
export function createTrialContext(
  base: ServiceState,
  nowMs: number,
  { program, measureTicker }: Pick<OperationContext, 'program' | 'measureTicker'>,
  isInBatch: boolean,
): TrialContext {
  const store = createScratchStore(base, measureTicker);
  const parts = { store, program: createUnseenProgram(program), now: () => nowMs };
  return { context: contextOf(parts, () => store.head, isInBatch), commands: store.commands };
}
