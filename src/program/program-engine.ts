import type { Logger } from '../core/logger.js';
import type { Kernels } from '../memory/kernels.js';
import { JOB_SLOTS, MAX_LANES, type ProgramMap } from '../memory/map.js';
import type { ProgramFrameWriter } from '../memory/program-frames.js';
import { LANE_SCRATCH_BYTES } from '../memory/records.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { BitmapStore } from './bitmaps.js';
import { FrameAssembler, type AiredFrame } from './frame-assembler.js';
import { FramePlanner, releaseFrame, type PlannedFrame } from './frame-planner.js';
import type { Latencies } from './latencies.js';
import type { FrameOutcome } from './ledger.js';
import type { Renderer } from './render-pool.js';
import { SceneTimeline } from './timeline.js';

/** A planned frame on its way. */
type Flight = {
  readonly frame: PlannedFrame;
  readonly plannedAtMs: number;
  /** The scheduled batches that it shows. */
  readonly batchIds: readonly string[];
  /** The job slot that is its own as long as it is under way; null when there is nothing to draw. */
  readonly heldSlot: number | null;
  state: 'drawing' | 'complete' | 'lost';
  /** Lanes that are at work on it. */
  lanes: number;
  /** Whether it has been taken or given up: nobody needs its patches any more. */
  isLanded: boolean;
};

const JOB_SLOT_NUMBERS = Array.from({ length: JOB_SLOTS }, (_, slot) => slot);

/** So many pixels are worth a lane of their own; fewer cost less than telling another thread. */
const LANE_MIN_PX = 65_536;

export type EngineOptions = {
  readonly memory: WebAssembly.Memory;
  readonly map: ProgramMap;
  readonly kernels: Kernels;
  readonly board: ProgramFrameWriter;
  readonly bitmaps: BitmapStore;
  readonly renderer: Renderer;
  readonly latencies: Latencies;
  readonly logger: Logger;
  /** A flight has ended: complete, or lost. */
  readonly onFlightEnd: () => void;
  /** A program frame shows this revision of the scene, or these scheduled batches, for the first time. */
  readonly onAir: (revision: number, n: number, batchIds: readonly string[]) => void;
};

/**
 * Makes program frames: plans them ahead, has them drawn, and assembles what has come back. Knows no clock: whoever
 * drives it says when to plan a frame and when to take one.
 */
