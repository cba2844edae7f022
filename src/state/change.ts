import type { ServiceEvent } from '../core/event.js';
import type { ServiceState } from './model.js';

/** What a command makes of a state. Shares with the state before it whatever has not changed. */
export type Change = { readonly state: ServiceState; readonly events: readonly ServiceEvent[] };
