import { setTimeout as delay } from 'node:timers/promises';
import { isDueBy } from '../core/program-clock.js';
import { frameTimeMs } from '../core/rational.js';
import { paintedBudgetBytes } from '../memory/budget.js';
import { giveBackPages } from '../memory/give-back.js';
import { mapProgramMemory } from '../memory/map.js';
import { ProgramFrameWriter } from '../memory/program-frames.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import { BitmapStore } from './bitmaps.js';
import type { LayerFault } from './faults/layer-entry.js';
import { Ledger, type FrameOutcome } from './ledger.js';
import { LoadAhead } from './load-ahead.js';
import { PacedClock } from './paced-clock.js';
import { PictureLoader } from './picture-loader.js';
import { ProgramEngine } from './program-engine.js';
import type { FrameSink, ProgramRunnerOptions } from './program-runner-options.js';
import type { LedgerSnapshot, ProgramConfig, ScheduledSnapshot } from './protocol.js';
import { SceneOffers, type SceneOffer } from './scene-offers.js';
import { SceneTimeline } from './timeline.js';

/**
 * How long a scene waits for its pictures and slow paints before it goes on air without them, milliseconds. Decoding a
 * 4K picture takes a tenth of this.
 */
const PREPARE_WAIT_MS = 2000;

/** Frames drawn before the clock starts: they paint what the scene shows, and warm up the code. */
const PREROLL_FRAMES = 6;
const PREROLL_TIMEOUT_MS = 1500;

/** How often is looked whether readers and lanes are done with the memory, and when it is taken all the same. */
const IDLE_POLL_MS = 5;
const IDLE_TIMEOUT_MS = 3000;

/** A change is drawn into a planned frame only while there are job slots for the frames to come. */
const REPLAN_MIN_FREE_SLOTS = 2;

/** All that depends on the size and the rate of the program. */
type Setup = {
  readonly config: ProgramConfig;
  readonly engine: ProgramEngine;
  readonly bitmaps: BitmapStore;
  readonly pictures: PictureLoader;
  readonly ahead: LoadAhead;
  /** Views of the program frames by slot, for the sink. */
  readonly buffers: readonly Buffer[];
};

