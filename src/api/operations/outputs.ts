import { z } from 'zod';
import { AppError } from '../../core/errors.js';
import type { OutputStatus } from '../../output/status.js';
import { IdSchema } from '../../scene/schema/values.js';
import { type Output, OutputSchema } from '../../state/model.js';
import { maskOutput } from '../../state/output-url.js';
import type { OperationContext } from '../context.js';
import type { ProgramService } from '../ports.js';
import { readOnly } from '../read-only.js';
import { invalidRequest } from '../validation.js';
import { jsonOperation, NO_BODY, NO_CONTENT, NO_PARAMS, type Operation } from '../operation.js';
import { createId, ID_PARAMS } from './deps.js';

const OutputStatusSchema = z
  .strictObject({
    state: z.enum(['idle', 'connecting', 'live', 'waiting']),
    bytes: z.number(),
    reconnects: z.int(),
    droppedFrames: z
      .int()
      .meta({ description: 'Frames that were not sent because the network was too slow.' }),
    lastError: z.string().nullable(),
  })
  .meta({ id: 'OutputStatus' });

/** An output as it is shown: without its stream key, with what it is doing. */
export const OutputViewSchema = OutputSchema.extend({ status: OutputStatusSchema }).meta({
  id: 'OutputView',
});
export type OutputView = z.infer<typeof OutputViewSchema>;

const OutputListSchema = z
  .strictObject({ outputs: z.array(OutputViewSchema) })
  .meta({ id: 'OutputList' });

const { id, name, kind, url, enabled, builtIn } = OutputSchema.shape;
const UrlSchema = url.meta({
  description:
    'rtmp:// or rtmps:// address with application and stream key, which are sent to the server unmodified. Responses hide the key; sending the address back with the hidden key leaves it unchanged.',
});

const READ_ONLY = {
  kind: readOnly(kind),
  builtIn: readOnly(builtIn),
  status: readOnly(OutputStatusSchema),
};

const NewOutputSchema = z
  .strictObject({
    id: IdSchema.optional(),
    name: name.default(''),
    url: UrlSchema,
    enabled: enabled.default(true),
    ...READ_ONLY,
  })
  .meta({ id: 'NewOutput' });

const OutputPatchSchema = z
  .strictObject({
    id: id.optional(),
    name: name.optional(),
    url: UrlSchema.optional(),
    enabled: enabled.optional(),
    ...READ_ONLY,
  })
  .meta({ id: 'OutputPatch' });

const IDLE: Omit<OutputStatus, 'id'> = {
  state: 'idle',
  bytes: 0,
  reconnects: 0,
  droppedFrames: 0,
  lastError: null,
};

export function toOutputView(output: Output, program: ProgramService): OutputView {
  const { state, bytes, reconnects, droppedFrames, lastError } =
    program.outputs.get(output.id) ?? IDLE;
  return {
    ...maskOutput(output),
    status: { state, bytes, reconnects, droppedFrames, lastError },
  };
}

/** How an output is set up, without what it is doing. */
function setUpOf({ id, name, kind, url, enabled, builtIn }: OutputView): Output {
  return { id, name, kind, url, enabled, builtIn };
}

/** @throws AppError SM_OUTPUT_UNKNOWN */
function viewOf(context: OperationContext, outputs: readonly Output[], id: string): OutputView {
  const output = outputs.find((candidate) => candidate.id === id);
  if (output !== undefined) return toOutputView(output, context.program);
  throw new AppError(
    'SM_OUTPUT_UNKNOWN',
    `There is no output "${id}". GET /api/outputs lists the outputs.`,
  );
}

const LIST = jsonOperation({
  name: 'outputs.list',
  summary: 'List the outputs',
  tag: 'outputs',
  method: 'GET',
  path: '/api/outputs',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: OutputListSchema,
  errors: [],
  example: {},
  versioned: ({ outputs }) => outputs.map(setUpOf),
  handle: (context) => ({
    outputs: context.state.outputs.map((one) => toOutputView(one, context.program)),
  }),
});

const GET = jsonOperation({
  name: 'outputs.get',
  summary: 'Read an output',
  description: 'The ETag identifies the configuration of the output, not its status.',
  tag: 'outputs',
  method: 'GET',
  path: '/api/outputs/{id}',
  status: 200,
  params: ID_PARAMS,
  body: NO_BODY,
  output: OutputViewSchema,
  errors: ['SM_OUTPUT_UNKNOWN'],
  example: {},
  versioned: setUpOf,
  handle: (context, { id }) => viewOf(context, context.state.outputs, id),
});

const CREATE = jsonOperation({
  name: 'outputs.create',
  summary: 'Add an output',
  description: 'While the stream is live, the output is connected immediately.',
  tag: 'outputs',
  method: 'POST',
  path: '/api/outputs',
  status: 201,
  params: NO_PARAMS,
  body: NewOutputSchema,
  output: OutputViewSchema,
  errors: ['SM_OUTPUT_EXISTS', 'SM_OUTPUT_LIMIT', 'SM_OUTPUT_BUILT_IN'],
  example: { id: 'twitch', name: 'Twitch', url: 'rtmp://live.twitch.tv/app/live_123_abc' },
  location: ({ id }) => `/api/outputs/${id}`,
  handle: async (context, _params, body) => {
    const { id = createId(), name, url, enabled } = body;
    const output = { id, name, kind: 'rtmp', url, enabled, builtIn: false } as const;
    const { after } = await context.dispatch({ type: 'output.create', output });
    return viewOf(context, after.outputs, id);
  },
});

const UPDATE = jsonOperation({
  name: 'outputs.update',
  summary: 'Change an output',
  tag: 'outputs',
  method: 'PATCH',
  path: '/api/outputs/{id}',
  status: 200,
  params: ID_PARAMS,
  body: OutputPatchSchema,
  output: OutputViewSchema,
  errors: ['SM_OUTPUT_UNKNOWN', 'SM_OUTPUT_BUILT_IN'],
  example: { enabled: false },
  handle: async (context, { id }, body) => {
    if (body.id !== undefined && body.id !== id) {
      throw invalidRequest([
        { path: '/id', message: `must be ${id} as in the path, or be omitted` },
      ]);
    }
    const { name, url, enabled } = body;
    const patch = { name, url, enabled };
    const { after } = await context.dispatch({ type: 'output.patch', outputId: id, patch });
    return viewOf(context, after.outputs, id);
  },
});

const REMOVE = jsonOperation({
  name: 'outputs.remove',
  summary: 'Remove an output',
  tag: 'outputs',
  method: 'DELETE',
  path: '/api/outputs/{id}',
  status: 204,
  params: ID_PARAMS,
  body: NO_BODY,
  output: NO_CONTENT,
  errors: ['SM_OUTPUT_UNKNOWN', 'SM_OUTPUT_BUILT_IN'],
  example: {},
  handle: async (context, { id }) => {
    await context.dispatch({ type: 'output.remove', outputId: id });
    return null;
  },
});

/** Operations on where the program is sent. */
export const OUTPUT_OPERATIONS: readonly Operation[] = [LIST, GET, CREATE, UPDATE, REMOVE];
