import { z } from 'zod';
import { VARIABLE_LIMITS as LIMITS } from '../limits.js';

const PropertySchema = z
  .string()
  .regex(
    /^[a-zA-Z]+(\.([a-zA-Z]+|\d{1,3})){0,6}$/,
    'must name a field of the layer, such as visible, shadow.blur or fill.stops.0.color',
  );

/**
 * Fields of a layer that come from variables: an expression by the path of its field. Whether the expressions can be
 * understood is checked when a scene is written, so that what is stored can always be read.
 */
export const BindingsSchema = z
  // A merge patch takes an entry away by null, which comes here as undefined.
  .preprocess(
    withoutUndefined,
    z
      .record(PropertySchema, z.string().min(1).max(LIMITS.expressionChars))
      .refine(
        (bindings) => Object.keys(bindings).length <= LIMITS.bindingsPerLayer,
        `must have at most ${LIMITS.bindingsPerLayer} entries`,
      ),
  )
  .default({})
  .meta({
    description:
      'CEL expressions (https://cel.dev) over the variables, keyed by the path of the field that each sets. If an expression cannot be evaluated or its result is not valid for the field, the field keeps the value set in the layer. Numbers, colours and `visible` may instead follow the sound of each frame: `audio.<id>.level` (0 to 1), `audio.<id>.db` (dBFS) and `audio.<id>.speaking` (Boolean), where <id> is a source, a bus or master; such expressions read no variables.',
    example: { visible: 'bid.amount > 1000', 'shadow.color': 'team.color' },
  });

/** An object without the entries that a merge patch has taken away. */
export function withoutUndefined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter((entry: [string, unknown]) => entry[1] !== undefined),
  );
}
