/**
 * The way of one frame, phases "plan" to "record", in the compositor thread: has a frame planned, hands its work to the
 * render threads, and records it for the stitcher. Owns the planner, the job slots and the frames in progress.
 */

import type { Logger } from '../core/logger.js';
import type { Culprit } from '../memory/culprit.js';
import type { CompositorPort } from '../memory/handover.js';
import { JOB_SLOTS, MAX_RENDER_WORKERS, type ProgramMap } from '../memory/map.js';
import { WORKER_SCRATCH_BYTES } from '../memory/records.js';
import type { VideoFrames } from '../render/piece.js';
import type { Heard } from '../scene/sound/heard.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import { BackgroundPainter } from './background-painter.js';
import type { BitmapStore } from './bitmaps.js';
import type { LayerFault } from './faults/layer-entry.js';
import {
  FramePlanner,
  releaseFrame,
  type PlannedFrame,
  type PlannerOptions,
} from './frame-planner.js';
import type { Latencies } from '../core/latencies.js';
import { PaintCosts } from './paint-costs.js';
import type { Renderer } from './render-pool.js';
import { ScenePreparation } from './scene-preparation.js';
import { SceneTimeline } from './timeline.js';

/** A planned frame that is being drawn, or waits to be taken by the stitcher. */
type FrameInProgress = {
  readonly frame: PlannedFrame;
  /** Of its record in the handover. */
  readonly sequence: number;
  readonly plannedAtMs: number;
  /** The scheduled batches that it shows. */
  readonly batchIds: readonly string[];
  /** The job slot that is its own as long as anybody reads or writes it; null when there is nothing to draw. */
  readonly heldSlot: number | null;
  state: 'drawing' | 'complete' | 'lost';
  /** Render threads that are at work on it. */
  workers: number;
  /** Whether the stitcher is done with it: nobody needs its patches any more. */
  isTaken: boolean;
};

/** What has come on air, for the first time. */
export type Aired = {
  /** The newest revision of the scene of which all is seen. */
  readonly revision: number;
  /** The program frame. */
  readonly frame: number;
  /** Scheduled batches. */
  readonly batchIds: readonly string[];
};

/** A frame that the stitcher has taken. */
type SeenFrame = {
  readonly revision: number;
  readonly frame: number;
  readonly atNs: bigint;
  readonly batchIds: readonly string[];
};

const JOB_SLOT_NUMBERS = Array.from({ length: JOB_SLOTS }, (_, slot) => slot);

/** So many pixels are worth a render worker of their own; fewer cost less than telling another thread. */
const WORKER_MIN_PX = 65_536;

export type CompositorOptions = {
  readonly memory: WebAssembly.Memory;
  readonly map: ProgramMap;
  readonly port: CompositorPort;
  readonly bitmaps: BitmapStore;
  readonly culprit: Culprit;
  readonly renderer: Renderer;
  readonly latencies: Latencies;
  readonly logger: Logger;
  /**
   * Whether slow paints are done in the background, and layers that fail are shut off for a while: for what is on air.
   * Otherwise every frame is whole and stands for itself.
   */
  readonly paintsInBackground: boolean;
  /** What is heard with a frame; of use until the next is asked for. */
  readonly heardAt: (n: number) => Heard;
  readonly videoFrame: VideoFrames;
  readonly livePicture: PlannerOptions['livePicture'];
  /** A layer has been shut off, or lacks its picture; and: it is well again. */
  readonly onLayerFailed: (fault: LayerFault) => void;
  readonly onLayerRecovered: (fault: LayerFault) => void;
};

/**
 * From the scene to patches in shared memory, in the compositor thread: plans frames, has them painted and drawn, and
 * tells the stitcher of each in the handover. Knows no clock, no program frames and no outputs: whoever drives it says
 * which frame to plan, and for which moment.
 */
export class Compositor {
  readonly #options: CompositorOptions;
  readonly #planner: FramePlanner;
  /** What scenes need before they are shown. */
  readonly preparation: ScenePreparation;
  readonly #painter: BackgroundPainter | null;
  /** In the order in which they were planned. */
  readonly #frames: FrameInProgress[] = [];
  /** Job slots that somebody reads or writes. */
  readonly #busySlots = new Set<number>();
  /** What a compositor before this one left to the stitcher, which may be reading it. */
  #leftovers: CompositorPort['leftovers'];
  /** The revision that is shown but not yet in a program frame, with the moment it was accepted. */
  #awaited: { readonly revision: number; readonly acceptedAtNs: bigint | null } | null = null;
  #timeline = SceneTimeline.EMPTY;
  /** What the planner shows. */
  #shown: SceneSnapshot | null = null;
  /** Scheduled batches that were due with a frame: a wall clock that is set back does not take them back. */
  #begunBatches = new Set<string>();
  /** Scheduled batches that are in a program frame. */
  #airedBatches = new Set<string>();
  /** Frames that have come on air and have not been reported yet. */
  readonly #seen: SeenFrame[] = [];
  #epoch: number;
  /** Render threads that are at work, also on frames that nobody wants any more. */
  #workersAtWork = 0;
  #waiting: (() => void)[] = [];

