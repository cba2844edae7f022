import type { ServiceEvent } from '../core/event.js';
import { frameAtProgramTime, type ProgramClock } from '../core/program-clock.js';
import type { ServiceState } from '../state/model.js';
import { nextMoment, runningVideos, type RunningVideo } from '../state/video-moments.js';

export type VideoEventsOptions = {
  readonly publish: (event: ServiceEvent) => void;
  readonly clock: () => ProgramClock | null;
  /** Program time. */
  readonly now: () => number;
};

/** What has been longer ago than this when it becomes known is not told any more, milliseconds: before a restart, say. */
const STALE_MS = 2000;

/** Timers are set for no longer than this, milliseconds: program time may differ from their clock. */
const LONGEST_WAIT_MS = 60_000;

/** Of shorter runs it is not told when they begin again, milliseconds. */
const SHORTEST_RUN_MS = 1000;

/** The smallest step of program time, milliseconds: what was told is not told again. */
const STEP_MS = 0.001;

type Followed = { readonly video: RunningVideo; readonly toldUntilMs: number };

/**
 * Tells when videos on air begin, begin again and end, each once, with the frame that first shows it. It follows from the state
 * and the clock alone: nobody has to look at pictures.
 */
export class VideoEvents {
  readonly #options: VideoEventsOptions;
  #followed = new Map<string, Followed>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: VideoEventsOptions) {
    this.#options = options;
  }

  /** To be called with every state. */
  follow(state: ServiceState): void {
    this.#tell();
    const staleMs = this.#options.now() - STALE_MS;
    this.#followed = new Map(
      runningVideos(state).map((video): [string, Followed] => {
        const name = `${video.sceneId} ${video.layerId}`;
        const known = this.#followed.get(name);
        const isSame = known?.video.key === video.key;
        return [name, { video, toldUntilMs: isSame ? known.toldUntilMs : staleMs }];
      }),
    );
    this.#tell();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#followed.clear();
  }

  /** Tells what is over by now, and comes back for the next. */
  #tell(): void {
    clearTimeout(this.#timer);
    const nowMs = this.#options.now();
    let nextMs = Infinity;
    for (const [name, { video, toldUntilMs }] of this.#followed) {
      let afterMs = toldUntilMs;
      let moment = nextMoment(video, afterMs);
      while (moment !== null && moment.programTimeMs <= nowMs) {
        if (moment.type !== 'looped' || video.runMs >= SHORTEST_RUN_MS)
          this.#publish(video, moment.type, moment.programTimeMs);
        afterMs = moment.programTimeMs + STEP_MS;
        moment = nextMoment(video, afterMs);
      }
      this.#followed.set(name, { video, toldUntilMs: afterMs });
      if (moment !== null) nextMs = Math.min(nextMs, moment.programTimeMs);
    }
    if (nextMs === Infinity) return;
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(1, nextMs - nowMs));
    this.#timer = setTimeout(() => {
      this.#tell();
    }, waitMs);
  }

  #publish({ sceneId, layerId }: RunningVideo, type: string, programTimeMs: number): void {
    const clock = this.#options.clock();
    const frame = clock === null ? null : frameAtProgramTime(programTimeMs, clock);
    this.#options.publish({
      topic: 'scene',
      type: `video.${type}`,
      data: { sceneId, layerId, frame },
    });
  }
}
