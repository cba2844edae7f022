import type { Operation } from '../api/operation.js';
import { createChatOperations } from './chat/operations.js';
import { createStopwatchOperations } from './stopwatch/operations.js';
import { createTickerOperations } from './ticker/operations.js';

/** What can be asked of layers of one kind alone: those that have operations of their own have a line here. */
export function createKindOperations(): Operation[] {
  return [...createStopwatchOperations(), ...createChatOperations(), ...createTickerOperations()];
}
