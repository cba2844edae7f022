import { isDueWith, type FrameMoment } from '../core/program-clock.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { ScheduledSnapshot } from './contract.js';

/** What a frame shows. */
export type TimelineMoment = {
  /** Null: nothing, a black picture. */
  readonly snapshot: SceneSnapshot | null;
  /** The batches that are part of it and have their moment by then, in order. */
  readonly batchIds: readonly string[];
};

/**
 * What is on air from when on: a pure function of the moment that a frame shows, so that a batch is in its frame
 * whenever that is planned, and however often.
 */
export class SceneTimeline {
  static readonly EMPTY = new SceneTimeline(null, []);

  /** `scheduled` is in the order of its moments; each snapshot holds all that is due before it. */
  constructor(
    readonly base: SceneSnapshot | null,
    readonly scheduled: readonly ScheduledSnapshot[],
  ) {}

  /** `begun` are batches that are due in any case, since they were with a frame before. */
  at(moment: FrameMoment, begun: ReadonlySet<string>): TimelineMoment {
    const due = this.scheduled.filter((one) => begun.has(one.batchId) || isDueWith(one, moment));
    return {
      snapshot: due.at(-1)?.snapshot ?? this.base,
      batchIds: due.map(({ batchId }) => batchId),
    };
  }

  /** What is due by a frame. */
  dueBy(moment: FrameMoment): readonly ScheduledSnapshot[] {
    return this.scheduled.filter((one) => isDueWith(one, moment));
  }
}
