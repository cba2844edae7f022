import { z } from 'zod';
import { VARIABLE_LIMITS } from '../limits.js';
import { withoutUndefined } from '../schema/bindings.js';

/** The fields of a strip that can come from variables. */
export const BOUND_FIELDS = ['gainDb', 'muted'] as const;
export type BoundField = (typeof BOUND_FIELDS)[number];

/**
 * Fields of a strip that come from variables. Whether the expressions can be understood is checked when a strip is written, so
 * that what is stored can always be read.
 */
export const StripBindingsSchema = z
  .preprocess(
    withoutUndefined,
    z.partialRecord(z.enum(BOUND_FIELDS), z.string().min(1).max(VARIABLE_LIMITS.expressionChars)),
  )
  .default({})
  .meta({
    description:
      'CEL expressions (https://cel.dev) over the variables, by the field that each sets: gainDb or muted. Levels follow variables at once, or with the transition of their change. If an expression cannot be evaluated or its result is not valid for the field, the field keeps the value set in the strip.',
    example: { gainDb: 'music.gainDb', muted: '!live' },
  });
