import type { Operation } from '../api/operation.js';
import { CHAT_OPERATIONS } from './chat/operations.js';
import { STOPWATCH_OPERATIONS } from './stopwatch/operations.js';
import { TICKER_OPERATIONS } from './ticker/operations.js';
import { VIDEO_OPERATIONS } from './video/operations.js';

/** What can be asked of layers of one kind alone: those that have operations of their own have a line here. */
export const KIND_OPERATIONS: readonly Operation[] = [
  ...STOPWATCH_OPERATIONS,
  ...CHAT_OPERATIONS,
  ...TICKER_OPERATIONS,
  ...VIDEO_OPERATIONS,
];
