import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { GroupLayerSchema, type GroupLayer, LayerSchema, type Layer } from '../schema/layer.js';
import { ColorSchema, EasingSchema, IdSchema, numberBetween } from '../schema/values.js';
import { TickerAnchorSchema } from '../ticker/anchor-schema.js';
import type { Former, Stage } from './stage.js';

function formerSchema<T>(was: z.ZodType<T>): z.ZodType<Former<T>> {
  const schema: z.ZodType<Former<T>> = z.strictObject({
    was,
    from: z.lazy(() => schema).nullable(),
    startMs: z.number(),
    durationMs: numberBetween(0, LIMITS.transitionMs),
    easing: EasingSchema,
  });
  return schema;
}

const FormerLayerSchema = formerSchema<Layer>(LayerSchema);

/** A stage as it is stored. */
export const StageSchema: z.ZodType<Stage> = z.strictObject({
  layers: z.record(IdSchema, FormerLayerSchema),
  groups: z.record(IdSchema, formerSchema<GroupLayer>(GroupLayerSchema)),
  background: formerSchema<string>(ColorSchema).nullable(),
  entered: z.record(IdSchema, z.number()),
  leaving: z.array(
    z.strictObject({
      layer: LayerSchema,
      former: FormerLayerSchema.nullable(),
      enteredAtMs: z.number().nullable(),
      group: GroupLayerSchema.nullable(),
      aboveId: IdSchema.nullable(),
      startMs: z.number(),
    }),
  ),
  // Stages that were stored before tickers had anchors have none.
  tickers: z.record(IdSchema, TickerAnchorSchema).default({}),
});