  constructor(options: CompositorOptions) {
    this.#options = options;
    const { memory, map, bitmaps, culprit, renderer, logger, port } = options;
    this.#epoch = port.request.epoch;
    this.#leftovers = port.leftovers;
    for (const { slot } of this.#leftovers) this.#busySlots.add(slot);
    const costs = new PaintCosts();
    this.#painter = options.paintsInBackground
      ? new BackgroundPainter({
          bitmaps,
          renderer,
          scratchOffset: map.backgroundScratchOffset,
          onPainted: (bitmap, report) => {
            this.#planner.painted(bitmap, report);
          },
        })
      : null;
    this.#planner = new FramePlanner({
      memory,
      map,
      bitmaps,
      culprit,
      background:
        this.#painter === null
          ? null
          : { painter: this.#painter, costs, workers: renderer.workers },
      heardAt: options.heardAt,
      videoFrame: options.videoFrame,
      livePicture: options.livePicture,
      onLayerFailed: (fault) => {
        logger.warn(fault, 'a layer cannot be rendered; it is handled according to its onError');
        options.onLayerFailed(fault);
      },
      onLayerRecovered: (fault) => {
        logger.info(fault, 'a layer is rendered again');
        options.onLayerRecovered(fault);
      },
    });
    this.preparation = new ScenePreparation(this.#planner, this.#painter);
  }

  get planner(): FramePlanner {
    return this.#planner;
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
    this.#begunBatches = new Set([...this.#begunBatches].filter((id) => ids.has(id)));
    const snapshot = timeline.base;
    if (snapshot === null || snapshot === before) return;
    // A change that is overtaken before it was on air is on air with the one that overtook it: the wait counts from the first.
    this.#awaited = {
      revision: snapshot.revision,
      acceptedAtNs: this.#awaited?.acceptedAtNs ?? snapshot.acceptedAtNs,
    };
  }

  /** How many frames could be planned now. */
  get freeSlots(): number {
    this.#settle();
    return this.#options.port.hasRoom ? JOB_SLOTS - this.#busySlots.size : 0;
  }

