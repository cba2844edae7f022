import { setTimeout } from 'node:timers/promises';
import type { Logger } from '../core/logger.js';
import type { Kernels } from '../memory/kernels.js';
import { JOB_SLOTS, MAX_LANES, type ProgramMap } from '../memory/map.js';
import type { ProgramFrameWriter } from '../memory/program-frames.js';
import { LANE_SCRATCH_BYTES } from '../memory/records.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import { ApartPainter } from './apart-painter.js';
import type { BitmapStore } from './bitmaps.js';
import type { LayerFault } from './faults/layer-entry.js';
import { FrameAssembler, type AiredFrame } from './frame-assembler.js';
import { FramePlanner, releaseFrame, type PlannedFrame } from './frame-planner.js';
import type { Latencies } from './latencies.js';
import type { FrameOutcome } from './ledger.js';
import { PaintCosts } from './paint-costs.js';
import type { PaintsAhead } from './paints-ahead.js';
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

/** How deep bitmaps are looked for that are drawn into others before a scene is shown. */
const MAX_PAINT_ROUNDS = 4;
/** Texts of a scene are set ahead in so many parts at the most, with so long between two of them for the clock. */
const MAX_TEXT_ROUNDS = 400;
const TEXT_ROUND_MS = 4;

export type EngineOptions = {
  readonly memory: WebAssembly.Memory;
  readonly map: ProgramMap;
  readonly kernels: Kernels;
  readonly board: ProgramFrameWriter;
  readonly bitmaps: BitmapStore;
  readonly renderer: Renderer;
  readonly latencies: Latencies;
  readonly logger: Logger;
  /**
   * Whether slow paints are done apart from frames, and layers that fail are shut off for a while: for what is on air.
   * Otherwise every frame is whole and stands for itself.
   */
  readonly paintsApart: boolean;
  /** A layer has been shut off, or lacks its picture; and: it is well again. */
  readonly onLayerFailed: (fault: LayerFault) => void;
  readonly onLayerRecovered: (fault: LayerFault) => void;
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
  readonly #painter: ApartPainter | null;
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
    const { memory, map, bitmaps, renderer, logger } = options;
    const costs = new PaintCosts();
    this.#painter = options.paintsApart
      ? new ApartPainter({
          bitmaps,
          renderer,
          scratchOffset: map.apartScratchOffset,
          onPainted: (bitmap, report) => {
            this.#planner.painted(bitmap, report);
          },
        })
      : null;
    this.#planner = new FramePlanner({
      memory,
      map,
      bitmaps,
      apart:
        this.#painter === null ? null : { painter: this.#painter, costs, lanes: renderer.lanes },
      onLayerFailed: (fault) => {
        logger.warn(fault, 'a layer can not be shown; its policy says what is seen instead');
        options.onLayerFailed(fault);
      },
      onLayerRecovered: (fault) => {
        logger.info(fault, 'a layer is shown again');
        options.onLayerRecovered(fault);
      },
    });
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

  /** Finds all pictures of a scene, a part at a time with the clock between; null when they are known. Bounded in time. */
  findPictures(snapshot: SceneSnapshot): Promise<void> | null {
    return this.#planner.hasAllPicturesOf(snapshot) ? null : this.#findAll(snapshot);
  }

  async #findAll(snapshot: SceneSnapshot): Promise<void> {
    for (let round = 1; round < MAX_TEXT_ROUNDS; round++) {
      await setTimeout(TEXT_ROUND_MS);
      if (this.#planner.hasAllPicturesOf(snapshot)) return;
    }
  }

  /**
   * Has painted apart from frames what a scene needs at a moment and frames could not paint in time, before it is
   * shown. Null when there is nothing of the kind; otherwise resolves when all that can be there is there.
   */
  paintAhead(snapshot: SceneSnapshot, wallTimeMs: number): Promise<void> | null {
    const painter = this.#painter;
    if (painter === null) return null;
    const first = this.#planner.paintsOf(snapshot, wallTimeMs);
    if (first.isTooMuch) return this.#paintAll(painter, first, snapshot, wallTimeMs);
    first.release();
    return null;
  }

  async #paintAll(
    painter: ApartPainter,
    first: PaintsAhead,
    snapshot: SceneSnapshot,
    wallTimeMs: number,
  ): Promise<void> {
    const rounds = [first];
    let [textRounds, paintRounds] = [0, 1];
    for (let round = first; ;) {
      round.order();
      while (!round.isDone && painter.isBusy) await painter.progress();
      if (round.hasUnfinishedText) {
        if (++textRounds === MAX_TEXT_ROUNDS) break;
        // The clock has its turn before the next part of the texts.
        await setTimeout(TEXT_ROUND_MS);
      } else if (!round.isIncomplete || ++paintRounds > MAX_PAINT_ROUNDS) break;
      // What others are drawn into can be known now.
      round = this.#planner.paintsOf(snapshot, wallTimeMs);
      rounds.push(round);
    }
    for (const round of rounds) round.release();
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
        (reports) => {
          for (const report of reports) {
            const bitmap = frame.bitmaps.find(({ offset }) => offset === report.offset);
            if (bitmap !== undefined) this.#planner.painted(bitmap, report);
          }
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
    const missed = flight.frame.paints.filter(({ offset }) => bitmaps.abandonAt(offset));
    for (const { offset } of missed) {
      const bitmap = flight.frame.bitmaps.find((one) => one.offset === offset);
      this.#planner.guard.suspect(bitmap?.owner ?? null);
    }
    const isMissed = missed.length > 0;
    const index = this.#flights.indexOf(flight);
    if (index === -1 && !isMissed) return;
    for (const one of this.#flights.slice(Math.max(0, index))) one.state = 'lost';
    flight.state = 'lost';
    this.#planner.invalidate();
  }
}
