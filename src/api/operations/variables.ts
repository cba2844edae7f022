import { z } from 'zod';
import { AppError } from '../../core/errors.js';
import { TransitionSchema } from '../../scene/schema/transition.js';
import type { JsonValue } from '../../scene/variables/json-value.js';
import {
  VariableNameSchema,
  VariablesSchema,
  VariableValueSchema,
} from '../../scene/variables/schema.js';
import type { ServiceState } from '../../state/model.js';
import { jsonOperation, NO_BODY, NO_CONTENT, NO_PARAMS, type Operation } from '../operation.js';
import { momentOf } from './deps.js';
import { findScene, SCENE_PARAMS } from './scene-lookup.js';
import { toSceneVariables, SceneVariablesSchema } from './variable-views.js';

const NAME_PARAMS = z.strictObject({ name: VariableNameSchema });

const VariableListSchema = z.strictObject({ values: VariablesSchema }).meta({ id: 'VariableList' });

const VariableSchema = z
  .strictObject({ name: VariableNameSchema, value: VariableValueSchema })
  .meta({ id: 'Variable' });

const VariablesPatchSchema = z
  .strictObject({
    values: z.looseObject({}).meta({
      description:
        'JSON merge patch (RFC 7396) of all variables: omitted variables keep their values, null removes a variable, lists are replaced as a whole.',
    }),
    transition: TransitionSchema.optional().meta({
      description: 'How the layers on air change to the new values. Default: immediately.',
    }),
  })
  .meta({ id: 'VariablesPatch' });

/** @throws AppError SM_VARIABLE_UNKNOWN */
function valueOf({ variables }: ServiceState, name: string): JsonValue {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value !== undefined) return value;
  throw new AppError(
    'SM_VARIABLE_UNKNOWN',
    `There is no variable "${name}". GET /api/variables lists the variables.`,
  );
}

const GET_ALL = jsonOperation({
  name: 'variables.get',
  summary: 'Read all variables',
  tag: 'variables',
  method: 'GET',
  path: '/api/variables',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: VariableListSchema,
  errors: [],
  example: {},
  handle: (context) => ({ values: context.state.variables }),
});

const SET = jsonOperation({
  name: 'variables.set',
  summary: 'Set and remove variables',
  description:
    'All changes take effect in the same frame. Texts use variables as `{{bid.amount | currency:"EUR"}}`; other fields use them through the `bindings` of their layer.',
  tag: 'variables',
  method: 'PATCH',
  path: '/api/variables',
  status: 200,
  transactional: true,
  params: NO_PARAMS,
  body: VariablesPatchSchema,
  output: VariableListSchema,
  errors: [],
  example: { values: { bid: { amount: 1250, bidder: 'Ada' }, live: true, notice: null } },
  handle: async (context, _params, { values, transition }) => {
    const moment = momentOf(context.now(), transition);
    const { after } = await context.dispatch({ type: 'variables.set', values, ...moment });
    return { values: after.variables };
  },
});

const GET_ONE = jsonOperation({
  name: 'variables.getOne',
  summary: 'Read a variable',
  tag: 'variables',
  method: 'GET',
  path: '/api/variables/{name}',
  status: 200,
  params: NAME_PARAMS,
  body: NO_BODY,
  output: VariableSchema,
  errors: ['SM_VARIABLE_UNKNOWN'],
  example: {},
  handle: (context, { name }) => ({ name, value: valueOf(context.state, name) }),
});

const REMOVE = jsonOperation({
  name: 'variables.remove',
  summary: 'Remove a variable',
  description: 'Texts that use the variable show their default, or nothing, in its place.',
  tag: 'variables',
  method: 'DELETE',
  path: '/api/variables/{name}',
  status: 204,
  transactional: true,
  params: NAME_PARAMS,
  body: NO_BODY,
  output: NO_CONTENT,
  errors: ['SM_VARIABLE_UNKNOWN'],
  example: {},
  handle: async (context, { name }) => {
    const moment = momentOf(context.now(), undefined);
    await context.dispatch({ type: 'variables.remove', name, ...moment });
    return null;
  },
});

const OF_SCENE = jsonOperation({
  name: 'scenes.variables',
  summary: 'List the variables that a scene uses and the problems with them',
  tag: 'variables',
  method: 'GET',
  path: '/api/scenes/{id}/variables',
  status: 200,
  params: SCENE_PARAMS,
  body: NO_BODY,
  output: SceneVariablesSchema,
  errors: ['SM_SCENE_UNKNOWN'],
  example: {},
  handle: (context, { id }) => {
    const scene = findScene(context.state, id);
    return toSceneVariables(scene, context.state.variables);
  },
});

/** Operations on run-time variables. */
export const VARIABLE_OPERATIONS: readonly Operation[] = [GET_ALL, SET, GET_ONE, REMOVE, OF_SCENE];