  /**
   * Plans frame `n`, which shows a program time and an hour of day that is `wallOffsetMs` later, and sends it to the render
   * threads. False when there is no room for one more. The frame that was planned last may be planned once more after the scene has changed: what
   * differs is then drawn on top of it, and is on air with it if it is done in time.
   */
  plan(n: number, programTimeMs: number, wallOffsetMs = 0): boolean {
    this.#settle();
    const { port } = this.#options;
    const slot = JOB_SLOT_NUMBERS.find((candidate) => !this.#busySlots.has(candidate));
    if (slot === undefined || !port.hasRoom) return false;
    const { clockStartedAtMs } = port;
    const moment = { n, clockStartedAtMs, wallTimeMs: programTimeMs + wallOffsetMs };
    const { snapshot, batchIds } = this.#timeline.at(moment, this.#begunBatches);
    for (const id of batchIds) this.#begunBatches.add(id);
    if (snapshot !== null && snapshot !== this.#shown) this.#planner.show(snapshot);
    this.#shown = snapshot;
    const frame = this.#planner.plan(n, slot, programTimeMs, wallOffsetMs);
    const isEmpty = frame.tileCount === 0 && frame.paints.length === 0;
    const inProgress: FrameInProgress = {
      frame,
      sequence: port.planned(this.#epoch, n, isEmpty ? null : slot),
      plannedAtMs: performance.now(),
      batchIds,
      heldSlot: isEmpty ? null : slot,
      state: isEmpty ? 'complete' : 'drawing',
      workers: 0,
      isTaken: false,
    };
    this.#frames.push(inProgress);
    if (!isEmpty) {
      this.#busySlots.add(slot);
      this.#draw(inProgress);
    }
    return true;
  }

  /**
   * Settles what the stitcher has taken since the last call; answers what came on air with it, each with its own frame: a thread
   * that did not get the processor for a while has several to tell of.
   */
  collect(): Aired[] {
    this.#settle();
    return this.#seen.splice(0).flatMap((seen) => {
      const batchIds = seen.batchIds.filter((id) => !this.#airedBatches.has(id));
      for (const id of batchIds) this.#airedBatches.add(id);
      const isNew = this.#isAwaited(seen);
      if (!isNew && batchIds.length === 0) return [];
      return [{ revision: seen.revision, frame: seen.frame, batchIds }];
    });
  }

  /** Gives up all that is planned, and goes on in another epoch of the stitcher: the next frame is a whole one. */
  begin(epoch: number): void {
    this.#epoch = epoch;
    this.#settle();
    for (const frame of this.#frames) {
      frame.state = 'lost';
      frame.isTaken = true;
      this.#letGo(frame);
    }
    this.#frames.length = 0;
    this.#planner.invalidate();
  }

  /** Whether threads are at work on frames, be those wanted or not. */
  get isDrawing(): boolean {
    return this.#workersAtWork > 0;
  }

  /** Resolves when a frame has been drawn, or lost. */
  progress(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /**
   * Resolves when nobody paints or draws any more for it: the memory may be laid out anew. Nothing may be planned
   * meanwhile.
   */
  async drain(): Promise<void> {
    this.begin(this.#epoch);
    while (this.#workersAtWork > 0) await this.progress();
    while (this.#painter?.isBusy === true) await this.#painter.progress();
  }

  /** Lets go of what the stitcher is done with. */
  #settle(): void {
    const { port } = this.#options;
    this.#leftovers = this.#leftovers.filter(({ sequence, slot }) => {
      const isTaken = port.isTaken(sequence);
      if (isTaken) this.#busySlots.delete(slot);
      return !isTaken;
    });
    let count = 0;
    for (const one of this.#frames) {
      if (!port.isTaken(one.sequence)) break;
      count += 1;
      const aired = port.airedOf(one.sequence);
      if (aired !== null) {
        const { batchIds, frame } = one;
        this.#seen.push({ ...aired, revision: frame.revision, batchIds });
      }
      one.isTaken = true;
      this.#letGo(one);
    }
    this.#frames.splice(0, count);
  }

  /** A slot and the bitmaps are free once nobody needs the patches and no thread may write or paint any more. */
  #letGo({ frame, heldSlot, workers, isTaken }: FrameInProgress): void {
    if (workers > 0 || !isTaken) return;
    if (heldSlot !== null) this.#busySlots.delete(heldSlot);
    releaseFrame(frame);
  }

  /** Whether a frame that came on air has the revision that is waited for; from then on none is. */
  #isAwaited(seen: SeenFrame): boolean {
    const awaited = this.#awaited;
    if (awaited === null || seen.revision < awaited.revision) return false;
    this.#awaited = null;
    const { acceptedAtNs } = awaited;
    if (acceptedAtNs !== null)
      this.#options.latencies.observe('apiToPixel', Number(seen.atNs - acceptedAtNs) / 1e9);
    return true;
  }

  #draw(inProgress: FrameInProgress): void {
    const { map, renderer } = this.#options;
    const { frame } = inProgress;
    const wanted = Math.ceil(frame.tilePx / WORKER_MIN_PX) + (frame.paints.length > 1 ? 1 : 0);
    const workers = Math.max(1, Math.min(renderer.workers, MAX_RENDER_WORKERS, wanted));
    inProgress.workers = workers;
    this.#workersAtWork += workers;
    for (let worker = 0; worker < workers; worker++) {
      const task = {
        jobOffset: map.jobOffsets[frame.slot] ?? 0,
        scratchOffset:
          map.workerScratchOffset +
          (frame.slot * MAX_RENDER_WORKERS + worker) * WORKER_SCRATCH_BYTES,
        paints: frame.paints,
      };
      renderer.renderJob(task).then(
        (reports) => {
          for (const report of reports) {
            const bitmap = frame.bitmaps.find(({ offset }) => offset === report.offset);
            if (bitmap !== undefined) this.#planner.painted(bitmap, report);
          }
          this.#endWorker(inProgress);
        },
        (error: unknown) => {
          this.#lose(inProgress, error);
          this.#endWorker(inProgress);
        },
      );
    }
  }

  #endWorker(inProgress: FrameInProgress): void {
    this.#workersAtWork -= 1;
    inProgress.workers -= 1;
    if (inProgress.workers > 0) return;
    if (inProgress.state === 'drawing') {
      inProgress.state = 'complete';
      const tookMs = performance.now() - inProgress.plannedAtMs;
      this.#options.latencies.observe('render', tookMs / 1000);
    }
    this.#letGo(inProgress);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /**
   * A render thread died: its tiles are missing, and so may be bitmaps that it was to paint. All frames planned after
   * it build on both. A frame that was given up before matters only for its bitmaps.
   */
  #lose(inProgress: FrameInProgress, error: unknown): void {
    const { logger, bitmaps, port } = this.#options;
    logger.error({ err: error }, 'a render thread has died; the frame is rendered again');
    const missed = inProgress.frame.paints.filter(({ offset }) => bitmaps.abandonAt(offset));
    for (const { offset } of missed) {
      const bitmap = inProgress.frame.bitmaps.find((one) => one.offset === offset);
      this.#planner.guard.suspect(bitmap?.owner ?? null);
    }
    const index = this.#frames.indexOf(inProgress);
    if (index === -1 && missed.length === 0) return;
    // From the newest on: see CompositorPort.lose.
    for (const one of this.#frames.slice(Math.max(0, index)).reverse()) {
      one.state = 'lost';
      port.lose(one.sequence);
    }
    inProgress.state = 'lost';
    this.#planner.invalidate();
  }
}
