import { z } from 'zod';
import type { JsonOperation } from './operation.js';

/** What an operation is carried out with. */
export type CallInput = {
  readonly params: unknown;
  readonly body: unknown;
  /** Sent in place of a body of JSON; null: none are. */
  readonly bytes: Uint8Array | null;
};

/** Divides the one object of a JSON-RPC call into what stands in a REST address and what in its body. */
export function splitInput(
  operation: JsonOperation,
  input: Readonly<Record<string, unknown>>,
): CallInput {
  const { params: schema, body: bodySchema } = operation;
  if (bodySchema === null) return { params: input, body: undefined, bytes: null };
  const inBody = bodySchema instanceof z.ZodObject ? bodySchema.shape : {};
  const entries = Object.entries(input);
  return {
    params: Object.fromEntries(entries.filter(([name]) => Object.hasOwn(schema.shape, name))),
    body: Object.fromEntries(
      entries.filter(([name]) => !Object.hasOwn(schema.shape, name) || Object.hasOwn(inBody, name)),
    ),
    bytes: null,
  };
}
