import { z } from 'zod';
import { AppError } from '../../core/errors.js';
import { programTimeOf, type DueMoment } from '../../core/program-clock.js';
import { IdSchema } from '../../scene/schema/values.js';
import { airStateOf, isSameOnAir } from '../../state/air.js';
import {
  AirFrameSchema,
  BatchMomentSchema,
  type BatchMoment,
  type BatchRecord,
  LatePolicySchema,
} from '../../state/batch-schema.js';
import type { Command } from '../../state/command.js';
import { foreseeAt } from '../../state/foreseen.js';
import { STATE_LIMITS } from '../../state/limits.js';
import type { Applied } from '../../state/port.js';
import { isTooLate, toDueMoment } from '../batch-moment.js';
import type { OperationContext } from '../context.js';
import { jsonOperation, NO_PARAMS, type Operation } from '../operation.js';
import type { Trial, Trials } from '../trials.js';
import { createId } from './deps.js';

/** How long the answer waits for the frame with which a batch goes on air, milliseconds. */
const ON_AIR_TIMEOUT_MS = 4000;

const BatchCallSchema = z
  .strictObject({
    method: z.string().max(100).meta({
      description: 'Name of an operation that is allowed in a batch.',
      example: 'layers.update',
    }),
    params: z.record(z.string(), z.unknown()).default({}).meta({
      description:
        'Parameters and body of the operation as one object, as in JSON-RPC. May contain `ifMatch`.',
    }),
  })
  .meta({ id: 'BatchCall' });

const BatchSchema = z
  .strictObject({
    id: IdSchema.optional().meta({ description: 'Id of the batch. Default: a generated id.' }),
    operations: z.array(BatchCallSchema).min(1).max(STATE_LIMITS.operationsPerBatch),
    at: BatchMomentSchema.optional().meta({
      description: 'Moment at which the batch is applied. Default: now.',
    }),
    late: LatePolicySchema.default('apply').meta({
      description:
        'What happens when the frame of the requested moment has already been rendered: `apply` applies the batch immediately and sets `late` in the response, `reject` refuses it.',
    }),
  })
  .meta({ id: 'Batch' });
type Batch = z.output<typeof BatchSchema>;

const BatchAnswerSchema = z
  .strictObject({
    id: IdSchema,
    state: z.enum(['applied', 'scheduled']),
    results: z.array(z.unknown()).meta({
      description: 'Result of each operation, in order; null for operations without a result.',
    }),
    revision: z
      .int()
      .meta({ description: 'Revision of the state in which the batch is applied or scheduled.' }),
    late: z.boolean().meta({ description: 'True when the requested moment had already passed.' }),
    dueAtMs: z.number().nullable().meta({
      description: 'Wall-clock time for which the batch is scheduled, in milliseconds since 1970.',
    }),
    frame: AirFrameSchema.nullable().meta({
      description:
        'First program frame that shows the batch. Null while the batch is scheduled, while the program is not running, and when the batch changes nothing visible.',
    }),
  })
  .meta({ id: 'BatchAnswer' });
type BatchAnswer = z.infer<typeof BatchAnswerSchema>;

function lateError(dueAtMs: number): AppError {
  return new AppError(
    'SM_BATCH_LATE',
    `The moment ${new Date(dueAtMs).toISOString()} has passed, or its frame has already been rendered. Choose a later moment (GET /api/stream/status reports the frame on air), or set late to "apply".`,
  );
}

/** Operations that change several things as one. */
export function createBatchOperations(trials: Trials): Operation[] {
  return [
    jsonOperation({
      name: 'batch.apply',
      summary: 'Apply several operations atomically',
      description:
        'All operations take effect in the same frame, or none does. They run in order, each on the state left by the previous one; when one fails, nothing is changed, and the error names the failing operation. With `at` the batch is scheduled and answered immediately; `GET /api/batches/{id}` and the events `batch.applied` and `batch.failed` report its outcome. The scene time of a scene that the batch puts on air starts at the moment of the batch.',
      tag: 'scenes',
      method: 'POST',
      path: '/api/batch',
      status: 200,
      params: NO_PARAMS,
      body: BatchSchema,
      output: BatchAnswerSchema,
      canDryRun: true,
      errors: [
        'SM_METHOD_UNKNOWN',
        'SM_SCENE_UNKNOWN',
        'SM_SCENE_EXISTS',
        'SM_SCENE_ON_AIR',
        'SM_SCENE_LIMIT',
        'SM_LAYER_UNKNOWN',
        'SM_LAYER_EXISTS',
        'SM_LAYER_LIMIT',
        'SM_BATCH_EXISTS',
        'SM_BATCH_LATE',
        'SM_BATCH_NO_CLOCK',
        'SM_BATCH_LIMIT',
      ],
      example: {
        operations: [
          { method: 'scenes.create', params: { id: 'sold', background: '#103020' } },
          {
            method: 'layers.create',
            params: { sceneId: 'sold', id: 'word', type: 'text', text: 'Sold!', fontSize: 200 },
          },
          { method: 'scenes.activate', params: { id: 'sold' } },
        ],
        late: 'apply',
      },
      handle: (context, _params, batch) => applyOrSchedule({ context, trials, batch }),
    }),
  ];
}