export class ProgramEngine {
  readonly #options: EngineOptions;
  readonly #planner: FramePlanner;
  readonly #assembler: FrameAssembler;
  readonly #flights: Flight[] = [];
  /** Job slots that a flight is in. */
  readonly #busySlots = new Set<number>();
  /** Revisions that are shown but not yet in a program frame, with the moment they were accepted. */
  #awaited: { readonly revision: number; readonly acceptedAtNs: bigint | null } | null = null;
  #timeline = SceneTimeline.EMPTY;
  /** What the planner has been told last. */
  #shown: SceneSnapshot | null = null;
  /** Scheduled batches that are in a program frame. */
  #airedBatches = new Set<string>();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#planner = new FramePlanner(
      options.memory,
      options.map,
      options.bitmaps,
      (layerId, error) => {
        options.logger.error(
          { err: error, layerId },
          'a layer could not be laid out and is left out',
        );
      },
    );
    this.#assembler = new FrameAssembler(options.map, options.kernels, options.board);
  }

  get planner(): FramePlanner {
    return this.#planner;
  }

  /** The program frame on air; null before the first. */
  get newest(): AiredFrame | null {
    return this.#assembler.newest;
  }

  hold(aired: AiredFrame): void {
    this.#assembler.hold(aired);
  }

  release(aired: AiredFrame): void {
    this.#assembler.release(aired);
  }

  /** The scene that frames planned from now on show. */
  show(snapshot: SceneSnapshot): void {
    this.follow(new SceneTimeline(snapshot, []));
  }

  get timeline(): SceneTimeline {
    return this.#timeline;
  }

  /** What the frame that was planned last shows; null before the first. */
  get shown(): SceneSnapshot | null {
    return this.#shown;
  }

  /** What frames planned from now on show, each by its moment. */
  follow(timeline: SceneTimeline): void {
    const before = this.#timeline.base;
    this.#timeline = timeline;
    const ids = new Set(timeline.scheduled.map(({ batchId }) => batchId));
    this.#airedBatches = new Set([...this.#airedBatches].filter((id) => ids.has(id)));
    const snapshot = timeline.base;
    if (snapshot === null || snapshot === before) return;
    // A change that is overtaken before it was on air is on air with the one that overtook it: the wait counts from the first.
    this.#awaited = {
      revision: snapshot.revision,
      acceptedAtNs: this.#awaited?.acceptedAtNs ?? snapshot.acceptedAtNs,
    };
  }

  /** Whether no lane is at work: the memory may be laid out anew. */
  get isIdle(): boolean {
    return this.#busySlots.size === 0;
  }

  /** How many frames could be planned now. */
  get freeSlots(): number {
    return JOB_SLOTS - this.#busySlots.size;
  }

  /**
   * Plans frame `n`, which shows the moment `wallTimeMs`, and sends it to the lanes. False when no job slot is free.
   * The frame that was planned last may be planned once more after the scene has changed: what differs is then drawn
   * on top of it, and is on air with it if it is done in time.
   */
  plan(n: number, wallTimeMs: number): boolean {
    const slot = JOB_SLOT_NUMBERS.find((candidate) => !this.#busySlots.has(candidate));
    if (slot === undefined) return false;
    const { snapshot, batchIds } = this.#timeline.at(wallTimeMs);
    if (snapshot !== null && snapshot !== this.#shown) this.#planner.show(snapshot);
    this.#shown = snapshot;
    const frame = this.#planner.plan(n, slot, wallTimeMs);
    const isEmpty = frame.tileCount === 0 && frame.paints.length === 0;
    const flight: Flight = {
      frame,
      plannedAtMs: performance.now(),
      batchIds,
      heldSlot: isEmpty ? null : slot,
      state: isEmpty ? 'complete' : 'drawing',
      lanes: 0,
      isLanded: false,
    };
    this.#flights.push(flight);
    if (!isEmpty) {
      this.#busySlots.add(slot);
      this.#draw(flight);
    }
    return true;
  }

  /** Whether frame `n` has been drawn, with all before it. */
  isComplete(n: number): boolean {
    const open = this.#flights.findIndex(({ state }) => state === 'drawing');
    const index = this.#flights.findIndex(({ frame }) => frame.n === n);
    return index !== -1 && (open === -1 || index < open);
  }

  /**
   * Brings the program frame as far as drawing has come, at most to frame `n`. What it answers is the outcome of
   * slot `n`: it is late when frame `n` itself is not there yet.
   */
  take(n: number): Exclude<FrameOutcome, 'skipped'> {
    const ready: Flight[] = [];
    for (const flight of this.#flights) {
      if (flight.state === 'drawing' || flight.frame.n > n) break;
      ready.push(flight);
    }
    const complete = ready.filter(({ state }) => state === 'complete');
    const changed = complete.map(({ frame }) => frame).filter(({ tileCount }) => tileCount > 0);
    const startedAtMs = performance.now();
    if (changed.length > 0) {
      if (!this.#assembler.assemble(changed, n)) return 'late';
      this.#options.latencies.observe('assemble', (performance.now() - startedAtMs) / 1000);
    }
    for (const flight of ready) this.#land(flight);
    this.#flights.splice(0, ready.length);
    this.#announce(complete, n);
    if (complete.at(-1)?.frame.n !== n) return 'late';
    return changed.length > 0 ? 'rendered' : 'unchanged';
  }

  /** Gives up all that is planned; the next frame is drawn whole. Frames can be counted from any number again. */
  reset(): void {
    for (const flight of this.#flights) {
      flight.state = 'lost';
      this.#land(flight);
    }
    this.#flights.length = 0;
    this.#planner.invalidate();
  }

  #land(flight: Flight): void {
    flight.isLanded = true;
    this.#letGo(flight);
  }

  /** A slot and the bitmaps are free once nobody needs the patches and no lane may write or paint any more. */
  #letGo({ frame, heldSlot, lanes, isLanded }: Flight): void {
    if (lanes > 0 || !isLanded) return;
    if (heldSlot !== null) this.#busySlots.delete(heldSlot);
    releaseFrame(frame);
  }

  #announce(complete: readonly Flight[], n: number): void {
    const newest = complete.at(-1);
    if (newest === undefined) return;
    const batchIds = newest.batchIds.filter((id) => !this.#airedBatches.has(id));
    for (const id of batchIds) this.#airedBatches.add(id);
    const awaited = this.#awaited;
    const isThere =
      awaited !== null && complete.some(({ frame }) => frame.revision >= awaited.revision);
    if (isThere) {
      this.#awaited = null;
      if (awaited.acceptedAtNs !== null) {
        this.#options.latencies.observe(
          'apiToPixel',
          Number(process.hrtime.bigint() - awaited.acceptedAtNs) / 1e9,
        );
      }
    }
    if (isThere || batchIds.length > 0) this.#options.onAir(newest.frame.revision, n, batchIds);
  }

  #draw(flight: Flight): void {
    const { map, renderer } = this.#options;
    const { frame } = flight;
    const wanted = Math.ceil(frame.tilePx / LANE_MIN_PX) + (frame.paints.length > 1 ? 1 : 0);
    const lanes = Math.max(1, Math.min(renderer.lanes, MAX_LANES, wanted));
    flight.lanes = lanes;
    for (let lane = 0; lane < lanes; lane++) {
      const task = {
        jobOffset: map.jobOffsets[frame.slot] ?? 0,
        scratchOffset: map.laneOffset + (frame.slot * MAX_LANES + lane) * LANE_SCRATCH_BYTES,
        paints: frame.paints,
      };
      renderer.renderLane(task).then(
        (failures) => {
          for (const reason of failures)
            this.#options.logger.warn({ reason }, 'a layer could not be painted and is left out');
          this.#endLane(flight);
        },
        (error: unknown) => {
          this.#lose(flight, error);
          this.#endLane(flight);
        },
      );
    }
  }

  #endLane(flight: Flight): void {
    flight.lanes -= 1;
    if (flight.lanes > 0) return;
    if (flight.state === 'drawing') {
      flight.state = 'complete';
      this.#options.latencies.observe('render', (performance.now() - flight.plannedAtMs) / 1000);
    }
    this.#letGo(flight);
    this.#options.onFlightEnd();
  }

  /**
   * A render thread died: its tiles are missing, and so may be bitmaps that it was to paint. All frames planned after
   * it build on both. A flight that was given up before matters only for its bitmaps.
   */
  #lose(flight: Flight, error: unknown): void {
    const { logger, bitmaps } = this.#options;
    logger.error({ err: error }, 'a render thread has died; the picture is drawn anew');
    const isMissed =
      flight.frame.paints.filter(({ offset }) => bitmaps.abandonAt(offset)).length > 0;
    const index = this.#flights.indexOf(flight);
    if (index === -1 && !isMissed) return;
    for (const one of this.#flights.slice(Math.max(0, index))) one.state = 'lost';
    flight.state = 'lost';
    this.#planner.invalidate();
  }
}
