import { AppError, toAppError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import {
  type AirFrame,
  frameAtOrAfter,
  frameOf,
  frameOnAir,
  type ProgramClock,
  programTimeNow,
  programTimeOf,
  wallTimeOfFrame,
} from '../core/program-clock.js';
import { frameTimeMs } from '../core/rational.js';
import type { BatchRecord } from './batch-schema.js';
import { foreseeAll, type ForeseenState, type MisfitBatch, scheduledBatches } from './foreseen.js';
import type { ServiceState } from './model.js';
import type { StateStore } from './port.js';

/** How long a program whose clock runs may take to say that a batch is on air, milliseconds. */
const REPORT_GRACE_MS = 3000;
/** What is applied by the wall clock alone counts as late from here on, milliseconds. */
const LATE_MS = 1000;
/** One that cannot be ended is not tried again and again without a pause. */
const SHORTEST_TIMER_MS = 5;
/** The wall clock is asked again at least so often while batches wait: it may have been set. */
const LONGEST_TIMER_MS = 1000;

export type BatchSchedulerOptions = {
  readonly store: StateStore;
  /** The clock of the running program; null: none runs, and the wall clock has the say. */
  readonly clock: () => ProgramClock | null;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  readonly logger: Logger;
};

/**
 * Makes scheduled batches part of the state once they have their moment. While the program runs it is the program that
 * decides the frame and says so; otherwise they go by the wall clock.
 */
export class BatchScheduler {
  readonly #options: BatchSchedulerOptions;
  /** Batches that are being ended. */
  readonly #ending = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: BatchSchedulerOptions) {
    this.#options = options;
  }

  /** Ends what became due while the service was away, each by its policy, and begins to wait for the rest. */
  async open(): Promise<void> {
    const { store, now } = this.#options;
    for (const batch of scheduledBatches(store.state)) {
      if (batch.dueAtMs <= now()) await this.#endByWallClock(batch);
    }
    this.#arm();
  }

  /**
   * To be called with every new state. Answers what the waiting batches will make of it; one that does not fit any more
   * has failed.
   */
  follow(state: ServiceState): readonly ForeseenState[] {
    const { measureTicker } = this.#options.store;
    const { foreseen, misfits } = foreseeAll(state, measureTicker);
    for (const misfit of misfits) void this.#failMisfit(misfit);
    this.#arm();
    return foreseen;
  }

  /** To be called when the program shows batches for the first time. */
  onAir(batchIds: readonly string[], frame: AirFrame): void {
    const { store, clock } = this.#options;
    for (const batch of scheduledBatches(store.head)) {
      if (!batchIds.includes(batch.id)) continue;
      const running = clock();
      const isLate =
        running !== null &&
        frame.frame > (frameOf(batch, running) ?? frameAtOrAfter(batch.dueAtMs, running));
      // Frames before the first are drawn without a clock.
      void this.#commit(batch, frame.frame < 0 ? null : frame, isLate);
    }
  }

  /** To be called when the program has left out a batch that came too late. */
  async onLate(batchId: string): Promise<void> {
    await this.#fail(batchId, lateError(batchId));
  }

  /**
   * To be called whenever the program has another clock, or its clock another anchor: what waits for a frame comes at
   * another hour of day then, and what waits for an hour of day is shown at another program time.
   */
  async clockChanged(): Promise<void> {
    const { store, clock, logger } = this.#options;
    const running = clock();
    if (running === null || this.#isClosed) return;
    const toleranceMs = frameTimeMs(0.5, running.frameRate);
    const moments = scheduledBatches(store.head).flatMap((batch) => {
      const frame = frameOf(batch, running);
      const dueAtMs = frame === null ? batch.dueAtMs : wallTimeOfFrame(frame, running);
      const programTimeMs = programTimeOf(batch, running);
      const before = batch.programTimeMs ?? batch.dueAtMs;
      const isSame =
        Math.abs(dueAtMs - batch.dueAtMs) < toleranceMs &&
        Math.abs(programTimeMs - before) < toleranceMs;
      return isSame ? [] : [{ batchId: batch.id, dueAtMs, programTimeMs }];
    });
    if (moments.length === 0) return;
    try {
      await store.dispatch({ type: 'batch.redate', moments });
    } catch (thrown) {
      const { code, message } = toAppError(thrown);
      if (code === 'SM_SHUTTING_DOWN') return;
      logger.error(
        { code, reason: message },
        'scheduled batches could not be moved to the new clock',
      );
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const { store, now } = this.#options;
    const next = scheduledBatches(store.head).find(({ id }) => !this.#ending.has(id));
    if (next === undefined || this.#isClosed) return;
    const waitMs = next.dueAtMs + this.#graceMs - now();
    this.#timer = setTimeout(
      () => {
        // What the program has said while this thread was busy is read before the immediate.
        setImmediate(() => {
          this.#expire();
        });
      },
      Math.min(Math.max(SHORTEST_TIMER_MS, waitMs), LONGEST_TIMER_MS),
    );
    this.#timer.unref();
  }

  get #graceMs(): number {
    return this.#options.clock() === null ? 0 : REPORT_GRACE_MS;
  }

  #expire(): void {
    if (this.#isClosed) return;
    for (const batch of scheduledBatches(this.#options.store.head)) {
      if (this.#isOverdue(batch)) void this.#endByWallClock(batch);
    }
    this.#arm();
  }

  /** Whether a batch has its moment, and the program has had time to say so. */
  #isOverdue(batch: BatchRecord): boolean {
    const { clock, now } = this.#options;
    const running = clock();
    const frame = frameOf(batch, running);
    if (running === null || frame === null) return batch.dueAtMs + this.#graceMs <= now();
    const sinceFrames = frameOnAir(running, process.hrtime.bigint()) - frame;
    return frameTimeMs(sinceFrames, running.frameRate) >= this.#graceMs;
  }

  async #endByWallClock(batch: BatchRecord): Promise<void> {
    const isLate = this.#options.now() - batch.dueAtMs > LATE_MS;
    if (isLate && batch.late === 'reject') await this.#fail(batch.id, lateError(batch.id));
    else await this.#commit(batch, null, isLate);
  }

  async #commit({ id }: BatchRecord, frame: AirFrame | null, late: boolean): Promise<void> {
    const { store, clock, now } = this.#options;
    await this.#end(id, async () => {
      try {
        const atMs = programTimeNow(clock(), process.hrtime.bigint(), now());
        await store.dispatch({ type: 'batch.commit', batchId: id, frame, late, atMs });
      } catch (thrown) {
        await this.#dispatchFailure(id, toAppError(thrown));
      }
    });
  }

  async #failMisfit({ batch, error }: MisfitBatch): Promise<void> {
    await this.#fail(batch.id, error);
  }

  async #fail(batchId: string, error: AppError): Promise<void> {
    await this.#end(batchId, () => this.#dispatchFailure(batchId, error));
  }

  async #dispatchFailure(batchId: string, { code, message }: AppError): Promise<void> {
    const { store, now, logger } = this.#options;
    if (code === 'SM_SHUTTING_DOWN') return;
    logger.warn({ batchId, code, reason: message }, 'a scheduled batch has failed');
    await store.dispatch({ type: 'batch.fail', batchId, code, reason: message, atMs: now() });
  }

  /** Ends a batch once; one that somebody else has ended meanwhile stays as it is. */
  async #end(batchId: string, work: () => Promise<void>): Promise<void> {
    if (this.#ending.has(batchId)) return;
    this.#ending.add(batchId);
    try {
      await work();
    } catch (thrown) {
      const { code, message } = toAppError(thrown);
      if (code === 'SM_BATCH_OVER' || code === 'SM_BATCH_UNKNOWN' || code === 'SM_SHUTTING_DOWN')
        return;
      this.#options.logger.error({ batchId, code, reason: message }, 'a batch could not be ended');
    } finally {
      this.#ending.delete(batchId);
    }
  }
}

function lateError(batchId: string): AppError {
  return new AppError(
    'SM_BATCH_LATE',
    `The frame of the batch ${batchId} had already been rendered, and late is "reject".`,
  );
}
