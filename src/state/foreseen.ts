import { type AppError, toAppError } from '../core/errors.js';
import type { BatchRecord } from './batch-schema.js';
import type { ServiceState } from './model.js';
import { foresee } from './reduce.js';
import type { MeasureTicker } from './ticker-anchors.js';

/** The state as it will be from the moment of a batch on, if nothing else changes. */
export type ForeseenState = { readonly batch: BatchRecord; readonly state: ServiceState };

/** A batch that does not fit the state that it would find. */
export type MisfitBatch = { readonly batch: BatchRecord; readonly error: AppError };

/** The batches that wait, in the order of their moments; those of the same moment in the order in which they came. */
export function scheduledBatches({ batches }: ServiceState): BatchRecord[] {
  return batches.filter(({ state }) => state === 'scheduled').sort((a, b) => a.dueAtMs - b.dueAtMs);
}

/** What every waiting batch will make of the state, each built on those before it; and those that fit no longer. */
export function foreseeAll(
  state: ServiceState,
  measureTicker: MeasureTicker | null,
): {
  readonly foreseen: readonly ForeseenState[];
  readonly misfits: readonly MisfitBatch[];
} {
  const foreseen: ForeseenState[] = [];
  const misfits: MisfitBatch[] = [];
  for (const batch of scheduledBatches(state)) {
    try {
      foreseen.push({
        batch,
        state: foresee(foreseen.at(-1)?.state ?? state, batch, measureTicker),
      });
    } catch (thrown) {
      misfits.push({ batch, error: toAppError(thrown) });
    }
  }
  return { foreseen, misfits };
}

/** The state that something finds which is to happen at a moment: with all batches that come before it. */
export function foreseeAt(
  state: ServiceState,
  atMs: number,
  measureTicker: MeasureTicker | null,
): ServiceState {
  const { foreseen } = foreseeAll(state, measureTicker);
  return foreseen.findLast(({ batch }) => batch.dueAtMs <= atMs)?.state ?? state;
}
