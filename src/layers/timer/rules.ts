import type { LayerRules } from '../kind-rules.js';
import { TIME_RULES } from '../time-rules.js';
import type { TimerLayer } from './schema.js';

/** How long a scene has been on air, as documents know it. */
export const TIMER_RULES: LayerRules<TimerLayer> = {
  ...TIME_RULES,
  fixedFields: ['offsetMs'],
};
