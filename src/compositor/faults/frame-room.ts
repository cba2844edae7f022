import { threadTimeMs } from '../../core/thread-time.js';
import { MAX_ITEMS } from '../../memory/records.js';
import { LOAD_LIMITS } from '../../scene/limits.js';

/**
 * What planning one frame may come to. A scene that takes more, because an older version has stored it or because it
 * takes longer than anybody thought, loses layers and not the clock.
 */
export const FRAME_ROOM = {
  /** Layers that are drawn anew, those in groups and scenes counted: as many as three scenes in a transition may have. */
  layers: 3 * LOAD_LIMITS.layers,
  /**
   * Laying out takes so long at the most; what is left shows what it showed before, and gets its turn in the next frame.
   * Of the second half only what the thread spends on a processor counts, so a busy machine costs no layer.
   */
  planMs: 100,
  /** Room is left for the items of transitions. */
  items: MAX_ITEMS - 64,
} as const;

/**
 * Frames of the last `window` whose time ran out before layers that were left out are said to have failed: seconds, in
 * which a machine that is busy elsewhere comes to rest again. Until then they only show what they showed before.
 */
export const OVERTIME = { strikes: 50, window: 60 } as const;

/** What planning is timed by. */
export type PlanClocks = {
  /** Milliseconds that go on evenly. */
  readonly monotonicMs: () => number;
  /** Milliseconds that the thread has worked. */
  readonly spentMs: () => number;
};

export const PLAN_CLOCKS: PlanClocks = {
  monotonicMs: () => performance.now(),
  spentMs: () => threadTimeMs() ?? performance.now(),
};

/** Keeps account of what a frame has taken. Layers that come first have the room: those on top are left out. */
export class FrameRoom {
  readonly #clocks: PlanClocks;
  readonly #isTimed: boolean;
  #startedAtMs = 0;
  /** What the thread had spent when half of the time was over; null: it is not. */
  #spentAtHalfMs: number | null = null;
  #layers = 0;
  #isOvertime = false;
  /** Of the frames before, the newest last. */
  readonly #recent: boolean[] = [];

  /**
   * @param isTimed - whether a frame that is not planned in time is cut off: where every frame must be whole, it is not
   */
  constructor(isTimed: boolean, clocks: PlanClocks = PLAN_CLOCKS) {
    this.#isTimed = isTimed;
    this.#clocks = clocks;
  }

  begin(): void {
    this.#recent.push(this.#isOvertime);
    if (this.#recent.length > OVERTIME.window) this.#recent.shift();
    this.#startedAtMs = this.#clocks.monotonicMs();
    this.#spentAtHalfMs = null;
    this.#layers = 0;
    this.#isOvertime = false;
  }

  /** The layers of the frame are gone through once more. */
  beginAgain(): void {
    this.#layers = 0;
  }

  /** Takes room for one more layer; answers why there is none, or null. */
  takeLayer(): string | null {
    this.#layers += 1;
    return this.#layers > FRAME_ROOM.layers
      ? `A frame shows at most ${FRAME_ROOM.layers} layers, each counted as often as it is shown. This layer is on top of them and is omitted.`
      : null;
  }

  /** Milliseconds that go on evenly. */
  get nowMs(): number {
    return this.#clocks.monotonicMs();
  }

  /** Whether there is no time left for laying out. */
  get isOver(): boolean {
    if (!this.#isTimed) return false;
    this.#isOvertime ||= this.#isTimeUp();
    return this.#isOvertime;
  }

  /** The thread's own time is asked for late, since asking takes longer than laying out most layers. */
  #isTimeUp(): boolean {
    const { monotonicMs, spentMs } = this.#clocks;
    if (monotonicMs() - this.#startedAtMs <= FRAME_ROOM.planMs / 2) return false;
    const now = spentMs();
    this.#spentAtHalfMs ??= now;
    return now - this.#spentAtHalfMs > FRAME_ROOM.planMs / 2;
  }

  /** Whether that is so again and again, and not because the machine was busy for a moment. */
  get isOftenOver(): boolean {
    return this.#recent.filter(Boolean).length >= OVERTIME.strikes;
  }

  /** Why a layer is left out when it is. */
  get overtimeReason(): string {
    return `Laying out what is on air took more than ${FRAME_ROOM.planMs} ms for each frame; it is one of those on top, which are left out.`;
  }
}

/** Keeps account of the items of a frame. */
export class ItemRoom {
  #items = 0;

  begin(): void {
    this.#items = 0;
  }

  /** Takes room for what a layer of the screen draws; answers why there is none, or null. */
  take(count: number): string | null {
    if (this.#items + count <= FRAME_ROOM.items) {
      this.#items += count;
      return null;
    }
    return `It is drawn in ${count} parts, and a frame has room for ${FRAME_ROOM.items}: layers on top are left out.`;
  }
}
