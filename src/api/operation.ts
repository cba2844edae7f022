import { z } from 'zod';
import type { ErrorCode } from '../core/errors.js';
import type { OperationContext } from './context.js';
import type { Exchange } from './exchange.js';
import { validate } from './validation.js';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Groups of operations in the documents. */
export type OperationTag =
  | 'stream'
  | 'config'
  | 'scenes'
  | 'variables'
  | 'templates'
  | 'assets'
  | 'audio'
  | 'outputs'
  | 'inputs'
  | 'preview'
  | 'service';

type Described = {
  /** `<noun>.<verb>`: the JSON-RPC method and the OpenAPI operationId. */
  readonly name: string;
  readonly summary: string;
  /** More than the summary, in Markdown; empty when there is nothing to add. */
  readonly description: string;
  readonly tag: OperationTag;
  readonly method: HttpMethod;
  /** Address with `{parameters}`; those, and for some operations the query, are `params`. */
  readonly path: string;
  readonly errors: readonly ErrorCode[];
};

/** What an operation answers. */
export type Answer = {
  /** Of HTTP. */
  readonly status: 200 | 201 | 204;
  readonly value: unknown;
  /** The address of what it created; null when it created nothing. */
  readonly location: string | null;
};

/** Carries out an operation whose input is checked; changes the state before it waits for anything. @throws AppError */
export type Run = (context: OperationContext) => Promise<Answer>;

/** Bytes that an operation takes in place of JSON. */
export type UploadVariant = {
  readonly description: string;
  /** For the document: what `accepts` takes, in short. */
  readonly mediaTypes: readonly string[];
  /** Whether a body of this media type is an upload. */
  accepts(mediaType: string): boolean;
  /** Whether a body of JSON is a file and no request. */
  isFile(bytes: Uint8Array): boolean;
  /** Checks params, and gives back what stores the bytes. @throws AppError */
  validate(params: unknown, bytes: Uint8Array): Run;
};

/** An operation that takes and gives JSON: a REST route and a JSON-RPC method alike. */
export type JsonOperation = Described & {
  readonly kind: 'json';
  readonly status: 200 | 201 | 204;
  readonly params: z.ZodObject;
  /** Null: takes no body. */
  readonly body: z.ZodType | null;
  /** Null: answers without content, in JSON-RPC with null. */
  readonly output: z.ZodType | null;
  /** Of the body. */
  readonly example: unknown;
  /** More of them, by what they are of; null: that one is enough. */
  readonly examples: Readonly<Record<string, unknown>> | null;
  readonly upload: UploadVariant | null;
  /** Whether it is nothing but a change of the state, which can be part of a batch and be tried out. */
  readonly transactional: boolean;
  /** Whether it can be tried out. */
  readonly canDryRun: boolean;
  /** Whether the tag of what it answers stands for all of it, so that who has it need not be sent it again. */
  readonly isVersioned: boolean;
  /** The part of its answer that the tag stands for: without what changes by itself all the time. */
  versioned(value: unknown): unknown;
  /** What it answers now, without waiting. @throws AppError; Error when it cannot answer without waiting */
  peek(context: OperationContext, params: unknown): unknown;
  /** Checks params and body, and gives back what carries the operation out with them. @throws AppError */
  validate(params: unknown, body: unknown): Run;
};

/** An operation that answers in its own way (pictures, streams, plain text): REST only. */
export type RawOperation = Described & {
  readonly kind: 'raw';
  readonly params: z.ZodObject;
  /** Open to everybody even when a token is configured. */
  readonly open: boolean;
  /** Whether its requests count against what their sender may send in a second. */
  readonly isCounted: boolean;
  /** Left out of the OpenAPI document: pages for people. */
  readonly hidden: boolean;
  readonly responses: Readonly<
    Record<
      number,
      {
        readonly description: string;
        /** Null: no content. */
        readonly mediaType: string | null;
        /** Of JSON; null: bytes or text. */
        readonly schema: z.ZodType | null;
      }
    >
  >;
  respond(exchange: Exchange, params: Readonly<Record<string, string>>): Promise<void> | void;
};

