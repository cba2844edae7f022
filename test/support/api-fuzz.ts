import { Agent, request, type Dispatcher } from 'undici';
import { z } from 'zod';
import { openRpc, type RpcClient } from '../api/rpc-client.js';
import { type Json, type JsonObject, OpenApiFuzz } from './openapi-fuzz.js';
import { RandomNumbers } from './random-numbers.js';

/** What is wrong with an answer, and the request that brings it about. */
export type FuzzFinding = { readonly problem: string; readonly request: string };

export type FuzzReport = {
  readonly requests: number;
  /** How many answers there were of each status, and of each error code over JSON-RPC. */
  readonly answers: ReadonlyMap<string, number>;
  readonly findings: readonly FuzzFinding[];
};

export type ApiFuzzOptions = {
  readonly origin: string;
  readonly seed: number;
  readonly requests: number;
  /** Operations that are left out, by their ids. */
  readonly without: readonly string[];
};

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;
type Method = (typeof METHODS)[number];

const JsonRecord = z.record(z.string(), z.json());
const OperationSchema = z.looseObject({
  operationId: z.string(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.string(),
        required: z.boolean().optional(),
        schema: JsonRecord,
      }),
    )
    .default([]),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: JsonRecord })) })
    .optional(),
  responses: z.record(z.string(), z.unknown()),
});
type Operation = z.infer<typeof OperationSchema> & {
  readonly method: Method;
  readonly path: string;
};

/** An answer that takes longer is none. */
const PATIENCE_MS = 60_000;
/** Beyond this, bodies would be refused for their size alone. */
const ANSWER_BYTES = 65_536;
const WORKERS = 6;
/** Few, so that requests meet: what a test furnishes the service with, what comes with it, and what requests make. */
const SCENES = ['a', 'b', 'c', 'intro', 'program', 'preview'];
const LAYERS = ['title', 'text', 'image', 'group', 'ticker', 'chat', 'stopwatch', 'table', 'new'];
const OTHERS = ['a', 'new', 'own', 'builtin-auction', 'program'];
const VARIABLES = ['bid', 'list', 'title'];
/** By the names of parameters and fields, and of components of the document: values that mean something. */
const KNOWN: Readonly<Record<string, readonly Json[]>> = {
  Id: OTHERS,
  id: [...SCENES, ...OTHERS],
  sceneId: SCENES,
  scene: SCENES,
  layerId: LAYERS,
  from: SCENES,
  to: SCENES,
  asset: OTHERS,
  name: VARIABLES,
  VariableName: VARIABLES,
  url: ['rtmp://host.invalid/app/key', 'https://pictures.invalid/a.png', 'rtmp://', '***'],
  Color: ['#ff8000', 'white', 'rgb(0 0 0 / 50%)'],
  easing: ['linear', 'ease-out', 'spring', 'steps(4, jump-end)'],
  locale: ['en', 'de-CH'],
  timeZone: ['UTC', 'Asia/Kathmandu'],
  TemplateDocument: [{ layers: [{ id: 'x', type: 'text', text: '${title}' }] }],
  BatchCall: [
    { method: 'scenes.update', params: { id: 'a', name: 'Changed', ifMatch: '*' } },
    { method: 'layers.create', params: { sceneId: 'b', type: 'text', text: 'New' } },
    { method: 'scenes.activate', params: { id: 'b' } },
    { method: 'variables.set', params: { values: { bid: { amount: 1 } } } },
    { method: 'stream.stop', params: {} },
  ],
};
/** What a patch is a patch of, by their components. */
const PATCHES: Readonly<Record<string, string>> = {
  ScenePatch: 'SceneDocument',
  LayerPatch: 'NewLayer',
};

/** Text that is no JSON, or none that anybody means. */
const GARBAGE = [
  '',
  '{',
  '[',
  '"',
  'nul',
  '{"a":}',
  '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[',
  '{"a":1e999}',
  '\u0000',
  '{"__proto__":{}}',
  'null',
  '[]',
  '0',
  '""',
  '{"":""}',
  '\ud800',
  '{"x":"\\ud800"}',
];
/** Values of which no field is of all. */
const WRONG: readonly Json[] = [
  null,
  true,
  -1,
  0,
  1e308,
  0.1,
  '',
  'x'.repeat(3000),
  '\u202e\u0000\ud83d',
  [],
  {},
  [null],
  { a: {} },
  '{{a.b}}',
  '${x}',
  '../..',
  'constructor',
  '9'.repeat(400),
];

function readOperations(document: JsonObject, without: readonly string[]): Operation[] {
  const paths = z.record(z.string(), z.record(z.string(), z.unknown())).parse(document['paths']);
  return Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method): Operation[] => {
      const found = methods[method];
      if (found === undefined) return [];
      const operation = { ...OperationSchema.parse(found), method, path };
      return without.includes(operation.operationId) ? [] : [operation];
    }),
  );
}

