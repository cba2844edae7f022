import { z } from 'zod';
import { SceneTransitionSchema } from '../../scene/schema/scene-transition.js';
import { type Scene, SceneCheck, SceneSchema } from '../../scene/schema/scene.js';
import { TransitionSchema } from '../../scene/schema/transition.js';
import { IdSchema } from '../../scene/schema/values.js';
import type { ServiceState } from '../../state/model.js';
import { lightOf } from '../../state/tally.js';
import { jsonOperation, NO_BODY, NO_CONTENT, NO_PARAMS, type Operation } from '../operation.js';
import { invalidRequest, validate } from '../validation.js';
import { createId, momentOf } from './deps.js';
import { TallyLightSchema } from './switcher-views.js';
import { TRANSITION_EXAMPLES } from './transition-examples.js';
import { findScene, resolveSceneId, SCENE_PARAMS } from './scene-lookup.js';

const { shape } = SceneSchema;

/** A scene as it is sent: its id is made, or stands in the address. Its layers are checked against each other later. */
const SceneDocumentSchema = z
  .strictObject({ ...shape, id: IdSchema.optional() })
  .meta({ id: 'SceneDocument' });

/** What a change of a scene is sent with besides its fields. */
const CHANGE = {
  transition: TransitionSchema.optional().meta({
    description: 'How values change to the new ones. Default: immediately.',
  }),
};

const SceneReplacementSchema = SceneDocumentSchema.extend(CHANGE).meta({ id: 'SceneReplacement' });

const ActivationSchema = z
  .strictObject({
    transition: SceneTransitionSchema.optional().meta({
      description:
        'Transition to use. Default: the transition set for this pair of scenes, otherwise the default transition.',
    }),
  })
  .meta({ id: 'Activation' });

const ScenePatchSchema = z.looseObject(CHANGE).meta({
  id: 'ScenePatch',
  description:
    'JSON merge patch (RFC 7396) of a scene: omitted fields keep their values, null resets a field to its default, arrays are replaced as a whole. With a `transition`, numbers, points and colours of the background and of layers that remain (identified by their id) change gradually to the new values.',
});

const SceneSummarySchema = z
  .strictObject({
    id: shape.id,
    name: z.string(),
    width: z.number(),
    height: z.number(),
    layerCount: z.int(),
    onAir: z.boolean(),
    tally: TallyLightSchema.nullable(),
  })
  .meta({ id: 'SceneSummary' });

const SceneListSchema = z
  .strictObject({ scenes: z.array(SceneSummarySchema) })
  .meta({ id: 'SceneList' });

const ProgramSchema = z
  .strictObject({
    sceneId: IdSchema,
    takenAtMs: z.number().meta({
      description: 'Wall-clock time at which the scene went on air, in milliseconds since 1970.',
    }),
  })
  .meta({ id: 'Program' });

const EXAMPLE = {
  id: 'intro',
  name: 'Intro',
  background: '#101820',
  layers: [{ id: 'title', type: 'text', text: 'Good evening', x: 960, y: 540, fontSize: 96 }],
};

/** With every kind of transition. */
const ACTIVATION_EXAMPLES = Object.fromEntries(
  Object.entries(TRANSITION_EXAMPLES).map(([kind, transition]) => [kind, { transition }]),
);

function toSummary({ id, name, width, height, layers }: Scene, state: ServiceState) {
  const tally = lightOf(state, id);
  const onAir = tally === 'program' || tally === 'both';
  return { id, name, width, height, layerCount: layers.length, onAir, tally };
}

/** The scene as a change leaves it. */
async function sceneAfter(applied: Promise<{ after: ServiceState }>, id: string): Promise<Scene> {
  return findScene((await applied).after, id);
}

const LIST = jsonOperation({
  name: 'scenes.list',
  summary: 'List the scenes',
  tag: 'scenes',
  method: 'GET',
  path: '/api/scenes',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: SceneListSchema,
  errors: [],
  example: {},
  handle: (context) => {
    const { state } = context;
    return { scenes: state.scenes.map((scene) => toSummary(scene, state)) };
  },
});

const CREATE = jsonOperation({
  name: 'scenes.create',
  summary: 'Create a scene',
  description: 'Without an id, one is generated.',
  tag: 'scenes',
  method: 'POST',
  transactional: true,
  path: '/api/scenes',
  status: 201,
  params: NO_PARAMS,
  body: SceneDocumentSchema,
  output: SceneSchema,
  errors: ['SM_SCENE_EXISTS', 'SM_SCENE_LIMIT'],
  example: EXAMPLE,
  location: (scene) => `/api/scenes/${scene.id}`,
  handle: async (context, _params, body) => {
    const scene = validate(SceneCheck, { ...body, id: body.id ?? createId() });
    return sceneAfter(context.dispatch({ type: 'scene.create', scene }), scene.id);
  },
});

