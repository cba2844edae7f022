import type { Command } from './command.js';
import type { ServiceState } from './model.js';
import type { Applied, StateStore } from './port.js';
import { reduce } from './reduce.js';
import type { MeasureTicker } from './ticker-anchors.js';

/** A store on which something is tried out. */
export interface ScratchStore extends StateStore {
  /** The commands it has taken, in order. */
  readonly commands: readonly Command[];
}

/** A store that begins with a state, keeps nothing and tells nobody: what is done to it can be looked at, and dropped. */
export function createScratchStore(
  base: ServiceState,
  measureTicker: MeasureTicker | null,
): ScratchStore {
  const commands: Command[] = [];
  let state = base;
  return {
    commands,
    measureTicker,
    get state() {
      return state;
    },
    get head() {
      return state;
    },
    get persistence() {
      return {
        store: 'file',
        state: 'ok',
        reason: null,
        storedRevision: base.revision,
        durable: true,
        refusing: false,
      } as const;
    },
    // Rejects, as the real one does, instead of throwing.
    async dispatch(command: Command): Promise<Applied> {
      const acceptedAtNs = process.hrtime.bigint();
      const before = state;
      const { state: after, events } = reduce(before, command, measureTicker);
      state = after;
      commands.push(command);
      return Promise.resolve({ command, before, after, events, acceptedAtNs });
    },
    onApplied: () => () => undefined,
    onPersistence: () => () => undefined,
    close: () => Promise.resolve(),
  };
}
