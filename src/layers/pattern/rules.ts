import { WHOLE_RULES, type LayerRules } from '../kind-rules.js';
import type { PatternLayer } from './schema.js';

/** Test pictures, as documents know them. */
export const PATTERN_RULES: LayerRules<PatternLayer> = WHOLE_RULES;
