import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../core/errors.js';
import type { InputReport } from '../../ingest/contract.js';
import { IdSchema, NameSchema } from '../../scene/schema/values.js';
import {
  type Input,
  InputContentSchema,
  InputSchema,
  LatencySchema,
} from '../../state/input-schema.js';
import type { OperationContext } from '../context.js';
import { jsonOperation, NO_BODY, NO_CONTENT, NO_PARAMS, type Operation } from '../operation.js';
import type { ProgramService } from '../ports.js';
import { readOnly } from '../read-only.js';
import { invalidRequest } from '../validation.js';
import { createId, ID_PARAMS } from './deps.js';

/** Bytes of a key that is made up. */
const KEY_BYTES = 18;

const STATES = [
  'idle',
  'connecting',
  'live',
  'stalled',
  'ended',
  'refused',
] as const satisfies readonly InputReport['state'][];

const InputStatusSchema = z
  .strictObject({
    state: z.enum(STATES).meta({
      description:
        'idle: not received, since nothing shows or plays it; connecting: nothing has come yet; live; stalled: nothing has come for a second; ended: the sender has ended, it is opened again; refused: it may not be read.',
    }),
    reason: z.string().nullable().meta({ description: 'Why nothing comes; null while it does.' }),
    width: z.int().nullable().meta({ description: 'Of its pictures as they are decoded.' }),
    height: z.int().nullable(),
    fps: z.number().meta({ description: 'Pictures per second that have come in the last second.' }),
    hasSound: z.boolean(),
    pictures: z.int().meta({ description: 'Pictures that have come since it was opened first.' }),
    late: z.int().meta({ description: 'Pictures that came after they were due.' }),
    dropped: z.int().meta({ description: 'Pictures that came so early that there was no room.' }),
    reconnects: z.int(),
    latencyMs: z.number().meta({ description: 'Latency that is kept to, in milliseconds.' }),
  })
  .meta({ id: 'InputStatus' });

const InputViewSchema = InputSchema.extend({
  publishPath: z.string().nullable().meta({
    description:
      'For `rtmp-push`: where to publish, after `rtmp://<host>:<RTMP_PORT>`, with the key. Null: nobody publishes to it.',
  }),
  status: InputStatusSchema,
}).meta({ id: 'InputView' });
type InputView = z.infer<typeof InputViewSchema>;

const InputListSchema = z
  .strictObject({ inputs: z.array(InputViewSchema) })
  .meta({ id: 'InputList' });

const [RtmpPushSchema, ...OtherSchemas] = InputContentSchema.options;

/** As an input is written: a key that is not given is made up. */
const NewContentSchema = z
  .discriminatedUnion('kind', [
    RtmpPushSchema.extend({ key: RtmpPushSchema.shape.key.optional() }),
    ...OtherSchemas,
  ])
  .meta({ id: 'NewInputContent', example: { kind: 'rtmp-push' } });

const READ_ONLY = {
  createdAtMs: readOnly(InputSchema.shape.createdAtMs),
  publishPath: readOnly(InputViewSchema.shape.publishPath),
  status: readOnly(InputStatusSchema),
};

const NewInputSchema = z
  .strictObject({
    id: IdSchema.optional(),
    name: NameSchema.default(''),
    content: NewContentSchema,
    latencyMs: LatencySchema.default(300),
    isKeptOpen: InputSchema.shape.isKeptOpen,
    ...READ_ONLY,
  })
  .meta({ id: 'NewInput' });

const InputPatchSchema = z
  .strictObject({
    id: IdSchema.optional(),
    name: NameSchema.optional(),
    content: NewContentSchema.optional(),
    latencyMs: LatencySchema.optional(),
    isKeptOpen: z.boolean().optional(),
    ...READ_ONLY,
  })
  .meta({ id: 'InputPatch' });

function withKey(content: z.infer<typeof NewContentSchema>): Input['content'] {
  if (content.kind !== 'rtmp-push') return content;
  return { ...content, key: content.key ?? randomBytes(KEY_BYTES).toString('base64url') };
}

function toView(input: Input, program: ProgramService): InputView {
  const { id, content, latencyMs } = input;
  const report = program.inputs.get(id);
  return {
    ...input,
    publishPath: content.kind === 'rtmp-push' ? `/inputs/${id}?key=${content.key}` : null,
    status: {
      state: report?.state ?? 'idle',
      reason: report?.reason ?? null,
      width: report?.widthPx ?? null,
      height: report?.heightPx ?? null,
      fps: report?.fps ?? 0,
      hasSound: report?.hasSound ?? false,
      pictures: report?.pictures ?? 0,
      late: report?.late ?? 0,
      dropped: report?.dropped ?? 0,
      reconnects: report?.reconnects ?? 0,
      latencyMs: report?.latencyMs ?? latencyMs,
    },
  };
}

