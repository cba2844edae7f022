import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import { z } from 'zod';
import { AppError, type ErrorCode } from '../core/errors.js';
import { SCENE_LIMITS, VARIABLE_LIMITS } from '../scene/limits.js';
import { isChange } from './call-options.js';
import { DryRunReportSchema } from './dry-run.js';
import { Resources } from './etag.js';
import { DEFAULT_API_LIMITS } from './limits.js';
import type { JsonOperation, Operation, RawOperation } from './operation.js';
import { PROBLEM_MEDIA_TYPE, ProblemSchema } from './problem.js';

type Responses = ZodOpenApiOperationObject['responses'];

const LIMITS = DEFAULT_API_LIMITS;

/** A figure with commas between the thousands, whatever the machine's language. */
function figure(value: number): string {
  return value.toLocaleString('en');
}

const DESCRIPTION = `Composes scenes in real time and streams them.

Every operation is also available as a JSON-RPC 2.0 method on the WebSocket \`/ws\`. The method name is the operationId;
parameters and body form one \`params\` object. Two methods exist only there: \`events.subscribe {topics?, since?}\` and
\`events.unsubscribe {topics?}\`. Events arrive as notifications \`event {seq, topic, type, at, data}\`.

Operations that change something accept three more members in \`params\`, which are headers and query parameters in REST:
\`ifMatch\` (\`If-Match\`), \`idempotencyKey\` (\`Idempotency-Key\`) and \`dryRun\` (\`?dryRun=true\`). With \`withEtag: true\`, a
method returns \`{etag, value}\`; the entity tags are the same as in REST.

Responses to reads over REST have a strong \`ETag\`. \`If-None-Match\` avoids transferring an unchanged representation;
\`If-Match\` rejects a change if the resource has been modified in the meantime. A change with an \`Idempotency-Key\` is
carried out once: for 24 hours, even after a restart, the same request with the same key receives the original response
with the header \`Idempotency-Replayed: true\`.

A change is stored before it is answered. If it cannot be stored (disk full, Redis unreachable), it is applied anyway and
the response has the header \`Stream-Manager-Durable: false\`, in JSON-RPC the member \`durable: false\` next to \`result\`.
With DURABILITY=strict, the change is rejected with \`SM_STATE_NOT_DURABLE\` instead. Starting and stopping the stream is
never rejected for this reason.

A request may contain at most ${figure(LIMITS.jsonBodyBytes)} bytes of JSON, ${figure(LIMITS.jsonValues)} JSON values including nested ones,
${figure(LIMITS.layersPerRequest)} layers and ${figure(LIMITS.expressionCharsPerRequest)} characters of expressions (in \`bindings\` and between \`{{\` and \`}}\`). An upload may
have at most ${figure(LIMITS.uploadBytes)} bytes. Larger requests are rejected with 413; the error names the exceeded limit. Split them
into several requests. A scene may contain at most ${figure(SCENE_LIMITS.layersPerScene)} layers and ${figure(VARIABLE_LIMITS.expressionCharsPerScene)} characters of expressions.

Fields marked \`readOnly\` may be sent back as they were read; the service ignores them. Other unknown fields are rejected.

\`/ws/preview?width=640&fps=30&quality=75\` sends the program as JPEGs, one complete picture per message. With
\`source=preview\` it sends the scene in preview.

\`/ws/preview/audio?format=s16le\` sends the sound of the program as it goes to the encoder, before AAC: 48 kHz stereo, interleaved, 20 ms per
binary message, as \`s16le\` (default), \`f32le\` or \`opus\` (one Opus packet per message). The text message \`{"type": "start", "format": …,
"rateHz": 48000, "channels": 2, "startSample": …, "frame": …}\` comes before the first sample and wherever the samples after it do not
follow on those before. A slow listener loses the oldest sound, which \`{"type": "dropped", "ms": …, "startSample": …, "frame": …}\` reports.
The program runs while somebody listens, also when it is not live.

\`/ws/audio/{source}?format=s16le&rate=24000&channels=1\` takes the samples of an audio source of kind \`push\`: binary messages of any size
with samples (\`s16le\` or \`f32le\`, 8000 to 48,000 Hz, 1 or 2 channels, interleaved). Text messages are \`{"type": "flush"}\` (nothing that
has been sent is audible any more), \`{"type": "mark", "id": "…"}\` (answered with \`frame\` and \`mediaTimeMs\` when everything before it is on
air) and \`{"type": "end"}\` (nothing more comes for now; answered with \`ended\` when everything is over). The service sends \`mark\`, \`ended\`, \`underrun\`, \`nearly-full\` (with
\`bufferedMs\`, at 80 % of 30 seconds) and \`overrun\` (with \`droppedMs\`: of what came beyond 30 seconds, or of what waited too long while
no clock ran). What had not been audible when a mixer ended by an error is lost: its marks are answered with \`isDropped\`.
A second connection to a source replaces the first one.

\`/ws/frames/{input}?format=rgba&width=1280&height=720\` takes the pictures of an input of kind \`frames\`: each binary message is one, as \`rgba\`
or \`bgra\` (four bytes a pixel; \`alpha=straight\`, \`premultiplied\` or \`none\`), \`i420\` (planes of BT.709, limited range), or as a whole file,
\`jpeg\`, \`png\` or \`webp\`, which says its own size and is scaled down to the program. A picture is shown at once, and until the next one comes
or the connection ends. With \`timestamps=true\` each message begins with eight bytes, a little-endian float64: milliseconds of a clock of the
sender, and pictures are shown as far apart as these are, \`latencyMs\` of the input after they have come. Every picture is answered:
\`{"type": "taken", "frame": 0, "reason": null}\` with the number of those before it, \`late\` (shown, but after it was due), \`dropped\` with the
\`reason\` \`busy\` (three were on their way already: send the next one when one of them has been answered), \`early\`, \`not-shown\` (no scene
shows the input; the newest picture is kept), \`restarted\` or \`replaced\`, or \`error\` with \`detail\`. A second connection to an input replaces
the first one.

Web pages cannot set headers on a WebSocket. They open it with the subprotocols \`stream-manager\` and \`bearer.<token>\`.
Tokens are never accepted in the query of a URL, because URLs end up in logs.`;

