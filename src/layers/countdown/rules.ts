import type { LayerRules } from '../kind-rules.js';
import { TIME_RULES } from '../time-rules.js';
import type { CountdownLayer } from './schema.js';

/** What is left until a moment, as documents know it. */
export const COUNTDOWN_RULES: LayerRules<CountdownLayer> = {
  ...TIME_RULES,
  textFields: ['finishedText'],
};