/** How an input is set up, without what becomes of it. */
function setUpOf({ id, name, content, latencyMs, isKeptOpen, createdAtMs }: InputView): Input {
  return { id, name, content, latencyMs, isKeptOpen, createdAtMs };
}

/** @throws AppError SM_INPUT_UNKNOWN */
function viewOf(context: OperationContext, inputs: readonly Input[], id: string): InputView {
  return toView(findInput(inputs, id), context.program);
}

/** @throws AppError SM_INPUT_UNKNOWN */
export function findInput(inputs: readonly Input[], id: string): Input {
  const input = inputs.find((candidate) => candidate.id === id);
  if (input !== undefined) return input;
  throw new AppError(
    'SM_INPUT_UNKNOWN',
    `There is no input "${id}". GET /api/inputs lists the inputs.`,
  );
}

const LIST = jsonOperation({
  name: 'inputs.list',
  summary: 'List the live inputs',
  tag: 'inputs',
  method: 'GET',
  path: '/api/inputs',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: InputListSchema,
  errors: [],
  example: {},
  versioned: ({ inputs }) => inputs.map(setUpOf),
  handle: (context) => ({
    inputs: context.state.inputs.map((one) => toView(one, context.program)),
  }),
});

const GET = jsonOperation({
  name: 'inputs.get',
  summary: 'Read a live input',
  description: 'The ETag identifies the configuration of the input, not its status.',
  tag: 'inputs',
  method: 'GET',
  path: '/api/inputs/{id}',
  status: 200,
  params: ID_PARAMS,
  body: NO_BODY,
  output: InputViewSchema,
  errors: ['SM_INPUT_UNKNOWN'],
  example: {},
  versioned: setUpOf,
  handle: (context, { id }) => viewOf(context, context.state.inputs, id),
});

const CREATE = jsonOperation({
  name: 'inputs.create',
  summary: 'Add a live input',
  description:
    'A layer of type `input` shows its pictures, an audio source of kind `input` plays its sound, in time with each other. It is received and decoded once, while any scene on air or in preview shows it, a source plays it, or `isKeptOpen` is set. When it is lost it is opened again by itself. NDI, WebRTC and capture devices are not supported.',
  tag: 'inputs',
  method: 'POST',
  path: '/api/inputs',
  status: 201,
  params: NO_PARAMS,
  body: NewInputSchema,
  output: InputViewSchema,
  errors: ['SM_INPUT_EXISTS', 'SM_INPUT_LIMIT'],
  example: { id: 'guest', content: { kind: 'rtmp-push' } },
  location: ({ id }) => `/api/inputs/${id}`,
  handle: async (context, _params, body) => {
    const { id = createId(), name, content, latencyMs, isKeptOpen } = body;
    const input = {
      id,
      name,
      content: withKey(content),
      latencyMs,
      isKeptOpen,
      createdAtMs: context.now(),
    };
    const { after } = await context.dispatch({ type: 'input.create', input });
    return viewOf(context, after.inputs, id);
  },
});

const UPDATE = jsonOperation({
  name: 'inputs.update',
  summary: 'Change a live input',
  description: 'An input whose content or latency changes is opened anew.',
  tag: 'inputs',
  method: 'PATCH',
  path: '/api/inputs/{id}',
  status: 200,
  params: ID_PARAMS,
  body: InputPatchSchema,
  output: InputViewSchema,
  errors: ['SM_INPUT_UNKNOWN'],
  example: { latencyMs: 500 },
  handle: async (context, { id }, body) => {
    if (body.id !== undefined && body.id !== id)
      throw invalidRequest([
        { path: '/id', message: `must be ${id} as in the path, or be omitted` },
      ]);
    const { name, latencyMs, isKeptOpen } = body;
    const content = body.content === undefined ? undefined : withKey(body.content);
    const patch = { name, content, latencyMs, isKeptOpen };
    const { after } = await context.dispatch({ type: 'input.patch', inputId: id, patch });
    return viewOf(context, after.inputs, id);
  },
});

const REMOVE = jsonOperation({
  name: 'inputs.remove',
  summary: 'Remove a live input',
  description: 'Layers that show it show what they show when it is lost.',
  tag: 'inputs',
  method: 'DELETE',
  path: '/api/inputs/{id}',
  status: 204,
  params: ID_PARAMS,
  body: NO_BODY,
  output: NO_CONTENT,
  errors: ['SM_INPUT_UNKNOWN'],
  example: {},
  handle: async (context, { id }) => {
    await context.dispatch({ type: 'input.remove', inputId: id });
    return null;
  },
});

/** Operations on live inputs. */
export const INPUT_OPERATIONS: readonly Operation[] = [LIST, GET, CREATE, UPDATE, REMOVE];