export type Operation = JsonOperation | RawOperation;

/** What answers a GET from everybody and is no part of the API's description. */
export function hiddenOperation(
  name: string,
  path: string,
  respond: (exchange: Exchange) => Promise<void> | void,
): RawOperation {
  return {
    kind: 'raw',
    name,
    summary: '',
    description: '',
    tag: 'service',
    method: 'GET',
    path,
    params: NO_PARAMS,
    errors: [],
    open: true,
    isCounted: true,
    hidden: true,
    responses: {},
    respond,
  };
}

type JsonDefinition<P extends z.ZodObject, B extends z.ZodType, O extends z.ZodType> = Omit<
  JsonOperation,
  | 'kind'
  | 'params'
  | 'body'
  | 'output'
  | 'validate'
  | 'peek'
  | 'description'
  | 'examples'
  | 'upload'
  | 'transactional'
  | 'canDryRun'
  | 'isVersioned'
  | 'versioned'
> & {
  readonly params: P;
  readonly body: B;
  readonly output: O;
  readonly description?: string;
  readonly examples?: Readonly<Record<string, unknown>>;
  readonly transactional?: boolean;
  /** Default: what is transactional can. */
  readonly canDryRun?: boolean;
  /** For a resource of which a part changes by itself: what is left without it. */
  readonly versioned?: (result: z.output<O>) => unknown;
  /** Address of what was created. */
  readonly location?: (result: z.output<O>, params: z.output<P>) => string;
  readonly upload?: {
    readonly description: string;
    readonly mediaTypes: readonly string[];
    accepts(mediaType: string): boolean;
    isFile(bytes: Uint8Array): boolean;
    run(params: z.output<P>, bytes: Uint8Array): Promise<z.output<O>>;
  };
  readonly handle: (
    context: OperationContext,
    params: z.output<P>,
    body: z.output<B>,
  ) => Promise<z.output<O>> | z.output<O>;
};

/** Body of an operation that takes none; an empty object is let pass. */
export const NO_BODY = z.strictObject({}).optional();
/** Output of an operation that answers without content. */
export const NO_CONTENT = z.null();
/** Params of an operation that takes none. */
export const NO_PARAMS = z.strictObject({});

/** Puts an operation into the form of the table; its schemas give its handler the types. */
export function jsonOperation<P extends z.ZodObject, B extends z.ZodType, O extends z.ZodType>(
  definition: JsonDefinition<P, B, O>,
): JsonOperation {
  const { params, body, output, upload, location, handle, description, examples, ...rest } =
    definition;
  const { transactional = false, canDryRun = transactional, versioned, ...described } = rest;
  const toAnswer = (value: z.output<O>, checked: z.output<P>): Answer => ({
    status: definition.status,
    value,
    location: location === undefined ? null : location(value, checked),
  });
  return {
    ...described,
    kind: 'json',
    transactional,
    canDryRun,
    isVersioned: versioned === undefined,
    versioned: (value) => (versioned === undefined ? value : versioned(output.parse(value))),
    peek: (context, rawParams) => {
      const value = handle(context, validate(params, rawParams), validate(body, undefined));
      if (value instanceof Promise) throw new Error(`${definition.name} answers only later`);
      return value;
    },
    description: description ?? '',
    examples: examples ?? null,
    params,
    body: Object.is(body, NO_BODY) ? null : body,
    output: Object.is(output, NO_CONTENT) ? null : output,
    upload:
      upload === undefined
        ? null
        : {
            description: upload.description,
            mediaTypes: upload.mediaTypes,
            accepts: (mediaType) => upload.accepts(mediaType),
            isFile: (bytes) => upload.isFile(bytes),
            validate: (rawParams, bytes) => {
              const checked = validate(params, rawParams);
              return async () => toAnswer(await upload.run(checked, bytes), checked);
            },
          },
    validate: (rawParams, rawBody) => {
      const checked = validate(params, rawParams);
      const checkedBody = validate(body, rawBody);
      return async (context) => toAnswer(await handle(context, checked, checkedBody), checked);
    },
  };
}
