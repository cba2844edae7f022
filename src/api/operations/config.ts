import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../core/errors.js';
import { StreamConfigSchema } from '../../state/model.js';
import { jsonOperation, NO_BODY, NO_PARAMS, type Operation } from '../operation.js';
import { ConfigPatchSchema } from './config-input.js';
import type { OperationDeps } from './deps.js';

/** Operations on how the stream is made. */
export function createConfigOperations({ store, program }: OperationDeps): Operation[] {
  return [
    jsonOperation({
      name: 'config.get',
      summary: 'Read how the stream is made',
      tag: 'config',
      method: 'GET',
      path: '/api/config',
      status: 200,
      params: NO_PARAMS,
      body: NO_BODY,
      output: StreamConfigSchema,
      errors: [],
      example: {},
      handle: () => store.state.config,
    }),
    jsonOperation({
      name: 'config.update',
      summary: 'Change how the stream is made, while it is offline',
      description:
        'Resolution is "1920x1080" or {width, height}; rate is 60, 59.94, "30000/1001" or {num, den}.',
      tag: 'config',
      method: 'PATCH',
      path: '/api/config',
      status: 200,
      params: NO_PARAMS,
      body: ConfigPatchSchema,
      output: StreamConfigSchema,
      errors: ['SM_STREAM_LIVE', 'SM_STREAM_BUSY'],
      example: { resolution: '1280x720', fps: 30, bitrate: 3_000_000 },
      handle: async (_params, { resolution, fps, bitrate, preset }) => {
        const { config } = store.state;
        const patch = {
          resolution: resolution ?? config.resolution,
          fps: fps ?? config.fps,
          bitrate: bitrate ?? config.bitrate,
          preset: preset ?? config.preset,
        };
        if (isDeepStrictEqual(patch, config)) return config;
        if (program.state === 'live' || program.state === 'starting') {
          throw new AppError(
            'SM_STREAM_LIVE',
            'Resolution, rate, bitrate and preset can not change while the stream is live. Stop it with POST /api/stream/stop first.',
          );
        }
        if (program.state === 'stopping') {
          throw new AppError(
            'SM_STREAM_BUSY',
            'The stream is just stopping. Try again in a moment.',
          );
        }
        return (await store.dispatch({ type: 'config.patch', patch })).after.config;
      },
    }),
  ];
}
