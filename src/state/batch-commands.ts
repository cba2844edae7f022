import { AppError } from '../core/errors.js';
import type { BatchRecord } from './batch-schema.js';
import type { Change } from './change.js';
import type { Command, CommandOf } from './command.js';
import { STATE_LIMITS } from './limits.js';
import type { ServiceState } from './model.js';

/** Applies one command to a state, without a revision of its own. */
export type Step = (state: ServiceState, command: Command) => Change;

/** A batch that waits for its moment. @throws AppError SM_BATCH_UNKNOWN, SM_BATCH_OVER */
export function findScheduled(state: ServiceState, batchId: string): BatchRecord {
  const batch = state.batches.find(({ id }) => id === batchId);
  if (batch === undefined) {
    throw new AppError(
      'SM_BATCH_UNKNOWN',
      `There is no batch ${batchId}. GET /api/batches lists them.`,
    );
  }
  if (batch.state === 'scheduled') return batch;
  throw new AppError('SM_BATCH_OVER', `The batch ${batchId} is already ${batch.state}.`);
}

/**
 * Applies commands one after the other. Nothing is left of them when one does not fit.
 * @throws AppError what the first that does not fit throws
 */
export function applyAll(state: ServiceState, commands: readonly Command[], step: Step): Change {
  return commands.reduce<Change>(
    (change, command) => {
      const next = step(change.state, command);
      return { state: next.state, events: [...change.events, ...next.events] };
    },
    { state, events: [] },
  );
}

/** @throws AppError what a command of it throws */
export function applyBatch(
  state: ServiceState,
  command: CommandOf<'batch.apply'>,
  step: Step,
): Change {
  const { batchId, commands, late } = command;
  const change = applyAll(state, commands, step);
  const data = { batchId, frame: null, late };
  return {
    state: change.state,
    events: [...change.events, { topic: 'scene', type: 'batch.applied', data }],
  };
}

/** @throws AppError SM_BATCH_EXISTS, SM_BATCH_LIMIT */
export function scheduleBatch(state: ServiceState, { batch }: CommandOf<'batch.schedule'>): Change {
  if (state.batches.some(({ id }) => id === batch.id)) {
    throw new AppError(
      'SM_BATCH_EXISTS',
      `A batch with the id ${batch.id} already exists. Choose another id, or omit it.`,
    );
  }
  const waiting = state.batches.filter((one) => one.state === 'scheduled');
  const chars = waiting.reduce((sum, one) => sum + one.chars, batch.chars);
  if (waiting.length >= STATE_LIMITS.scheduledBatches || chars > STATE_LIMITS.scheduledChars) {
    throw new AppError(
      'SM_BATCH_LIMIT',
      `${waiting.length} batches are scheduled; the limit is ${STATE_LIMITS.scheduledBatches} batches with ${STATE_LIMITS.scheduledChars} characters in total. Cancel some, or schedule this one later.`,
    );
  }
  const { id, dueAtMs, at, late, methods } = batch;
  return {
    state: { ...state, batches: withoutOldest([...state.batches, batch]) },
    events: [
      {
        topic: 'scene',
        type: 'batch.scheduled',
        data: { batchId: id, dueAtMs, at, late, methods },
      },
    ],
  };
}

/** Applies a scheduled batch for good. @throws AppError SM_BATCH_UNKNOWN, SM_BATCH_OVER, what a command of it throws */
export function commitBatch(
  state: ServiceState,
  command: CommandOf<'batch.commit'>,
  step: Step,
  read: (stored: BatchRecord['commands']) => readonly Command[],
): Change {
  const { batchId, frame, late, atMs } = command;
  const batch = findScheduled(state, batchId);
  const change = applyAll(state, read(batch.commands), step);
  const ended = end(batch, { state: 'applied', endedAtMs: atMs, frame, wasLate: late });
  return {
    state: withBatch(change.state, ended),
    events: [
      ...change.events,
      { topic: 'scene', type: 'batch.applied', data: { batchId, frame, late } },
    ],
  };
}

/** Gives scheduled batches other moments; those that are over meanwhile stay as they are. */
export function redateBatches(state: ServiceState, { moments }: CommandOf<'batch.redate'>): Change {
  const byId = new Map(moments.map((moment) => [moment.batchId, moment]));
  const batches = state.batches.map((batch) => {
    const moment = byId.get(batch.id);
    if (moment === undefined || batch.state !== 'scheduled') return batch;
    const { dueAtMs, programTimeMs } = moment;
    const laterMs = programTimeMs - (batch.programTimeMs ?? batch.dueAtMs);
    const commands = batch.commands.map((command) => movedBy(command, laterMs));
    return { ...batch, dueAtMs, programTimeMs, commands };
  });
  return { state: { ...state, batches }, events: [] };
}

type StoredCommand = BatchRecord['commands'][number];

/** A command that holds for another moment: `atMs` is where each has it, messages of chats in the message. */
function movedBy(command: StoredCommand, laterMs: number): StoredCommand {
  const { atMs, message } = command;
  if (typeof atMs === 'number') return { ...command, atMs: atMs + laterMs };
  if (typeof message !== 'object' || message === null || !('atMs' in message)) return command;
  return typeof message.atMs === 'number'
    ? { ...command, message: { ...message, atMs: message.atMs + laterMs } }
    : command;
}

/** @throws AppError SM_BATCH_UNKNOWN, SM_BATCH_OVER */
export function cancelBatch(
  state: ServiceState,
  { batchId, atMs }: CommandOf<'batch.cancel'>,
): Change {
  const batch = findScheduled(state, batchId);
  return {
    state: withBatch(state, end(batch, { state: 'cancelled', endedAtMs: atMs })),
    events: [{ topic: 'scene', type: 'batch.cancelled', data: { batchId } }],
  };
}

/** @throws AppError SM_BATCH_UNKNOWN, SM_BATCH_OVER */
export function failBatch(
  state: ServiceState,
  { batchId, code, reason, atMs }: CommandOf<'batch.fail'>,
): Change {
  const batch = findScheduled(state, batchId);
  const error = { code, message: reason };
  return {
    state: withBatch(state, end(batch, { state: 'failed', endedAtMs: atMs, error })),
    events: [{ topic: 'scene', type: 'batch.failed', data: { batchId, error } }],
  };
}

/** A batch that is over holds no commands any more: it is remembered, and must not weigh. */
function end(batch: BatchRecord, outcome: Partial<BatchRecord>): BatchRecord {
  return { ...batch, commands: [], chars: 0, ...outcome };
}

function withBatch(state: ServiceState, batch: BatchRecord): ServiceState {
  const index = state.batches.findIndex(({ id }) => id === batch.id);
  return { ...state, batches: withoutOldest(state.batches.with(index, batch)) };
}

/** Forgets the oldest of those that are over. */
function withoutOldest(batches: readonly BatchRecord[]): BatchRecord[] {
  const isOver = ({ state }: BatchRecord): boolean => state !== 'scheduled';
  let surplus = batches.filter(isOver).length - STATE_LIMITS.endedBatches;
  return batches.filter((batch) => {
    if (surplus <= 0 || !isOver(batch)) return true;
    surplus -= 1;
    return false;
  });
}
