import { z } from 'zod';
import { SCENE_LIMITS } from '../../scene/limits.js';
import {
  GroupLayerSchema,
  LayerSchema,
  LEAF_SCHEMAS,
  type Layer,
} from '../../scene/schema/layer.js';
import { TransitionSchema } from '../../scene/schema/transition.js';
import { IdSchema } from '../../scene/schema/values.js';

const PlaceSchema = z.int().min(0).max(SCENE_LIMITS.layersPerScene).meta({
  description:
    'Position in the stack, 0 at the bottom. A larger value than the number of layers places the layer on top.',
});

/** What a new layer is sent with besides its own fields; its id is made when it is left out. */
const NEW = {
  id: IdSchema.optional(),
  index: PlaceSchema.optional(),
  group: IdSchema.optional().meta({
    description:
      'Id of the group to which the layer is added. Default: none, the layer is added to the scene.',
  }),
  transition: TransitionSchema.optional().meta({
    description: 'How the other layers of the group move to make room.',
  }),
};

function asNew(schema: z.ZodObject) {
  return schema.extend(NEW);
}

/** A layer as it is sent, of every kind. */
export const NewLayerSchema = z
  .discriminatedUnion('type', [asNew(GroupLayerSchema), ...LEAF_SCHEMAS.map(asNew)])
  .meta({ id: 'NewLayer' });

const PlaceOfNewSchema = z.object(NEW);

/** A new layer and where it goes. */
export type NewLayer = Omit<z.infer<typeof PlaceOfNewSchema>, 'id'> & { readonly layer: Layer };

/** What was sent as a new layer, without what says where it goes. @param createId - for one without an id */
export function toNewLayer(sent: z.infer<typeof NewLayerSchema>, createId: () => string): NewLayer {
  const { id, ...place } = PlaceOfNewSchema.parse(sent);
  const fields = Object.entries(sent).filter(([name]) => !Object.hasOwn(NEW, name));
  const layer = LayerSchema.parse({ ...Object.fromEntries(fields), id: id ?? createId() });
  return { ...place, layer };
}

/** A merge patch of a layer, and where to move it. */
export const LayerPatchSchema = z
  .looseObject({ index: PlaceSchema.optional(), transition: TransitionSchema.optional() })
  .meta({
    id: 'LayerPatch',
    description:
      'JSON merge patch (RFC 7396) of a layer: omitted fields keep their values, null resets a field to its default. `index` moves the layer in the stack. With a `transition`, values change gradually to the new ones.',
  });