const GET = jsonOperation({
  name: 'scenes.get',
  summary: 'Read a scene',
  tag: 'scenes',
  method: 'GET',
  path: '/api/scenes/{id}',
  status: 200,
  params: SCENE_PARAMS,
  body: NO_BODY,
  output: SceneSchema,
  errors: ['SM_SCENE_UNKNOWN'],
  example: {},
  handle: (context, { id }) => findScene(context.state, id),
});

const REPLACE = jsonOperation({
  name: 'scenes.replace',
  summary: 'Replace a scene',
  description: 'Omitted fields take their defaults.',
  tag: 'scenes',
  method: 'PUT',
  transactional: true,
  path: '/api/scenes/{id}',
  status: 200,
  params: SCENE_PARAMS,
  body: SceneReplacementSchema,
  output: SceneSchema,
  errors: ['SM_SCENE_UNKNOWN'],
  example: EXAMPLE,
  handle: async (context, params, { transition, ...body }) => {
    const { id } = findScene(context.state, params.id);
    if (body.id !== undefined && body.id !== id && body.id !== params.id) {
      throw invalidRequest([
        { path: '/id', message: `must be ${id} as in the path, or be omitted` },
      ]);
    }
    const scene = validate(SceneCheck, { ...body, id });
    return sceneAfter(
      context.dispatch({
        type: 'scene.replace',
        scene,
        ...momentOf(context.now(), transition),
      }),
      id,
    );
  },
});

const UPDATE = jsonOperation({
  name: 'scenes.update',
  summary: 'Change fields of a scene',
  tag: 'scenes',
  method: 'PATCH',
  transactional: true,
  path: '/api/scenes/{id}',
  status: 200,
  params: SCENE_PARAMS,
  body: ScenePatchSchema,
  output: SceneSchema,
  errors: ['SM_SCENE_UNKNOWN'],
  example: { background: '#203040' },
  handle: async (context, params, { transition, ...patch }) => {
    const sceneId = resolveSceneId(context.state, params.id);
    return sceneAfter(
      context.dispatch({
        type: 'scene.patch',
        sceneId,
        patch,
        ...momentOf(context.now(), transition),
      }),
      sceneId,
    );
  },
});

const REMOVE = jsonOperation({
  name: 'scenes.remove',
  summary: 'Remove a scene that is not on air',
  tag: 'scenes',
  method: 'DELETE',
  transactional: true,
  path: '/api/scenes/{id}',
  status: 204,
  params: SCENE_PARAMS,
  body: NO_BODY,
  output: NO_CONTENT,
  errors: ['SM_SCENE_UNKNOWN', 'SM_SCENE_ON_AIR', 'SM_SCENE_IN_USE'],
  example: {},
  handle: async (context, params) => {
    const sceneId = resolveSceneId(context.state, params.id);
    await context.dispatch({ type: 'scene.remove', sceneId });
    return null;
  },
});

const ACTIVATE = jsonOperation({
  name: 'scenes.activate',
  summary: 'Put a scene on air',
  description:
    'Animations and timers of the scene start now, even if the scene is already on air. `transition` replaces the scene that is on air.',
  tag: 'scenes',
  method: 'POST',
  transactional: true,
  path: '/api/scenes/{id}/activate',
  status: 200,
  params: SCENE_PARAMS,
  body: ActivationSchema,
  output: ProgramSchema,
  errors: ['SM_SCENE_UNKNOWN'],
  example: { transition: { type: 'wipe', direction: 'right', durationMs: 600 } },
  examples: ACTIVATION_EXAMPLES,
  handle: async (context, params, { transition }) => {
    const sceneId = resolveSceneId(context.state, params.id);
    const applied = await context.dispatch({
      type: 'scene.activate',
      sceneId,
      atMs: context.now(),
      transition: transition ?? null,
    });
    return { sceneId, takenAtMs: applied.after.program.takenAtMs };
  },
});

/** Operations on whole scenes. */
export const SCENE_OPERATIONS: readonly Operation[] = [
  LIST,
  CREATE,
  GET,
  REPLACE,
  UPDATE,
  REMOVE,
  ACTIVATE,
];
