import { checkTimeFormat } from '../../scene/schema/check-time-format.js';
import type { LayerRules } from '../kind-rules.js';
import { TIME_RULES } from '../time-rules.js';
import type { ClockLayer } from './schema.js';

/** The time of day, as documents know it. */
export const CLOCK_RULES: LayerRules<ClockLayer> = {
  ...TIME_RULES,
  fixedFields: ['intl'],
  checkWritten: ({ intl, format }) => (intl === null ? checkTimeFormat(format, 'moment') : []),
};
