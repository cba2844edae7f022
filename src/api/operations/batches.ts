import { z } from 'zod';
import { AppError } from '../../core/errors.js';
import { type BatchRecord, BatchRecordSchema } from '../../state/batch-schema.js';
import { isTooLate } from '../batch-moment.js';
import type { OperationContext } from '../context.js';
import { jsonOperation, NO_BODY, NO_CONTENT, NO_PARAMS, type Operation } from '../operation.js';
import { ID_PARAMS } from './deps.js';

/** A batch as it is shown: what it was asked to do, and what became of it. */
const BatchViewSchema = BatchRecordSchema.omit({
  commands: true,
  chars: true,
  dueFrame: true,
  programTimeMs: true,
}).meta({
  id: 'BatchView',
});
type BatchView = z.infer<typeof BatchViewSchema>;

const BatchListSchema = z
  .strictObject({ batches: z.array(BatchViewSchema) })
  .meta({ id: 'BatchList' });

const ShownSchema = z.object(BatchViewSchema.shape);

function toView(batch: BatchRecord): BatchView {
  return ShownSchema.parse(batch);
}

function findBatch(batches: readonly BatchRecord[], id: string): BatchRecord {
  const batch = batches.find((candidate) => candidate.id === id);
  if (batch !== undefined) return batch;
  throw new AppError(
    'SM_BATCH_UNKNOWN',
    `There is no batch "${id}". GET /api/batches lists the scheduled and the most recently finished batches.`,
  );
}

const LIST = jsonOperation({
  name: 'batches.list',
  summary: 'List the scheduled batches',
  description:
    'Lists the batches that are waiting and the most recently finished ones with their outcome.',
  tag: 'scenes',
  method: 'GET',
  path: '/api/batches',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: BatchListSchema,
  errors: [],
  example: {},
  handle: (context) => ({ batches: context.state.batches.map(toView) }),
});

const GET = jsonOperation({
  name: 'batches.get',
  summary: 'Read a scheduled batch and its outcome',
  tag: 'scenes',
  method: 'GET',
  path: '/api/batches/{id}',
  status: 200,
  params: ID_PARAMS,
  body: NO_BODY,
  output: BatchViewSchema,
  errors: ['SM_BATCH_UNKNOWN'],
  example: {},
  handle: (context, { id }) => toView(findBatch(context.state.batches, id)),
});

const CANCEL = jsonOperation({
  name: 'batches.cancel',
  summary: 'Cancel a scheduled batch',
  description: 'A batch cannot be cancelled once its frame has been rendered.',
  tag: 'scenes',
  method: 'DELETE',
  path: '/api/batches/{id}',
  status: 204,
  params: ID_PARAMS,
  body: NO_BODY,
  output: NO_CONTENT,
  errors: ['SM_BATCH_UNKNOWN', 'SM_BATCH_OVER'],
  example: {},
  handle: async (context, { id }) => {
    await cancelBatch(context, findBatch(context.state.batches, id));
    return null;
  },
});

/** @throws AppError SM_BATCH_OVER */
export async function cancelBatch(context: OperationContext, batch: BatchRecord): Promise<void> {
  const { id, state } = batch;
  if (state === 'scheduled' && isTooLate(batch, context.program.clock, context.now())) {
    throw new AppError('SM_BATCH_OVER', `The batch ${id} is going on air at this moment.`);
  }
  await context.dispatch({ type: 'batch.cancel', batchId: id, atMs: context.now() });
}

/** Operations on batches that wait for their moment. */
export const BATCH_LIST_OPERATIONS: readonly Operation[] = [LIST, GET, CANCEL];
