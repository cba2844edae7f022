import { z } from 'zod';
import { AppError } from '../../core/errors.js';
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
import { isTooLate, toDueTime } from '../batch-moment.js';
import type { OperationContext } from '../context.js';
import { jsonOperation, NO_PARAMS, type Operation } from '../operation.js';
import type { Trial, Trials } from '../trials.js';
import { createId } from './deps.js';

/** How long the answer waits for the frame with which a batch goes on air, milliseconds. */
const ON_AIR_TIMEOUT_MS = 4000;

const BatchCallSchema = z
  .strictObject({
    method: z.string().max(100).meta({
      description: 'Name of an operation that says it can be part of a batch.',
      example: 'layers.update',
    }),
    params: z.record(z.string(), z.unknown()).default({}).meta({
      description: 'As in JSON-RPC: parameters and body as one object. May hold `ifMatch`.',
    }),
  })
  .meta({ id: 'BatchCall' });

const BatchSchema = z
  .strictObject({
    id: IdSchema.optional().meta({ description: 'Made when it is left out.' }),
    operations: z.array(BatchCallSchema).min(1).max(STATE_LIMITS.operationsPerBatch),
    at: BatchMomentSchema.optional().meta({ description: 'Default: now.' }),
    late: LatePolicySchema.default('apply').meta({
      description:
        'When its frame has been drawn already: `apply` does it at once and says so, `reject` does nothing.',
    }),
  })
  .meta({ id: 'Batch' });
type Batch = z.output<typeof BatchSchema>;

const BatchAnswerSchema = z
  .strictObject({
    id: IdSchema,
    state: z.enum(['applied', 'scheduled']),
    results: z
      .array(z.unknown())
      .meta({ description: 'What each operation answers, in order; null for those without.' }),
    revision: z.int().meta({ description: 'Of the state that holds it, applied or scheduled.' }),
    late: z.boolean().meta({ description: 'It came too late for its moment.' }),
    dueAtMs: z
      .number()
      .nullable()
      .meta({ description: 'Wall-clock moment that it is scheduled for.' }),
    frame: AirFrameSchema.nullable().meta({
      description:
        'With which it went on air; null while it is scheduled, when the program does not run, and when nothing of it is to be seen.',
    }),
  })
  .meta({ id: 'BatchAnswer' });
type BatchAnswer = z.infer<typeof BatchAnswerSchema>;

function lateError(dueAtMs: number): AppError {
  return new AppError(
    'SM_BATCH_LATE',
    `The moment ${new Date(dueAtMs).toISOString()} is over, or its frame is drawn already. Aim further ahead: GET /api/stream/status tells the frame on air; or let it be late.`,
  );
}

/** Operations that change several things as one. */
export function createBatchOperations(trials: Trials): Operation[] {
  return [
    jsonOperation({
      name: 'batch.apply',
      summary: 'Carry out several operations as one',
      description:
        'All of them or none, with one frame. They are carried out in order, each on what those before it have left; when one does not fit, nothing has happened, and the error says which. With `at` the batch waits for its moment and is answered at once; `GET /api/batches/{id}` and the events `batch.applied` and `batch.failed` tell what became of it. Scene time of what it puts on air counts from its moment.',
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

async function applyOrSchedule(work: Work): Promise<BatchAnswer> {
  const { context, batch } = work;
  const { program } = context;
  const id = batch.id ?? createId();
  if (context.state.batches.some((one) => one.id === id)) {
    throw new AppError(
      'SM_BATCH_EXISTS',
      `There is a batch "${id}" already, or has been. Choose another id, or none.`,
    );
  }
  const { at } = batch;
  if (at === undefined) return applyNow(work, id, null);
  const dueAtMs = toDueTime(at, program.clock);
  if (!isTooLate(dueAtMs, program.clock, context.now())) return schedule(work, id, at, dueAtMs);
  if (batch.late === 'reject') throw lateError(dueAtMs);
  return applyNow(work, id, dueAtMs);
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
  dueAtMs: number,
): Promise<BatchAnswer> {
  const { late, operations } = work.batch;
  const { trial, applied } = await dispatchTried(work, dueAtMs, ({ commands }) => {
    const record: BatchRecord = {
      id,
      state: 'scheduled',
      at,
      dueAtMs,
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
  dueAtMs: number | null,
  toCommand: (trial: Trial) => Command,
): Promise<{ readonly trial: Trial; readonly applied: Applied }> {
  for (;;) {
    const { state: head, measureTicker } = context;
    const state = dueAtMs === null ? head : foreseeAt(head, dueAtMs, measureTicker);
    const trial = await trials.run(context, state, dueAtMs ?? context.now(), operations);
    if (context.state === head) return { trial, applied: await context.dispatch(toCommand(trial)) };
  }
}