/** A batch on its way, and what it takes to carry it out. */
type Work = {
  readonly context: OperationContext;
  readonly trials: Trials;
  readonly batch: Batch;
};

/** Carries a batch out now, or has it wait for its moment. @throws AppError what the first operation that does not fit throws, SM_BATCH_* */
export async function applyOrSchedule(work: Work): Promise<BatchAnswer> {
  const { context, batch } = work;
  const { program } = context;
  const id = batch.id ?? createId();
  if (context.state.batches.some((one) => one.id === id)) {
    throw new AppError(
      'SM_BATCH_EXISTS',
      `The batch id "${id}" is already in use. Choose another id, or omit it.`,
    );
  }
  const { at } = batch;
  if (at === undefined) return applyNow(work, id, null);
  const due = toDueMoment(at, program.clock, context.now());
  if (!isTooLate(due, program.clock, context.now())) return schedule(work, id, at, due);
  if (batch.late === 'reject') throw lateError(due.dueAtMs);
  return applyNow(work, id, due.dueAtMs);
}

/** `missedAtMs` is the moment that it comes too late for; null: it is for now. */
async function applyNow(work: Work, id: string, missedAtMs: number | null): Promise<BatchAnswer> {
  const { program } = work.context;
  const late = missedAtMs !== null;
  const { trial, applied } = await dispatchTried(work, null, ({ commands }) => {
    return { type: 'batch.apply', batchId: id, commands, late };
  });
  const { before, after } = applied;
  const isSame = isSameOnAir(airStateOf(before), airStateOf(after));
  const frame = isSame ? null : await program.whenOnAir(after.revision, ON_AIR_TIMEOUT_MS);
  const { revision } = after;
  const results = [...trial.results];
  return { id, state: 'applied', results, revision, late, dueAtMs: missedAtMs, frame };
}

async function schedule(
  work: Work,
  id: string,
  at: BatchMoment,
  due: DueMoment,
): Promise<BatchAnswer> {
  const { late, operations } = work.batch;
  const { dueAtMs, dueFrame } = due;
  const programTimeMs = programTimeOf(due, work.context.program.clock);
  const moment = { dueAtMs, programTimeMs };
  const { trial, applied } = await dispatchTried(work, moment, ({ commands }) => {
    const record: BatchRecord = {
      id,
      state: 'scheduled',
      at,
      dueAtMs,
      dueFrame,
      programTimeMs,
      late,
      methods: operations.map(({ method }) => method),
      commands: [...commands],
      chars: JSON.stringify(commands).length,
      createdAtMs: work.context.now(),
      endedAtMs: null,
      frame: null,
      wasLate: false,
      error: null,
    };
    return { type: 'batch.schedule', batch: record };
  });
  const { revision } = applied.after;
  const results = [...trial.results];
  return { id, state: 'scheduled', results, revision, late: false, dueAtMs, frame: null };
}

/**
 * Tries the operations out on the state that they will find, and dispatches what they come to before anything else can
 * change it. @throws AppError what the first that does not fit throws
 */
async function dispatchTried(
  { context, trials, batch: { operations } }: Work,
  moment: { readonly dueAtMs: number; readonly programTimeMs: number } | null,
  toCommand: (trial: Trial) => Command,
): Promise<{ readonly trial: Trial; readonly applied: Applied }> {
  for (;;) {
    const { state: head, measureTicker } = context;
    const state = moment === null ? head : foreseeAt(head, moment.dueAtMs, measureTicker);
    const atMs = moment?.programTimeMs ?? context.now();
    const trial = await trials.run(context, state, atMs, operations);
    if (context.state === head) return { trial, applied: await context.dispatch(toCommand(trial)) };
  }
}