const TAGS = [
  { name: 'stream', description: 'Start, stop and monitor the stream' },
  { name: 'config', description: 'Configuration of the stream' },
  { name: 'scenes', description: 'Scenes, layers, transitions, batches and the program' },
  { name: 'variables', description: 'Run-time values used by texts and layers' },
  { name: 'templates', description: 'Parametrised scenes' },
  { name: 'assets', description: 'Pictures, animations and fonts' },
  { name: 'audio', description: 'Sound of the program: sources, buses, ducking, meters' },
  { name: 'outputs', description: 'RTMP destinations of the program' },
  { name: 'inputs', description: 'Live video and sound that comes in' },
  { name: 'preview', description: 'Scene in preview, and JPEG pictures of program and preview' },
  { name: 'service', description: 'Health, readiness, metrics and past events' },
];

/** What any operation may be refused with, next to its own. */
const COMMON_ERRORS: readonly ErrorCode[] = ['SM_RATE_LIMITED', 'SM_INTERNAL', 'SM_SHUTTING_DOWN'];
const PRECONDITION_ERRORS: readonly ErrorCode[] = ['SM_PRECONDITION_FAILED'];
const CHANGE_ERRORS: readonly ErrorCode[] = ['SM_IDEMPOTENCY_MISMATCH', 'SM_STATE_NOT_DURABLE'];
/** Of changes after which a scene could take more than can be shown. */
const LOAD_ERRORS: readonly ErrorCode[] = ['SM_SCENE_LOAD'];
const LOAD_TAGS: ReadonlySet<string> = new Set(['scenes', 'variables', 'templates', 'preview']);
const AUTH_ERRORS: readonly ErrorCode[] = [
  'SM_AUTH_REQUIRED',
  'SM_AUTH_INVALID',
  'SM_AUTH_FORBIDDEN',
  'SM_AUTH_UNAVAILABLE',
];
const INPUT_ERRORS: readonly ErrorCode[] = ['SM_REQUEST_INVALID'];
const BODY_ERRORS: readonly ErrorCode[] = [
  'SM_REQUEST_MALFORMED',
  'SM_REQUEST_TOO_DEEP',
  'SM_REQUEST_TOO_LARGE',
  'SM_REQUEST_MEDIA_TYPE',
  'SM_REQUEST_TIMEOUT',
];

