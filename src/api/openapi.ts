import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import { z } from 'zod';
import { AppError, type ErrorCode } from '../core/errors.js';
import type { JsonOperation, Operation, RawOperation } from './operation.js';
import { PROBLEM_MEDIA_TYPE, ProblemSchema } from './problem.js';

type Responses = ZodOpenApiOperationObject['responses'];

const DESCRIPTION = `Composes scenes in real time and streams them.

Every operation is also a method of JSON-RPC 2.0 on the WebSocket \`/ws\`, by its operationId; parameters and body
become one \`params\` object. Two more methods are there only: \`events.subscribe {topics?, since?}\` and
\`events.unsubscribe {topics?}\`; events come as notifications \`event {seq, topic, type, at, data}\`.

\`/ws/preview?width=640&fps=30&quality=75\` sends JPEGs of what is on air, one whole picture in each
message; with \`source=preview\` those of the scene in preview.

A page can not set headers on a WebSocket: it opens it with the subprotocols \`stream-manager\` and \`bearer.<token>\`.
No address takes a token in its query: addresses end up in logs.`;

const TAGS = [
  { name: 'stream', description: 'Go live, go offline, see what is going on' },
  { name: 'config', description: 'How the stream is made' },
  { name: 'scenes', description: 'What is shown' },
  { name: 'assets', description: 'Pictures' },
  { name: 'outputs', description: 'Where the program is sent' },
  { name: 'preview', description: 'What is on air and what is in preview, as JPEGs' },
  { name: 'service', description: 'For those who watch over the service' },
];

/** What any operation may be refused with, next to its own. */
const COMMON_ERRORS: readonly ErrorCode[] = ['SM_RATE_LIMITED', 'SM_INTERNAL', 'SM_SHUTTING_DOWN'];
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

function describeJson(operation: JsonOperation): ZodOpenApiOperationObject {
  const { body, output, upload } = operation;
  const bodyContent = body !== null && {
    'application/json': { schema: body, example: operation.example },
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
  return {
    ...describe(operation),
    ...(body !== null && {
      requestBody: { required: true, content: { ...bodyContent, ...uploadContent } },
    }),
    responses: {
      [operation.status]:
        output === null
          ? { description: 'Done' }
          : { description: 'Done', content: { 'application/json': { schema: output } } },
      ...problemResponses([
        ...operation.errors,
        ...(hasInput ? INPUT_ERRORS : []),
        ...(body === null ? [] : BODY_ERRORS),
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
  for (const operation of operations) {
    if (operation.kind === 'raw' && operation.hidden) continue;
    const described = operation.kind === 'json' ? describeJson(operation) : describeRaw(operation);
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
