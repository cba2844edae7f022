import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../core/errors.js';
import type { ProgramState } from '../../stitcher/contract.js';
import { mergePatch } from '../../state/merge-patch.js';
import { StreamConfigSchema } from '../../state/model.js';
import { jsonOperation, NO_BODY, NO_PARAMS, type Operation } from '../operation.js';
import { ConfigPatchSchema } from './config-input.js';

const GET = jsonOperation({
  name: 'config.get',
  summary: 'Read the stream configuration',
  tag: 'config',
  method: 'GET',
  path: '/api/config',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: StreamConfigSchema,
  errors: [],
  example: {},
  handle: (context) => context.state.config,
});

const UPDATE = jsonOperation({
  name: 'config.update',
  summary: 'Change the stream configuration while the stream is offline',
  description:
    'The resolution is "1920x1080" or {width, height}; the frame rate is 60, 59.94, "30000/1001" or {num, den}.',
  tag: 'config',
  method: 'PATCH',
  path: '/api/config',
  status: 200,
  params: NO_PARAMS,
  body: ConfigPatchSchema,
  output: StreamConfigSchema,
  errors: ['SM_STREAM_LIVE', 'SM_STREAM_BUSY'],
  example: { resolution: '1280x720', fps: 30, bitrate: 3_000_000 },
  handle: async (context, _params, patch) => {
    const { config } = context.state;
    const isChange = !isDeepStrictEqual(mergePatch(config, patch), config);
    if (isChange) checkIdle(context.program.state);
    return (await context.dispatch({ type: 'config.patch', patch })).after.config;
  },
});

/** Operations on how the stream is made. */
export const CONFIG_OPERATIONS: readonly Operation[] = [GET, UPDATE];

/** @throws AppError SM_STREAM_LIVE, SM_STREAM_BUSY */
function checkIdle(state: ProgramState): void {
  if (state === 'live' || state === 'starting') {
    throw new AppError(
      'SM_STREAM_LIVE',
      'The stream configuration cannot be changed while the stream is live. Stop it with POST /api/stream/stop first.',
    );
  }
  if (state === 'stopping') {
    throw new AppError('SM_STREAM_BUSY', 'The stream is stopping. Try again in a moment.');
  }
}
