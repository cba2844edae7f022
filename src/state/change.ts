import type { ServiceEvent } from '../core/event.js';
import type { ServiceState } from './model.js';

/** What a command makes of a state. Shares with the state before it whatever has not changed. */
export type Change = { readonly state: ServiceState; readonly events: readonly ServiceEvent[] };

/** A copy of a list with one item in place of another. */
export function replaceAt<T>(list: readonly T[], index: number, item: T): T[] {
  const copy = list.slice();
  copy[index] = item;
  return copy;
}

/** A copy of a list with one item put in; an index past the end puts it last. */
export function insertAt<T>(list: readonly T[], index: number, item: T): T[] {
  return [...list.slice(0, index), item, ...list.slice(index)];
}

/** A copy of a list without one item. */
export function removeAt<T>(list: readonly T[], index: number): T[] {
  return [...list.slice(0, index), ...list.slice(index + 1)];
}
