import { WHOLE_RULES, type LayerRules } from '../kind-rules.js';
import type { GroupFields } from './schema.js';

/** Groups, as documents know them. */
export const GROUP_RULES: LayerRules<GroupFields> = { ...WHOLE_RULES, fixedFields: ['layers'] };
