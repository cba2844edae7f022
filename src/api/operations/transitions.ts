import { z } from 'zod';
import { SceneTransitionSchema } from '../../scene/schema/scene-transition.js';
import { IdSchema } from '../../scene/schema/values.js';
import { SceneTransitionsSchema } from '../../state/model.js';
import { jsonOperation, NO_BODY, NO_CONTENT, NO_PARAMS, type Operation } from '../operation.js';
import { readOnly } from '../read-only.js';
import { resolveSceneId, SceneIdSchema } from './scene-lookup.js';

const PAIR_PARAMS = z.strictObject({ from: SceneIdSchema, to: SceneIdSchema });
const PAIR_PATH = '/api/transitions/{from}/{to}';

const DefaultSchema = z
  .strictObject({
    default: SceneTransitionSchema,
    pairs: readOnly(SceneTransitionsSchema.shape.pairs),
  })
  .meta({ id: 'DefaultTransition' });

const PairSchema = z
  .strictObject({
    transition: SceneTransitionSchema,
    from: readOnly(IdSchema),
    to: readOnly(IdSchema),
  })
  .meta({ id: 'PairTransition' });

const LIST = jsonOperation({
  name: 'transitions.list',
  summary: 'List the transitions between scenes',
  description:
    'An activation uses its own transition if it has one, otherwise the transition of the pair of scenes, otherwise the default transition.',
  tag: 'scenes',
  method: 'GET',
  path: '/api/transitions',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: SceneTransitionsSchema,
  errors: [],
  example: {},
  handle: (context) => context.state.transitions,
});

const UPDATE = jsonOperation({
  name: 'transitions.update',
  summary: 'Set the default transition',
  tag: 'scenes',
  method: 'PATCH',
  transactional: true,
  path: '/api/transitions',
  status: 200,
  params: NO_PARAMS,
  body: DefaultSchema,
  output: SceneTransitionsSchema,
  errors: [],
  example: { default: { type: 'fade', durationMs: 400 } },
  handle: async (context, _params, body) => {
    const { after } = await context.dispatch({
      type: 'transition.default',
      transition: body.default,
    });
    return after.transitions;
  },
});

const SET = jsonOperation({
  name: 'transitions.set',
  summary: 'Set the transition from one scene to another',
  tag: 'scenes',
  method: 'PUT',
  transactional: true,
  path: PAIR_PATH,
  status: 200,
  params: PAIR_PARAMS,
  body: PairSchema,
  output: SceneTransitionsSchema,
  errors: ['SM_SCENE_UNKNOWN', 'SM_TRANSITION_LIMIT'],
  example: { transition: { type: 'push', direction: 'left', easing: 'ease-in-out-cubic' } },
  handle: async (context, params, { transition }) => {
    const { after } = await context.dispatch({
      type: 'transition.put',
      from: resolveSceneId(context.state, params.from),
      to: resolveSceneId(context.state, params.to),
      transition,
    });
    return after.transitions;
  },
});

const REMOVE = jsonOperation({
  name: 'transitions.remove',
  summary: 'Remove the transition of a pair of scenes',
  tag: 'scenes',
  method: 'DELETE',
  transactional: true,
  path: PAIR_PATH,
  status: 204,
  params: PAIR_PARAMS,
  body: NO_BODY,
  output: NO_CONTENT,
  errors: ['SM_SCENE_UNKNOWN', 'SM_TRANSITION_UNKNOWN'],
  example: {},
  handle: async (context, params) => {
    const from = resolveSceneId(context.state, params.from);
    const to = resolveSceneId(context.state, params.to);
    await context.dispatch({ type: 'transition.remove', from, to });
    return null;
  },
});

/** Operations on how scenes give way to each other. */
export const TRANSITION_OPERATIONS: readonly Operation[] = [LIST, UPDATE, SET, REMOVE];