function problemResponses(codes: readonly ErrorCode[]): Responses {
  const byStatus = new Map<number, string[]>();
  for (const code of new Set(codes)) {
    const { status, title } = new AppError(code, '');
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${code}\`: ${title}`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, lines]) => [
      status,
      {
        description: lines.join('\n\n'),
        content: { [PROBLEM_MEDIA_TYPE]: { schema: ProblemSchema } },
      },
    ]),
  );
}

const EtagHeader = z.string().meta({
  description: 'Strong entity tag of the representation.',
  example: '"bVbxC9tGWnPmZ0gXUyBz4A"',
});
const ReplayedHeader = z.enum(['true']).optional().meta({
  description: 'Present when the response repeats that of an earlier request with the same key.',
});

const DurableHeader = z.enum(['false']).optional().meta({
  description: 'Present when the change is applied but not stored yet: a crash would undo it.',
});

const READ_HEADERS = z.object({
  'If-None-Match': z.string().optional().meta({
    description: 'Entity tags of the representations that the client already has.',
    example: '"bVbxC9tGWnPmZ0gXUyBz4A"',
  }),
});

const IdempotencyKey = z.string().max(255).optional().meta({
  description:
    'Unique key of the request. A request that is sent several times with the same key is carried out only once.',
  example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
});
const IfMatch = z.string().optional().meta({
  description: 'Entity tag of the version to which the change applies; `*` matches any version.',
  example: '"bVbxC9tGWnPmZ0gXUyBz4A"',
});

const DRY_RUN = z.object({
  dryRun: z.enum(['true', 'false']).optional().meta({
    description:
      'Validates the change without applying it: the response is a `DryRun`, and nothing is stored or announced.',
  }),
});

const DryRunSchema = z
  .strictObject({
    dryRun: z.literal(true),
    result: z.unknown().meta({
      description: 'Result that the operation would return; null for operations without a result.',
    }),
    report: DryRunReportSchema,
  })
  .meta({ id: 'DryRun' });

function describe(operation: Operation): ZodOpenApiOperationObject {
  const shape = Object.entries(operation.params.shape);
  const isInPath = ([name]: [string, unknown]): boolean => operation.path.includes(`{${name}}`);
  const inPath = shape.filter(isInPath);
  const inQuery = shape.filter((field) => !isInPath(field));
  return {
    operationId: operation.name,
    summary: operation.summary,
    ...(operation.description !== '' && { description: operation.description }),
    tags: [operation.tag],
    requestParams: {
      ...(inPath.length > 0 && { path: z.object(Object.fromEntries(inPath)) }),
      ...(inQuery.length > 0 && { query: z.object(Object.fromEntries(inQuery)) }),
    },
    responses: {},
  };
}

/** What stands in the headers of a request and of its answers, next to what the operation itself takes and gives. */
function headersOf(
  operation: JsonOperation,
  resources: Resources,
): { readonly request: z.ZodObject | null; readonly response: z.ZodObject } {
  const hasEtag = resources.answersResource(operation);
  if (!isChange(operation.method)) {
    const response = z.object({ ETag: EtagHeader });
    return { request: operation.isVersioned ? READ_HEADERS : null, response };
  }
  const canMatch = resources.readerOf(operation) !== null;
  return {
    request: z.object({
      'Idempotency-Key': IdempotencyKey,
      ...(canMatch && { 'If-Match': IfMatch }),
    }),
    response: z.object({
      'Idempotency-Replayed': ReplayedHeader,
      'Stream-Manager-Durable': DurableHeader,
      ...(hasEtag && { ETag: EtagHeader }),
    }),
  };
}

