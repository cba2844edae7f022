import { z } from 'zod';
import { DOCUMENTS, LEAVES } from '../../layers/documents.js';
import { SCENE_LIMITS as LIMITS } from '../limits.js';

const GroupFieldsSchema = DOCUMENTS.group.schema;
/** Schemas of the kinds that hold no other layers. */
export const LEAF_SCHEMAS = Object.values(LEAVES).map(({ schema }) => schema);

type LeafSchema = (typeof LEAF_SCHEMAS)[number];
export type GroupLayer = z.infer<typeof GroupFieldsSchema> & { layers: Layer[] };
type GroupLayerInput = z.input<typeof GroupFieldsSchema> & { layers: LayerInput[] };

/** A layer with every default filled in. */
export type Layer = z.infer<LeafSchema> | GroupLayer;
/** A layer as a user writes it. */
export type LayerInput = z.input<LeafSchema> | GroupLayerInput;
export type LayerType = Layer['type'];
export type LayerOf<T extends LayerType> = Extract<Layer, { type: T }>;

const NestedLayersSchema: z.ZodType<Layer[], LayerInput[]> = z
  .array(z.lazy(() => LayerSchema))
  .max(LIMITS.layersPerScene);

export const GroupLayerSchema = GroupFieldsSchema.extend({ layers: NestedLayersSchema });

/** Every kind of layer, distinguished by `type`. */
export const LayerSchema = z
  .discriminatedUnion('type', [GroupLayerSchema, ...LEAF_SCHEMAS])
  .meta({ id: 'Layer' });