/** Makes requests out of an OpenAPI document: some that fit it, some that nearly do, and garbage. */
class RequestMaker {
  readonly #random: RandomNumbers;
  readonly #values: OpenApiFuzz;

  constructor(document: JsonObject, random: RandomNumbers) {
    this.#random = random;
    this.#values = new OpenApiFuzz(document, random, { known: KNOWN, optional: 0.3 });
  }

  parameter(name: string, schema: JsonObject): string {
    if (this.#random.chance(0.05)) return toText(this.#random.pick(WRONG)).slice(0, 300);
    const known = KNOWN[name];
    if (known !== undefined && this.#random.chance(0.9)) return toText(this.#random.pick(known));
    return toText(this.#values.value(schema));
  }

  /** A body, or params, that fits a schema, or nearly. */
  body(schema: JsonObject): Json {
    const whole =
      PATCHES[
        toText(schema['$ref'] ?? '')
          .split('/')
          .at(-1) ?? ''
      ];
    const value = whole === undefined ? this.#values.value(schema) : this.#patch(whole);
    return this.#random.chance(0.2) ? this.#spoiled(value) : value;
  }

  #patch(whole: string): JsonObject {
    const value = this.#values.component(whole);
    const fields = Object.entries(
      typeof value === 'object' && !Array.isArray(value) && value !== null ? value : {},
    );
    const kept = fields.filter(([name]) => name !== 'id' && this.#random.chance(0.3));
    return Object.fromEntries(kept);
  }

  /** A copy with one thing in it that may not fit. */
  #spoiled(value: Json): Json {
    if (Array.isArray(value) && value.length > 0 && this.#random.chance(0.8)) {
      const at = this.#random.between(0, value.length - 1);
      return value.map((item, i) => (i === at ? this.#spoiled(item) : item));
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const names = Object.keys(value);
      if (names.length > 0 && this.#random.chance(0.8)) {
        const name = this.#random.pick(names);
        const inner = value[name] ?? null;
        return {
          ...value,
          [name]: this.#random.chance(0.5) ? this.#spoiled(inner) : this.#random.pick(WRONG),
        };
      }
      return { ...value, unknownField: this.#random.pick(WRONG) };
    }
    return this.#random.pick(WRONG);
  }
}

function toText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Sends random requests over REST and JSON-RPC, and gathers what must not be answered. */
export async function fuzzApi(options: ApiFuzzOptions): Promise<FuzzReport> {
  const agent = new Agent({
    connections: WORKERS,
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
  });
  const response = await request(`${options.origin}/api/openapi.json`, { dispatcher: agent });
  const document = JsonRecord.parse(await response.body.json());
  const operations = readOperations(document, options.without);
  const run = new FuzzRun(options, document, operations, agent);
  try {
    await Promise.all(Array.from({ length: WORKERS }, (_, i) => run.work(i)));
    return run.report;
  } finally {
    await agent.destroy();
  }
}

class FuzzRun {
  readonly #origin: string;
  readonly #seed: number;
  readonly #requests: number;
  readonly #document: JsonObject;
  readonly #operations: readonly Operation[];
  readonly #agent: Agent;
  readonly #answers = new Map<string, number>();
  readonly #findings: FuzzFinding[] = [];
  #sent = 0;

  constructor(
    { origin, seed, requests }: ApiFuzzOptions,
    document: JsonObject,
    operations: readonly Operation[],
    agent: Agent,
  ) {
    this.#origin = origin;
    this.#seed = seed;
    this.#requests = requests;
    this.#document = document;
    this.#operations = operations;
    this.#agent = agent;
  }

  get report(): FuzzReport {
    return { requests: this.#sent, answers: this.#answers, findings: this.#findings };
  }

  /** Each worker has random numbers of its own, so that it sends the same whatever the others are at. */
  async work(worker: number): Promise<void> {
    const random = new RandomNumbers(this.#seed * WORKERS + worker);
    const maker = new RequestMaker(this.#document, random);
    const rpc = await openRpc(`${this.#origin.replace('http', 'ws')}/ws`);
    const count = Math.ceil(this.#requests / WORKERS);
    try {
      for (let i = 0; i < count; i++) {
        this.#sent++;
        const operation = this.#pick(random);
        if (random.chance(0.3)) await this.#callRpc(rpc, operation, random, maker);
        else await this.#callRest(operation, random, maker);
      }
    } finally {
      rpc.close();
    }
  }

  /** Removals are rarer, so that there is something for the others. */
  #pick(random: RandomNumbers): Operation {
    const operation = random.pick(this.#operations);
    return operation.method !== 'delete' || random.chance(0.1) ? operation : this.#pick(random);
  }

  async #callRest(operation: Operation, random: RandomNumbers, maker: RequestMaker): Promise<void> {
    const { method, requestBody, responses } = operation;
    const address = this.#address(operation, random, maker);
    const schema = requestBody?.content['application/json']?.schema;
    const text =
      random.chance(0.05) || schema === undefined
        ? random.pick(GARBAGE)
        : JSON.stringify(maker.body(schema));
    const body = method === 'get' || (schema === undefined && random.chance(0.9)) ? null : text;
    const headers: Record<string, string> = {
      ...(body !== null && {
        'content-type': random.chance(0.97) ? 'application/json' : 'text/plain',
      }),
      ...(random.chance(0.05) && { 'idempotency-key': `key-${random.between(0, 50)}` }),
      ...(random.chance(0.05) && { 'if-match': random.pick(['*', '"x"', 'x', ''] as const) }),
    };
    const sent = `${method.toUpperCase()} ${address} ${(body ?? '').slice(0, 2000)}`;
    try {
      const response = await request(`${this.#origin}${address}`, {
        method: METHOD_NAMES[method],
        dispatcher: this.#agent,
        headers,
        body,
      });
      const { statusCode: status } = response;
      const answer = await readSome(response.body);
      this.#count(String(status));
      const isUnmatched = status === 412 && 'if-match' in headers;
      const isKnown = String(status) in responses || status === 404 || isUnmatched;
      if (status >= 500 && status !== 503) this.#find(`answers ${status}: ${answer}`, sent);
      else if (!isKnown) this.#find(`answers ${status}, which is not documented: ${answer}`, sent);
    } catch (error) {
      this.#find(`is not answered: ${String(error)}`, sent);
    }
  }

  #address({ path, parameters }: Operation, random: RandomNumbers, maker: RequestMaker): string {
    const query = new URLSearchParams();
    let filled = path;
    for (const { name, in: place, required = false, schema } of parameters) {
      if (place === 'path') {
        const value = maker.parameter(name, schema).replace(/^\.{0,2}$/, '_');
        filled = filled.replace(`{${name}}`, encodeURIComponent(Buffer.from(value).toString()));
      } else if (place === 'query' && (required || random.chance(0.3)))
        query.set(name, maker.parameter(name, schema));
    }
    return query.size === 0 ? filled : `${filled}?${query.toString()}`;
  }

  async #callRpc(
    rpc: RpcClient,
    operation: Operation,
    random: RandomNumbers,
    maker: RequestMaker,
  ): Promise<void> {
    const schema = operation.requestBody?.content['application/json']?.schema;
    const body = schema === undefined ? {} : maker.body(schema);
    const params = {
      ...(typeof body === 'object' && !Array.isArray(body) ? body : { body }),
      ...Object.fromEntries(
        operation.parameters
          .filter(({ in: place }) => place !== 'header')
          .filter(({ required }) => required === true || random.chance(0.3))
          .map(({ name, schema: own }) => [
            name,
            name === 'dryRun' ? true : maker.parameter(name, own),
          ]),
      ),
      ...(random.chance(0.05) && { withEtag: true }),
    };
    const method = operation.operationId;
    const sent = `${method} ${JSON.stringify(params).slice(0, 2000)}`;
    const request = { jsonrpc: '2.0', method, params };
    const isBatch = random.chance(0.2);
    const answering = isBatch
      ? rpc.say(JSON.stringify([1, 2, 3].map((id) => ({ ...request, id: `in batch ${id}` }))))
      : rpc.call(method, params).then((answer) => [answer]);
    const answers = await Promise.race([
      answering,
      new Promise<null>((resolve) => setTimeout(resolve, PATIENCE_MS, null).unref()),
    ]);
    if (answers?.length !== (isBatch ? 3 : 1)) this.#find('is not answered', sent);
    for (const { error, result } of answers ?? []) {
      this.#count(error?.data.code ?? 'result');
      if (error === undefined && result === undefined) this.#find('has no result', sent);
      if (error?.data.code === 'SM_INTERNAL') this.#find(`answers ${error.message}`, sent);
    }
  }

  #count(answer: string): void {
    this.#answers.set(answer, (this.#answers.get(answer) ?? 0) + 1);
  }

  #find(problem: string, request: string): void {
    this.#findings.push({ problem, request });
  }
}

const METHOD_NAMES = {
  get: 'GET',
  put: 'PUT',
  post: 'POST',
  patch: 'PATCH',
  delete: 'DELETE',
} as const satisfies Record<Method, Dispatcher.HttpMethod>;

/** The beginning of a body: some never end. */
async function readSome(body: Dispatcher.ResponseData['body']): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += String(chunk);
    if (text.length > ANSWER_BYTES) break;
  }
  body.destroy();
  return text.slice(0, 500);
}