function successResponses(operation: JsonOperation, headers: z.ZodObject): Responses {
  const { status, output, canDryRun, isVersioned, method } = operation;
  const isRead = !isChange(method);
  const schemas = [
    ...(output === null ? [] : [output]),
    ...(canDryRun && status === 200 ? [DryRunSchema] : []),
  ];
  const [first, ...others] = schemas;
  const schema = first === undefined || others.length === 0 ? first : z.union([first, ...others]);
  return {
    [status]: {
      description: 'Success',
      headers,
      ...(schema !== undefined && { content: { 'application/json': { schema } } }),
    },
    ...(canDryRun &&
      status !== 200 && {
        200: {
          description: 'Result of the dry run',
          content: { 'application/json': { schema: DryRunSchema } },
        },
      }),
    ...(isRead &&
      isVersioned && { 304: { description: 'The representation has not changed', headers } }),
  };
}

/** One example, or several by their names: a document has either. */
function examplesOf({ example, examples }: JsonOperation) {
  if (examples === null) return { example };
  const named = new Map(Object.entries(examples).map(([name, value]) => [name, { value }]));
  return { examples: Object.fromEntries(named) };
}

function describeJson(operation: JsonOperation, resources: Resources): ZodOpenApiOperationObject {
  const { body, upload, canDryRun, method } = operation;
  const bodyContent = body !== null && {
    'application/json': { schema: body, ...examplesOf(operation) },
  };
  const uploadContent =
    upload !== null &&
    Object.fromEntries(
      upload.mediaTypes.map((mediaType) => [
        mediaType,
        { schema: z.string().meta({ format: 'binary', description: upload.description }) },
      ]),
    );
  const hasInput = body !== null || Object.keys(operation.params.shape).length > 0;
  const headers = headersOf(operation, resources);
  const described = describe(operation);
  const { query } = described.requestParams ?? {};
  const canMatch = isChange(method) && resources.readerOf(operation) !== null;
  return {
    ...described,
    requestParams: {
      ...described.requestParams,
      ...(canDryRun && {
        query: query instanceof z.ZodObject ? query.extend(DRY_RUN.shape) : DRY_RUN,
      }),
      ...(headers.request !== null && { header: headers.request }),
    },
    ...(body !== null && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: { ...bodyContent, ...uploadContent },
      },
    }),
    responses: {
      ...successResponses(operation, headers.response),
      ...problemResponses([
        ...operation.errors,
        ...(canMatch ? PRECONDITION_ERRORS : []),
        ...(isChange(method) ? CHANGE_ERRORS : []),
        ...(isChange(method) && LOAD_TAGS.has(operation.tag) ? LOAD_ERRORS : []),
        ...(hasInput || isChange(method) ? INPUT_ERRORS : []),
        // A body that is not asked for is looked at all the same.
        ...(isChange(method) && method !== 'DELETE' ? BODY_ERRORS : []),
        ...AUTH_ERRORS,
        ...COMMON_ERRORS,
      ]),
    },
  };
}

function describeRaw(operation: RawOperation): ZodOpenApiOperationObject {
  const own = new Map<string, ZodOpenApiResponseObject>();
  for (const [status, response] of Object.entries(operation.responses)) {
    const { description, mediaType, schema } = response;
    own.set(
      status,
      mediaType === null
        ? { description }
        : { description, content: { [mediaType]: { schema: schema ?? z.string() } } },
    );
  }
  return {
    ...describe(operation),
    ...(operation.open && { security: [] }),
    responses: {
      ...problemResponses([
        ...operation.errors,
        ...(Object.keys(operation.params.shape).length > 0 ? INPUT_ERRORS : []),
        ...(operation.open ? [] : AUTH_ERRORS),
        ...COMMON_ERRORS,
      ]),
      ...Object.fromEntries(own),
    },
  };
}

/** The OpenAPI 3.1 document of the operations, as JSON text. */
export function createOpenApiText(operations: readonly Operation[], version: string): string {
  const paths: ZodOpenApiPathsObject = {};
  const resources = new Resources(operations);
  for (const operation of operations) {
    if (operation.kind === 'raw' && operation.hidden) continue;
    const described =
      operation.kind === 'json' ? describeJson(operation, resources) : describeRaw(operation);
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: described,
    };
  }
  return JSON.stringify(
    createDocument({
      openapi: '3.1.0',
      info: {
        title: 'Stream Manager',
        version,
        description: DESCRIPTION,
        license: { name: 'All rights reserved', url: '/docs' },
      },
      servers: [{ url: '/' }],
      security: [{ bearer: [] }],
      tags: TAGS,
      paths,
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    }),
  );
}
