import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../core/errors.js';
import {
  formatStreamAddress,
  maskStreamAddress,
  parseStreamAddress,
} from '../core/stream-address.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import { STATE_LIMITS } from './limits.js';
import { type Output, OutputSchema, type ServiceState } from './model.js';
import { maskOutput } from './output-url.js';
import { invalid, validate } from './validate.js';

/** The service's own RTMP server. */
export const BUILT_IN_OUTPUT_ID = 'program';
/** The output that the variable STREAM_URL makes. */
export const STREAM_URL_OUTPUT_ID = 'stream-url';

/** @throws AppError SM_OUTPUT_EXISTS, SM_OUTPUT_LIMIT, SM_OUTPUT_BUILT_IN, SM_REQUEST_INVALID */
export function createOutput(state: ServiceState, command: CommandOf<'output.create'>): Change {
  const output = checkedOutput(command.output);
  if (output.builtIn || output.id === BUILT_IN_OUTPUT_ID) throw builtIn();
  if (state.outputs.some((other) => other.id === output.id)) {
    throw new AppError(
      'SM_OUTPUT_EXISTS',
      `An output with the id ${output.id} already exists. Change it with PATCH, or choose another id.`,
    );
  }
  if (output.id === STREAM_URL_OUTPUT_ID) {
    throw invalid('output', [
      { path: '/id', message: 'is reserved for the variable STREAM_URL; choose another id' },
    ]);
  }
  if (state.outputs.length >= STATE_LIMITS.outputs) {
    throw new AppError(
      'SM_OUTPUT_LIMIT',
      `The limit of ${state.outputs.length} outputs is reached. Remove one first.`,
    );
  }
  return {
    state: { ...state, outputs: [...state.outputs, output] },
    events: [{ topic: 'output', type: 'output.created', data: { output: maskOutput(output) } }],
  };
}

/** What is sent back as it is shown is no change. @throws AppError SM_OUTPUT_UNKNOWN, SM_OUTPUT_BUILT_IN, SM_REQUEST_INVALID */
export function patchOutput(state: ServiceState, command: CommandOf<'output.patch'>): Change {
  const { output: before, index } = find(state, command.outputId);
  const { name, url, enabled } = command.patch;
  // The address as it is shown, sent back by whoever has read the output, leaves the stored key as it is.
  const isNew = url !== undefined && url !== before.url && url !== maskStreamAddress(before.url);
  const changed = { ...before, name: name ?? before.name, enabled: enabled ?? before.enabled };
  const output = isNew
    ? checkedOutput({ ...changed, url })
    : validate(OutputSchema, changed, 'output');
  if (isDeepStrictEqual(output, before)) return { state, events: [] };
  if (before.builtIn) throw builtIn();
  return {
    state: { ...state, outputs: state.outputs.with(index, output) },
    events: [{ topic: 'output', type: 'output.updated', data: { output: maskOutput(output) } }],
  };
}

/** @throws AppError SM_OUTPUT_UNKNOWN, SM_OUTPUT_BUILT_IN */
export function removeOutput(state: ServiceState, command: CommandOf<'output.remove'>): Change {
  const { output, index } = find(state, command.outputId);
  if (output.builtIn) throw builtIn();
  return {
    state: { ...state, outputs: state.outputs.toSpliced(index, 1) },
    events: [{ topic: 'output', type: 'output.removed', data: { outputId: command.outputId } }],
  };
}

function find(state: ServiceState, outputId: string): { output: Output; index: number } {
  const index = state.outputs.findIndex((output) => output.id === outputId);
  const output = state.outputs[index];
  if (output === undefined) {
    throw new AppError(
      'SM_OUTPUT_UNKNOWN',
      `There is no output ${outputId}. GET /api/outputs lists them.`,
    );
  }
  return { output, index };
}

/** The output with its address in the one spelling in which it is kept. */
function checkedOutput(value: unknown): Output {
  const output = validate(OutputSchema, value, 'output');
  const parsed = parseStreamAddress(output.url);
  if (!parsed.ok) throw invalid('output', [{ path: '/url', message: parsed.problem }]);
  return { ...output, url: formatStreamAddress(parsed.address) };
}

function builtIn(): AppError {
  return new AppError(
    'SM_OUTPUT_BUILT_IN',
    `The output ${BUILT_IN_OUTPUT_ID} is the built-in RTMP server and cannot be changed. Set RTMP_PORT=0 to disable it.`,
  );
}
