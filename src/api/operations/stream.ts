import { jsonOperation, NO_BODY, NO_PARAMS, type Operation } from '../operation.js';
import { StreamStatusSchema, toStreamStatus } from './stream-status.js';

const STATUS = jsonOperation({
  name: 'stream.status',
  summary: 'Read the status of the stream',
  tag: 'stream',
  method: 'GET',
  path: '/api/stream/status',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: StreamStatusSchema,
  errors: [],
  example: {},
  handle: (context) => toStreamStatus(context),
});

const START = jsonOperation({
  name: 'stream.start',
  summary: 'Go live',
  description:
    'Responds once the encoder delivers frames. The request is stored first, so the stream goes live again automatically after a restart of the service. If the stream is already live, nothing changes.',
  tag: 'stream',
  method: 'POST',
  path: '/api/stream/start',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: StreamStatusSchema,
  errors: [
    'SM_STREAM_BUSY',
    'SM_STREAM_FAILED',
    'SM_FFMPEG_MISSING',
    'SM_FFMPEG_TOO_OLD',
    'SM_FFMPEG_ENCODER',
    'SM_THREAD_EXITED',
  ],
  example: {},
  handle: async (context) => {
    await context.dispatch({ type: 'stream.want', wanted: 'live', atMs: context.now() });
    await context.program.start();
    return toStreamStatus(context);
  },
});

const STOP = jsonOperation({
  name: 'stream.stop',
  summary: 'Go offline',
  description:
    'Also cancels a stream that is starting. If the stream is already offline, nothing changes.',
  tag: 'stream',
  method: 'POST',
  path: '/api/stream/stop',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: StreamStatusSchema,
  errors: ['SM_STREAM_BUSY', 'SM_THREAD_EXITED'],
  example: {},
  handle: async (context) => {
    await context.dispatch({ type: 'stream.want', wanted: 'offline', atMs: context.now() });
    await context.program.stop();
    return toStreamStatus(context);
  },
});

/** Operations that start, stop and look at the stream. */
export const STREAM_OPERATIONS: readonly Operation[] = [STATUS, START, STOP];
