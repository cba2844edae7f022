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
import type { OperationDeps } from './deps.js';
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
        'JSON merge patch (RFC 7396) of all variables: those that are left out stay, null takes one away, lists are replaced as a whole.',
    }),
    transition: TransitionSchema.optional().meta({
      description: 'How what is on air moves to where the new values put it; default: at once.',
    }),
  })
  .meta({ id: 'VariablesPatch' });

/** Operations on run-time variables. */
export function createVariableOperations({ store, now }: OperationDeps): Operation[] {
  const valueOf = ({ variables }: ServiceState, name: string): JsonValue => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value !== undefined) return value;
    throw new AppError(
      'SM_VARIABLE_UNKNOWN',
      `There is no variable "${name}". GET /api/variables lists the variables.`,
    );
  };

  return [
    jsonOperation({
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
      handle: () => ({ values: store.state.variables }),
    }),
    jsonOperation({
      name: 'variables.set',
      summary: 'Set, change and remove variables',
      description:
        'All in one step: they are on air in the same frame. Texts use them as `{{bid.amount | currency:"EUR"}}`, fields by the `bindings` of their layer.',
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
      handle: async (_params, { values, transition = null }) => {
        const moment = { atMs: now(), transition };
        const { after } = await store.dispatch({ type: 'variables.set', values, ...moment });
        return { values: after.variables };
      },
    }),
    jsonOperation({
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
      handle: ({ name }) => ({ name, value: valueOf(store.state, name) }),
    }),
    jsonOperation({
      name: 'variables.remove',
      summary: 'Remove a variable',
      description: 'Texts that show it show nothing in its place, or their default.',
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
      handle: async ({ name }) => {
        await store.dispatch({ type: 'variables.remove', name, atMs: now(), transition: null });
        return null;
      },
    }),
    jsonOperation({
      name: 'scenes.variables',
      summary: 'Read which variables a scene uses, and what could not be put in',
      tag: 'variables',
      method: 'GET',
      path: '/api/scenes/{id}/variables',
      status: 200,
      params: SCENE_PARAMS,
      body: NO_BODY,
      output: SceneVariablesSchema,
      errors: ['SM_SCENE_UNKNOWN'],
      example: {},
      handle: ({ id }) => {
        const scene = findScene(store.state, id);
        return toSceneVariables(scene, store.state.variables);
      },
    }),
  ];
}
