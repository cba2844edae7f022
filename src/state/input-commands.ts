import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../core/errors.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import { type Input, InputSchema } from './input-schema.js';
import { STATE_LIMITS } from './limits.js';
import type { ServiceState } from './model.js';
import { invalid, validate } from './validate.js';

/** What is announced of an input: nothing that others could publish or listen with. */
function announced({ id, name, content }: Input): object {
  return { inputId: id, name, kind: content.kind };
}

/** A port is listened on by one input. @throws AppError SM_REQUEST_INVALID */
function checkPort(inputs: readonly Input[], input: Input): void {
  const { content } = input;
  if (content.kind !== 'srt-listen') return;
  const other = inputs.find(
    (one) =>
      one.id !== input.id && one.content.kind === 'srt-listen' && one.content.port === content.port,
  );
  if (other !== undefined)
    throw invalid('input', [
      { path: '/content/port', message: `is used by the input ${other.id}; choose another port` },
    ]);
}

/** @throws AppError SM_INPUT_EXISTS, SM_INPUT_LIMIT, SM_REQUEST_INVALID */
export function createInput(state: ServiceState, command: CommandOf<'input.create'>): Change {
  const input = validate(InputSchema, command.input, 'input');
  if (state.inputs.some(({ id }) => id === input.id))
    throw new AppError(
      'SM_INPUT_EXISTS',
      `An input with the id ${input.id} already exists. Change it with PATCH, or choose another id.`,
    );
  if (state.inputs.length >= STATE_LIMITS.inputs)
    throw new AppError(
      'SM_INPUT_LIMIT',
      `The limit of ${STATE_LIMITS.inputs} inputs is reached. Remove one first.`,
    );
  checkPort(state.inputs, input);
  return {
    state: { ...state, inputs: [...state.inputs, input] },
    events: [{ topic: 'input', type: 'input.created', data: { ...announced(input) } }],
  };
}

/** @throws AppError SM_INPUT_UNKNOWN, SM_REQUEST_INVALID */
export function patchInput(state: ServiceState, command: CommandOf<'input.patch'>): Change {
  const { before, index } = find(state, command.inputId);
  const { name, content, latencyMs, isKeptOpen } = command.patch;
  const input = validate(
    InputSchema,
    {
      ...before,
      name: name ?? before.name,
      content: content ?? before.content,
      latencyMs: latencyMs ?? before.latencyMs,
      isKeptOpen: isKeptOpen ?? before.isKeptOpen,
    },
    'input',
  );
  if (isDeepStrictEqual(input, before)) return { state, events: [] };
  checkPort(state.inputs, input);
  return {
    state: { ...state, inputs: state.inputs.with(index, input) },
    events: [{ topic: 'input', type: 'input.updated', data: { ...announced(input) } }],
  };
}

/** Layers that show it show what they show without it. @throws AppError SM_INPUT_UNKNOWN */
export function removeInput(state: ServiceState, command: CommandOf<'input.remove'>): Change {
  const { index } = find(state, command.inputId);
  return {
    state: { ...state, inputs: state.inputs.toSpliced(index, 1) },
    events: [{ topic: 'input', type: 'input.removed', data: { inputId: command.inputId } }],
  };
}

function find(state: ServiceState, inputId: string): { before: Input; index: number } {
  const index = state.inputs.findIndex(({ id }) => id === inputId);
  const before = state.inputs[index];
  if (before === undefined)
    throw new AppError(
      'SM_INPUT_UNKNOWN',
      `There is no input ${inputId}. GET /api/inputs lists them.`,
    );
  return { before, index };
}
