import { AppError } from '../core/errors.js';
import {
  isDueBy,
  newestPlannedFrame,
  type ProgramClock,
  wallTimeOfFrame,
} from '../core/program-clock.js';
import type { BatchMoment } from '../state/batch-schema.js';

/**
 * The wall-clock moment that a batch is to be on air at, milliseconds.
 * @throws AppError SM_BATCH_NO_CLOCK when it is given in frames or media time and no clock runs
 */
export function toDueTime(at: BatchMoment, clock: ProgramClock | null): number {
  if ('time' in at) return typeof at.time === 'number' ? at.time : Date.parse(at.time);
  if (clock === null) {
    throw new AppError(
      'SM_BATCH_NO_CLOCK',
      'Frames cannot be counted because the program is not running. Specify a time, or start the stream first.',
    );
  }
  return 'frame' in at ? wallTimeOfFrame(at.frame, clock) : clock.startedAtMs + at.mediaTimeMs;
}

/** Whether the frame that shows a moment is drawn by now; without a clock, whether the moment is over. */
export function isTooLate(dueAtMs: number, clock: ProgramClock | null, nowMs: number): boolean {
  if (clock === null) return dueAtMs <= nowMs;
  const newest = newestPlannedFrame(clock, process.hrtime.bigint());
  return isDueBy(dueAtMs, wallTimeOfFrame(newest, clock));
}
