import type { LayerRules } from '../kind-rules.js';
import { TIME_RULES } from '../time-rules.js';
import type { StopwatchLayer } from './schema.js';

/** Clocks that are started and stopped, as documents know them. */
export const STOPWATCH_RULES: LayerRules<StopwatchLayer> = {
  ...TIME_RULES,
  textFields: ['finishedText'],
  fixedFields: ['startedAtMs', 'elapsedMs', 'countdownFromMs', 'laps'],
};
