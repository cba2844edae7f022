import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../core/errors.js';
import type { Variables } from '../scene/variables/json-value.js';
import { VariablesSchema } from '../scene/variables/schema.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import { mergeValue } from './merge-patch.js';
import type { ServiceState } from './model.js';
import { type SceneMoment, withChangedVariables } from './staging.js';
import { validate } from './validate.js';

/** Sets, changes and removes variables as the patch says. @throws AppError SM_REQUEST_INVALID */
export function setVariables(state: ServiceState, command: CommandOf<'variables.set'>): Change {
  const variables = validate(
    VariablesSchema,
    mergeValue(state.variables, command.values),
    'variables',
  );
  return changed(state, variables, command);
}

/** @throws AppError SM_VARIABLE_UNKNOWN */
export function removeVariable(
  state: ServiceState,
  command: CommandOf<'variables.remove'>,
): Change {
  if (!Object.hasOwn(state.variables, command.name)) {
    throw new AppError(
      'SM_VARIABLE_UNKNOWN',
      `There is no variable ${command.name}. GET /api/variables lists them.`,
    );
  }
  return changed(
    state,
    Object.fromEntries(Object.entries(state.variables).filter(([name]) => name !== command.name)),
    command,
  );
}

/** The state with other variables. Those that are equal stay the same objects; the event tells of the others. */
function changed(state: ServiceState, next: Variables, moment: SceneMoment): Change {
  const before = new Map(Object.entries(state.variables));
  const after = new Map(Object.entries(next));
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => !isDeepStrictEqual(before.get(name), after.get(name)),
  );
  if (names.length === 0) return { state, events: [] };
  const variables = Object.fromEntries(
    [...after].map(([name, value]) => [
      name,
      names.includes(name) ? value : (before.get(name) ?? value),
    ]),
  );
  const values = Object.fromEntries(names.map((name) => [name, after.get(name) ?? null]));
  return {
    state: withChangedVariables(state, variables, moment),
    events: [{ topic: 'variables', type: 'variables.changed', data: { names, values } }],
  };
}
