import { z } from 'zod';
import { LayerSchema } from '../../scene/schema/layer.js';
import { jsonOperation, NO_BODY, NO_CONTENT, type Operation } from '../operation.js';
import { createId, momentOf } from './deps.js';
import { LAYER_EXAMPLES } from './layer-examples.js';
import { LayerPatchSchema, NewLayerSchema, toNewLayer } from './layer-input.js';
import {
  findLayer,
  findScene,
  LAYER_PARAMS,
  resolveSceneId,
  SceneIdSchema,
} from './scene-lookup.js';

const LAYERS_PARAMS = z.strictObject({ sceneId: SceneIdSchema });

const LayerListSchema = z.strictObject({ layers: z.array(LayerSchema) }).meta({ id: 'LayerList' });

const LIST_PATH = '/api/scenes/{sceneId}/layers';
const LAYER_PATH = '/api/scenes/{sceneId}/layers/{layerId}';

const LIST = jsonOperation({
  name: 'layers.list',
  summary: 'List the layers of a scene',
  description:
    'Layers are listed in stacking order, the last one on top. Groups contain further layers.',
  tag: 'scenes',
  method: 'GET',
  path: LIST_PATH,
  status: 200,
  params: LAYERS_PARAMS,
  body: NO_BODY,
  output: LayerListSchema,
  errors: ['SM_SCENE_UNKNOWN'],
  example: {},
  handle: (context, { sceneId }) => ({ layers: findScene(context.state, sceneId).layers }),
});

const CREATE = jsonOperation({
  name: 'layers.create',
  summary: 'Add a layer to a scene',
  description:
    'The layer is added on top, or at `index`, of the scene or of a `group` in it. Without an id, one is generated.',
  tag: 'scenes',
  method: 'POST',
  transactional: true,
  path: LIST_PATH,
  status: 201,
  params: LAYERS_PARAMS,
  body: NewLayerSchema,
  output: LayerSchema,
  errors: ['SM_SCENE_UNKNOWN', 'SM_LAYER_UNKNOWN', 'SM_LAYER_EXISTS', 'SM_LAYER_LIMIT'],
  example: { id: 'bid', type: 'text', text: '1,250 €', x: 80, y: 960, index: 3 },
  examples: LAYER_EXAMPLES,
  location: (layer, { sceneId }) => `/api/scenes/${sceneId}/layers/${layer.id}`,
  handle: async (context, params, body) => {
    const { layer, index, group, transition } = toNewLayer(body, createId);
    const sceneId = resolveSceneId(context.state, params.sceneId);
    const { after } = await context.dispatch({
      type: 'layer.create',
      sceneId,
      groupId: group ?? null,
      layer,
      index: index ?? null,
      ...momentOf(context.now(), transition),
    });
    return findLayer(findScene(after, sceneId), layer.id);
  },
});

const GET = jsonOperation({
  name: 'layers.get',
  summary: 'Read a layer',
  tag: 'scenes',
  method: 'GET',
  path: LAYER_PATH,
  status: 200,
  params: LAYER_PARAMS,
  body: NO_BODY,
  output: LayerSchema,
  errors: ['SM_SCENE_UNKNOWN', 'SM_LAYER_UNKNOWN'],
  example: {},
  handle: (context, { sceneId, layerId }) => findLayer(findScene(context.state, sceneId), layerId),
});

const UPDATE = jsonOperation({
  name: 'layers.update',
  summary: 'Change fields of a layer, or move it in the stack',
  description:
    'With a `transition`, numbers, points and colours change gradually from the values currently on air, even if another transition is still running; all other fields change immediately. Reading the layer returns the new values.',
  tag: 'scenes',
  method: 'PATCH',
  transactional: true,
  path: LAYER_PATH,
  status: 200,
  params: LAYER_PARAMS,
  body: LayerPatchSchema,
  output: LayerSchema,
  errors: ['SM_SCENE_UNKNOWN', 'SM_LAYER_UNKNOWN'],
  example: { text: '1,300 €', x: 120, transition: { durationMs: 400 } },
  handle: async (context, { layerId, ...params }, { index, transition, ...patch }) => {
    const sceneId = resolveSceneId(context.state, params.sceneId);
    const { after } = await context.dispatch({
      type: 'layer.patch',
      sceneId,
      layerId,
      patch,
      index: index ?? null,
      ...momentOf(context.now(), transition),
    });
    return findLayer(findScene(after, sceneId), layerId);
  },
});

const REMOVE = jsonOperation({
  name: 'layers.remove',
  summary: 'Remove a layer',
  description: 'A layer with an `exit` is rendered until its exit has finished.',
  tag: 'scenes',
  method: 'DELETE',
  transactional: true,
  path: LAYER_PATH,
  status: 204,
  params: LAYER_PARAMS,
  body: NO_BODY,
  output: NO_CONTENT,
  errors: ['SM_SCENE_UNKNOWN', 'SM_LAYER_UNKNOWN'],
  example: {},
  handle: async (context, params) => {
    const sceneId = resolveSceneId(context.state, params.sceneId);
    await context.dispatch({
      type: 'layer.remove',
      sceneId,
      layerId: params.layerId,
      ...momentOf(context.now(), undefined),
    });
    return null;
  },
});

/** Operations on the layers of a scene. */
export const LAYER_OPERATIONS: readonly Operation[] = [LIST, CREATE, GET, UPDATE, REMOVE];
