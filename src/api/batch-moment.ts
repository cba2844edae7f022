import { AppError } from '../core/errors.js';
import {
  frameAtMediaTime,
  frameOf,
  isDueBy,
  newestPlannedFrame,
  type DueMoment,
  type ProgramClock,
  wallTimeOfFrame,
} from '../core/program-clock.js';
import { toFps } from '../core/rational.js';
import type { BatchMoment } from '../state/batch-schema.js';
import { invalidRequest } from './validation.js';

/** No batch waits longer: a hundred years, which leaves room for every time that a `Date` can hold. */
const MAX_WAIT_MS = 100 * 365.25 * 86_400_000;

/**
 * When a batch is to be on air. A wall-clock time is due by the wall clock, a number of frames or a
 * media time by the frame, whatever happens to the wall clock meanwhile.
 * @throws AppError SM_BATCH_NO_CLOCK when it is given in frames or media time and no clock runs, SM_REQUEST_INVALID when it is
 * more than a hundred years off
 */
export function toDueMoment(at: BatchMoment, clock: ProgramClock | null, nowMs: number): DueMoment {
  const due = momentOf(at, clock);
  if (due.dueAtMs - nowMs <= MAX_WAIT_MS) return due;
  throw invalidRequest([{ path: '/at', message: 'must be within the next 100 years' }]);
}

function momentOf(at: BatchMoment, clock: ProgramClock | null): DueMoment {
  if ('time' in at)
    return { dueAtMs: typeof at.time === 'number' ? at.time : Date.parse(at.time), dueFrame: null };
  if (clock === null) {
    throw new AppError(
      'SM_BATCH_NO_CLOCK',
      'Frames cannot be counted because the program is not running. Specify a time, or start the stream first.',
    );
  }
  const { frameRate, startedAtMs } = clock;
  const frame = 'frame' in at ? at.frame : frameAtMediaTime(at.mediaTimeMs, frameRate);
  const position = 'frame' in at ? frame : (at.mediaTimeMs * toFps(frameRate)) / 1000;
  return {
    dueAtMs: wallTimeOfFrame(position, clock),
    dueFrame: { clockStartedAtMs: startedAtMs, frame },
  };
}

/** Whether the frame that something is due with is drawn by now; without a clock, whether its moment is over. */
export function isTooLate(due: DueMoment, clock: ProgramClock | null, nowMs: number): boolean {
  if (clock === null) return due.dueAtMs <= nowMs;
  const newest = newestPlannedFrame(clock, process.hrtime.bigint());
  const frame = frameOf(due, clock);
  return frame === null ? isDueBy(due.dueAtMs, wallTimeOfFrame(newest, clock)) : frame <= newest;
}
