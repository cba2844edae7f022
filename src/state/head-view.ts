import type { StateStore } from './port.js';

/** A store whose state is the newest there is, be it durable or not: what the next command will find. */
export function createHeadView(store: StateStore): StateStore {
  return {
    get state() {
      return store.head;
    },
    get head() {
      return store.head;
    },
    get persistence() {
      return store.persistence;
    },
    get measureTicker() {
      return store.measureTicker;
    },
    dispatch: (command) => store.dispatch(command),
    onApplied: (listener) => store.onApplied(listener),
    onPersistence: (listener) => store.onPersistence(listener),
    close: () => store.close(),
  };
}
