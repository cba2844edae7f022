import { z } from 'zod';
import { AppError } from '../core/errors.js';
import type { Identity } from './auth.js';
import { splitInput } from './call-input.js';
import { isChange, takeOptions } from './call-options.js';
import type { Done, ReadRequest, Request } from './requests.js';
import type { OperationTable } from './trials.js';
import { validate } from './validation.js';

/** What a JSON-RPC method answers. */
export type CallResult = {
  readonly value: unknown;
  /** False: it is a change that a crash would undo. */
  readonly isDurable: boolean;
};

const WithEtagSchema = z.object({ withEtag: z.boolean().default(false) });

export type RpcRequestParts = {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Known since the socket was opened. */
  readonly identity: Identity;
  /** Counts it against what its sender may send. @throws RetryLaterError */
  readonly limit: (identity: Identity) => Promise<void> | void;
  readonly table: OperationTable;
};

/** One call of a method as a request: its params hold what stands in address, query, headers and body over REST. */
export function createRpcRequest(parts: RpcRequestParts): Request<CallResult> {
  const { method, params } = parts;
  const { byName, resources } = parts.table;
  let isTagWanted = false;
  return {
    authenticate: () => parts.identity,
    limit: (identity) => parts.limit(identity),
    find: () => {
      const operation = byName.get(method);
      if (operation !== undefined) return operation;
      throw new AppError(
        'SM_METHOD_UNKNOWN',
        `There is no method "${method}". The methods are the operations listed at /docs, events.subscribe and events.unsubscribe.`,
      );
    },
    read: (operation, { subject }): ReadRequest => {
      isTagWanted = validate(WithEtagSchema, params).withEtag;
      const rest = Object.fromEntries(
        Object.entries(params).filter(([name]) => !Object.hasOwn(WithEtagSchema.shape, name)),
      );
      const { input, options } = isChange(operation.method)
        ? takeOptions(rest, subject)
        : { input: rest, options: null };
      return { input: splitInput(operation, input), options };
    },
    onReplay: () => undefined,
    respond: ({ operation, answer: { value }, isDurable }: Done) =>
      isTagWanted
        ? { value: { etag: resources.etagOfAnswer(operation, value), value }, isDurable }
        : { value, isDurable },
  };
}
