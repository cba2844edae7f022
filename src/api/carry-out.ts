import type { CallInput } from './call-input.js';
import type { OperationContext } from './context.js';
import type { Resources } from './etag.js';
import type { Answer, JsonOperation, Run } from './operation.js';

/** An operation with what it is asked for. */
export type Call = {
  readonly operation: JsonOperation;
  readonly input: CallInput;
  /** Carried out only while the resource is as it was: the value of If-Match; null: whatever it is. */
  readonly ifMatch: string | null;
};

/** Checks the input of a call. @throws AppError SM_REQUEST_INVALID */
function validateCall({ operation, input }: Call): Run {
  const { params, body, bytes } = input;
  if (bytes === null) return operation.validate(params, body);
  if (operation.upload === null) throw new Error(`${operation.name} does not accept uploads`);
  return operation.upload.validate(params, bytes);
}

/**
 * The steps of a request that are the same for one of its own, one of a batch and one that is only tried out:
 * preconditions → validate → run. Nothing is awaited before the operation has changed the state, so nothing can come
 * between the condition and the change.
 * @throws AppError SM_PRECONDITION_FAILED, SM_REQUEST_INVALID, and what the operation throws
 */
export function carryOut(
  resources: Resources,
  context: OperationContext,
  call: Call,
): Promise<Answer> {
  if (call.ifMatch !== null)
    resources.check(context, call.operation, call.input.params, call.ifMatch);
  const run = validateCall(call);
  return run(context);
}
