import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../core/errors.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import { mergePatch } from './merge-patch.js';
import { type ServiceState, StreamConfigSchema } from './model.js';
import { validate } from './validate.js';

/** @throws AppError SM_STREAM_LIVE when it would change what is on air, SM_REQUEST_INVALID */
export function patchConfig(state: ServiceState, command: CommandOf<'config.patch'>): Change {
  const config = validate(
    StreamConfigSchema,
    mergePatch(state.config, command.patch),
    'configuration',
  );
  if (isDeepStrictEqual(config, state.config)) return { state, events: [] };
  if (state.stream.wanted === 'live') {
    throw new AppError(
      'SM_STREAM_LIVE',
      'The stream configuration cannot change while the stream is live. Stop it first.',
    );
  }
  return {
    state: { ...state, config },
    events: [{ topic: 'stream', type: 'config.updated', data: { config } }],
  };
}

/** Asking for what is wanted already changes nothing: the moment the stream was started stays. */
export function wantStream(state: ServiceState, command: CommandOf<'stream.want'>): Change {
  const { wanted, atMs } = command;
  if (wanted === state.stream.wanted) return { state, events: [] };
  const startedAtMs = wanted === 'live' ? atMs : state.stream.startedAtMs;
  return {
    state: { ...state, stream: { wanted, startedAtMs } },
    events: [{ topic: 'stream', type: 'stream.wanted', data: { wanted, atMs } }],
  };
}
