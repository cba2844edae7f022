import { z } from 'zod';
import { AppError, toAppError } from '../core/errors.js';
import type { CallResult } from './rpc-request.js';
import {
  hintsAtReservedName,
  parseJson,
  refuseReservedNames,
  type JsonLimits,
} from './json-text.js';
import { toProblem } from './problem.js';

/** https://www.jsonrpc.org/specification */
const RequestSchema = z.strictObject({
  jsonrpc: z.literal('2.0'),
  method: z.string(),
  params: z.record(z.string(), z.unknown()).optional(),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
});

type RpcId = string | number | null;

export type RpcLimits = JsonLimits & { readonly batchRequests: number };

/** Carries out one method. @throws AppError SM_METHOD_UNKNOWN and whatever the method throws */
export type RpcCall = (
  method: string,
  params: Readonly<Record<string, unknown>>,
) => Promise<CallResult>;

function toRpcCode(error: AppError): number {
  if (error.code === 'SM_METHOD_UNKNOWN') return -32601;
  if (error.code === 'SM_REQUEST_INVALID') return -32602;
  return -32000;
}

function failure(code: number, error: AppError, id: RpcId): object {
  const data = toProblem(error);
  return { jsonrpc: '2.0', error: { code, message: data.detail, data }, id };
}

function idOf(request: unknown): RpcId {
  const id: unknown =
    typeof request === 'object' && request !== null && 'id' in request ? request.id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

/** @param isSuspect - whether its text hints at a name that cannot be stored */
async function answerOne(
  request: unknown,
  isSuspect: boolean,
  call: RpcCall,
): Promise<object | null> {
  const parsed = RequestSchema.safeParse(request);
  if (!parsed.success) {
    const hasParams = parsed.error.issues.some((issue) => issue.path[0] === 'params');
    const error = new AppError(
      'SM_REQUEST_INVALID',
      hasParams
        ? 'params must be an object of named parameters.'
        : 'A request must have the form {"jsonrpc": "2.0", "method": …, "params": {…}, "id": …}.',
    );
    return failure(hasParams ? -32602 : -32600, error, idOf(request));
  }
  const { method, params, id } = parsed.data;
  try {
    if (isSuspect) refuseReservedNames(params);
    const { value, isDurable } = await call(method, params ?? {});
    if (id === undefined) return null;
    const answer = { jsonrpc: '2.0', result: value ?? null, id };
    return isDurable ? answer : { ...answer, durable: false };
  } catch (thrown) {
    const error = toAppError(thrown);
    return id === undefined ? null : failure(toRpcCode(error), error, id);
  }
}

/**
 * Answers a JSON-RPC 2.0 message, single or batch; null when there is nothing to say. Requests of a batch run one
 * after the other. Never throws.
 */
export async function answerRpc(
  message: Uint8Array,
  limits: RpcLimits,
  call: RpcCall,
): Promise<string | null> {
  // Of the text nothing is left after the first wait.
  const isSuspect = hintsAtReservedName(message);
  let request: unknown;
  try {
    request = parseJson(message, limits);
  } catch (thrown) {
    const error = toAppError(thrown);
    return JSON.stringify(
      failure(error.code === 'SM_REQUEST_MALFORMED' ? -32700 : -32600, error, null),
    );
  }
  if (!Array.isArray(request)) {
    const answer = await answerOne(request, isSuspect, call);
    return answer === null ? null : JSON.stringify(answer);
  }
  const requests: unknown[] = request;
  if (requests.length === 0 || requests.length > limits.batchRequests) {
    const error = new AppError(
      'SM_REQUEST_INVALID',
      `A batch must contain 1 to ${limits.batchRequests} requests; this one contains ${requests.length}.`,
    );
    return JSON.stringify(failure(-32600, error, null));
  }
  const answers: object[] = [];
  for (const one of requests) {
    const answer = await answerOne(one, isSuspect, call);
    if (answer !== null) answers.push(answer);
  }
  return answers.length === 0 ? null : JSON.stringify(answers);
}