/** Runs the program: its clock, the scene on air, and the ledger. */
export class ProgramRunner {
  readonly #options: ProgramRunnerOptions;
  readonly #board: ProgramFrameWriter;
  readonly #ledger = new Ledger();
  readonly #totals = new Ledger();
  readonly #offers = new SceneOffers((offer) => {
    this.#take(offer);
  });
  #isTight = false;
  #setup: Setup;
  #newestSnapshot: SceneSnapshot | null = null;
  #scheduled: readonly ScheduledSnapshot[] = [];
  /** Batches that came too late, which whoever sent them may not know yet. */
  #refused = new Set<string>();
  #clock: PacedClock | null = null;
  /** Since when a scene waits to go on air. */
  #waitsSinceMs: number | null = null;
  /** Of engines before this one. */
  #formerLayerFailures = 0;
  /** Wall-clock moment that frame 0 of the clock shows. */
  #startWallTimeMs = 0;

  constructor(options: ProgramRunnerOptions, config: ProgramConfig) {
    this.#options = options;
    this.#board = new ProgramFrameWriter(options.memory);
    this.#setup = this.#setUp(config);
  }

  get config(): ProgramConfig {
    return this.#setup.config;
  }

  get isRunning(): boolean {
    return this.#clock !== null;
  }

  /** Of the running or the last session. */
  get ledger(): LedgerSnapshot {
    return this.#ledger.snapshot();
  }

  get totals(): LedgerSnapshot {
    return this.#totals.snapshot();
  }

  get bitmapBytes(): { readonly used: number; readonly limit: number } {
    return { used: this.#setup.bitmaps.usedBytes, limit: this.#setup.bitmaps.limitBytes };
  }

  /**
   * Gives up what is kept without being shown.
   * @param isTight - whether half as much may be painted, until the next call
   */
  shed(isTight: boolean): void {
    this.#isTight = isTight;
    this.#setup.engine.planner.forget();
    this.#setup.bitmaps.shed(isTight);
  }

  /** Gives some of the shared memory that nothing is in any more back to the system: to be called a few times a second. */
  giveBack(): void {
    this.#setup.bitmaps.giveBack(giveBackPages);
  }

  /** Changes size and rate; the clock must not run. Waits until nobody reads the program frames any more. */
  async configure(config: ProgramConfig): Promise<void> {
    this.#board.withdraw();
    const map = mapProgramMemory(config.width, config.height);
    const endMs = performance.now() + IDLE_TIMEOUT_MS;
    while (!(this.#setup.engine.isIdle && this.#board.layOut(map)) && performance.now() < endMs) {
      await delay(IDLE_POLL_MS);
    }
    this.#formerLayerFailures = this.layerFailures;
    this.#setup = this.#setUp(config);
    if (this.#newestSnapshot !== null) this.show(this.#newestSnapshot, this.#scheduled);
  }

  /** Layers that are off or lack a picture. */
  get layersOff(): readonly LayerFault[] {
    return this.#setup.engine.planner.guard.off;
  }

  /** How often layers were shut off, since the program was started. */
  get layerFailures(): number {
    return this.#formerLayerFailures + this.#setup.engine.planner.guard.failures;
  }

  /**
   * Puts a scene on air as soon as it can be drawn in time: its pictures are there, and when it is another scene, what
   * is slow to paint. A newer one takes the place of one that still waits. What is scheduled goes on air with its frame
   * in any case.
   *
   * @param onTaken - called when it has been taken, or a newer one in its place
   */
  show(
    snapshot: SceneSnapshot,
    scheduled: readonly ScheduledSnapshot[],
    onTaken: () => void = () => undefined,
  ): void {
    this.#offers.offer({ snapshot, scheduled, onTaken }, this.#clock?.pendingFrame ?? null);
  }

  #take({ snapshot, scheduled }: SceneOffer): void {
    this.#newestSnapshot = snapshot;
    this.#scheduled = this.#inTime(scheduled);
    const { engine } = this.#setup;
    const showNow = (): void => {
      if (this.#newestSnapshot !== snapshot || this.#setup.engine !== engine) return;
      this.#waitsSinceMs = null;
      engine.follow(new SceneTimeline(snapshot, this.#scheduled));
      this.#replan();
    };
    const prepared = this.#prepare(snapshot);
    if (prepared === null) {
      showNow();
      return;
    }
    const shown = this.#clock === null ? engine.timeline.base : engine.shown;
    engine.follow(new SceneTimeline(shown, this.#scheduled));
    this.#replan();
    // One that comes instead of one that waits does not wait anew: many changes do not keep a scene off the air.
    this.#waitsSinceMs ??= performance.now();
    const waitMs = Math.max(0, this.#waitsSinceMs + PREPARE_WAIT_MS - performance.now());
    const late = setTimeout(showNow, waitMs);
    const showPrepared = (): void => {
      clearTimeout(late);
      showNow();
    };
    prepared.then(showPrepared, (error: unknown) => {
      this.#options.logger.error(
        { err: error },
        'a scene could not be prepared; it is shown as it is',
      );
      showPrepared();
    });
  }

  /** Has pictures decoded, and for another scene that goes on air, painted what is slow. Null: all is there. */
  #prepare(snapshot: SceneSnapshot): Promise<void> | null {
    const { engine, pictures, ahead } = this.#setup;
    const found = engine.findPictures(snapshot);
    if (found !== null)
      return found.then(async () => {
        await pictures.loadInstead(ahead.wantedWith(snapshot));
        await this.#paintAhead(snapshot);
      });
    const wanted = engine.planner.picturesOf(snapshot);
    if (pictures.isSettled(wanted)) return this.#paintAhead(snapshot);
    return pictures.loadInstead(ahead.wantedWith(snapshot)).then(async () => {
      await this.#paintAhead(snapshot);
    });
  }

  #paintAhead(snapshot: SceneSnapshot): Promise<void> | null {
    const { engine } = this.#setup;
    return this.#clock !== null && engine.planner.isOtherScene(snapshot)
      ? engine.paintAhead(snapshot, this.#nextMomentMs)
      : null;
  }

  /** The moment that the next frame shows. */
  get #nextMomentMs(): number {
    const n = this.#clock?.pendingFrame ?? this.#clock?.nextFrame ?? null;
    return n === null ? Date.now() : this.#startWallTimeMs + this.#frameTimeMs(n);
  }

  /** Leaves out what comes too late for its frame and would rather not be than be late. */
  #inTime(scheduled: readonly ScheduledSnapshot[]): readonly ScheduledSnapshot[] {
    const known = new Set(this.#scheduled.map(({ batchId }) => batchId));
    const ids = new Set(scheduled.map(({ batchId }) => batchId));
    this.#refused = new Set([...this.#refused].filter((id) => ids.has(id)));
    for (const { batchId, dueAtMs, rejectLate } of scheduled) {
      if (!rejectLate || known.has(batchId) || this.#refused.has(batchId)) continue;
      if (!this.#isTooLate(dueAtMs)) continue;
      this.#refused.add(batchId);
      this.#options.onBatchLate(batchId);
    }
    return scheduled.filter(({ batchId }) => !this.#refused.has(batchId));
  }

  /** Whether the frame that something is due with can not show it any more. */
  #isTooLate(dueAtMs: number): boolean {
    if (this.#clock === null) return false;
    const firstOpen = this.#replannableFrame ?? this.#clock.nextFrame;
    return isDueBy(dueAtMs, this.#startWallTimeMs + this.#frameTimeMs(firstOpen - 1));
  }

  /**
   * Draws a few frames without the clock, so that the first slots of the clock are not late: everything is painted
   * then, and the program frame is there. Bounded in time.
   */
  async preroll(): Promise<void> {
    const { engine, pictures, ahead } = this.#setup;
    const snapshot = this.#newestSnapshot;
    const wallTimeMs = Date.now();
    const prepare = async (shown: SceneSnapshot): Promise<void> => {
      await engine.findPictures(shown);
      await pictures.load(ahead.wantedWith(shown));
      await engine.paintAhead(shown, wallTimeMs);
    };
    const prepared = snapshot === null ? null : prepare(snapshot);
    await Promise.race([prepared, delay(PREROLL_TIMEOUT_MS)]);
    for (let n = -PREROLL_FRAMES; n < 0; n++) {
      engine.plan(n, wallTimeMs + this.#frameTimeMs(n));
      for (let waitedMs = 0; waitedMs < PREROLL_TIMEOUT_MS && !engine.isComplete(n); waitedMs += 1)
        await delay(1);
      engine.take(n);
    }
  }

  /** Starts the clock at slot 0; a clock that runs ends. The ledger begins anew. */
  start(sink: FrameSink | null): void {
    this.#halt();
    this.#ledger.reset();
    const { engine, config, ahead } = this.#setup;
    // Wall-clock time is an input of the picture: it is read once, and every frame's moment follows from its number.
    this.#startWallTimeMs = Date.now();
    const clock = new PacedClock({
      frameRate: config.frameRate,
      onPlan: (n) => {
        const wallTimeMs = this.#startWallTimeMs + this.#frameTimeMs(n);
        this.#offers.beforePlan(n);
        engine.plan(n, wallTimeMs);
        ahead.look(engine.timeline, wallTimeMs);
      },
      onDue: (n, lateMs) => {
        this.#options.latencies.observe('clockJitter', lateMs / 1000);
        this.#count(this.#air(n, sink));
      },
    });
    this.#clock = clock;
    const untilDueNs = BigInt(Math.round((clock.firstDueMs - performance.now()) * 1e6));
    this.#options.onClock({
      frameRate: config.frameRate,
      startedAtMs: this.#startWallTimeMs,
      firstDueNs: process.hrtime.bigint() + untilDueNs,
      leadMs: clock.leadMs,
    });
  }

  /** Stops the clock; what was planned is given up, and readers find no program frame any more. */
  stop(): void {
    this.#halt();
    this.#board.withdraw();
  }

  /** Brings a change into a frame that is planned already, so that it need not wait for the next one. */
  #replan(): void {
    const pending = this.#offers.isPlanning ? null : this.#replannableFrame;
    if (pending === null) return;
    this.#offers.replanned(pending);
    this.#setup.engine.plan(pending, this.#startWallTimeMs + this.#frameTimeMs(pending));
  }

  get #replannableFrame(): number | null {
    if (this.#setup.engine.freeSlots < REPLAN_MIN_FREE_SLOTS) return null;
    return this.#clock?.pendingFrame ?? null;
  }

  #halt(): void {
    if (this.#clock !== null) {
      this.#clock.stop();
      this.#clock = null;
      this.#options.onClock(null);
    }
    this.#offers.clockStopped();
    this.#setup.engine.reset();
  }

  #setUp(config: ProgramConfig): Setup {
    const { memory, bitmapLimitBytes, kernels, renderer, latencies, logger } = this.#options;
    const map = mapProgramMemory(config.width, config.height);
    this.#board.layOut(map, true);
    const heapBytes = Math.min(map.heapBytes, bitmapLimitBytes);
    const bitmaps = new BitmapStore(
      memory,
      map.heapOffset,
      heapBytes,
      paintedBudgetBytes(bitmapLimitBytes),
    );
    bitmaps.shed(this.#isTight);
    const engine = new ProgramEngine({
      memory,
      map,
      kernels,
      bitmaps,
      renderer,
      latencies,
      logger,
      board: this.#board,
      onFlightEnd: () => undefined,
      onAir: (revision, n, batchIds) => {
        const mediaTimeMs = frameTimeMs(n, config.frameRate);
        this.#options.onAir(revision, { frame: n, mediaTimeMs }, batchIds);
      },
      paintsApart: true,
      onLayerFailed: this.#options.onLayerFailed,
      onLayerRecovered: this.#options.onLayerRecovered,
    });
    const pictures = new PictureLoader({
      bitmaps,
      renderer,
      logger,
      onFailed: this.#options.onPictureFailed,
    });
    return {
      config,
      bitmaps,
      engine,
      pictures,
      ahead: new LoadAhead({
        bitmaps,
        pictures,
        picturesOf: (snapshot) => engine.planner.picturesOf(snapshot),
        findPictures: (snapshot) => engine.findPictures(snapshot),
        paintAhead: (snapshot, wallTimeMs) => engine.paintAhead(snapshot, wallTimeMs),
      }),
      buffers: map.frameOffsets.map((offset) => Buffer.from(memory.buffer, offset, map.frameBytes)),
    };
  }

  #frameTimeMs(n: number): number {
    return frameTimeMs(n, this.#setup.config.frameRate);
  }

  #air(n: number, sink: FrameSink | null): FrameOutcome {
    const { engine, buffers } = this.#setup;
    const outcome = engine.take(n);
    const { newest } = engine;
    if (sink === null) return outcome;
    const picture = newest === null ? undefined : buffers[newest.slot];
    if (newest === null || picture === undefined) return 'skipped';
    return sink.send(n, engine, newest, picture) ? outcome : 'skipped';
  }

  #count(outcome: FrameOutcome): void {
    this.#ledger.count(outcome);
    this.#totals.count(outcome);
  }
}
