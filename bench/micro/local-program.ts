import { createLogger } from '../../src/core/logger.js';
import { NO_CULPRIT } from '../../src/memory/culprit.js';
import { instantiateKernels, type Kernels } from '../../src/memory/kernels.js';
import { createSharedMemory, mapProgramMemory, type ProgramMap } from '../../src/memory/map.js';
import { ProgramFrameWriter } from '../../src/memory/program-frames.js';
import { JOB_DONE, JOB_NEXT, JOB_PAINTS } from '../../src/memory/records.js';
import { BitmapStore } from '../../src/compositor/bitmaps.js';
import { FrameAssembler } from '../../src/stitcher/frame-assembler.js';
import {
  FramePlanner,
  releaseFrame,
  type PlannedFrame,
} from '../../src/compositor/frame-planner.js';
import { DecoderPool } from '../../src/decode/pool.js';
import { PictureLoader } from '../../src/compositor/picture-loader.js';
import { LocalRenderer } from '../../src/still/local-renderer.js';
import { createRenderTasks, type RenderTasks } from '../../src/render/tasks.js';
import { STATED } from '../../src/scene/sound/heard.js';
import type { SceneSnapshot } from '../../src/scene/snapshot.js';

const FRAME_MS = 1000 / 60;

/** The parts of the program that make one 1080p frame, all on the calling thread, each to be timed alone. */
export class LocalProgram {
  readonly memory = createSharedMemory();
  readonly map: ProgramMap = mapProgramMemory(1920, 1080);
  readonly kernels: Kernels = instantiateKernels(this.memory);
  readonly #words = new Int32Array(this.memory.buffer);
  readonly #tasks: RenderTasks = createRenderTasks(this.memory);
  #bitmaps = this.#createBitmaps();
  #planner = this.#createPlanner();
  #shown: SceneSnapshot | null = null;
  readonly #assembler: FrameAssembler;
  #n = 0;

  constructor() {
    const frames = new ProgramFrameWriter(this.memory);
    frames.layOut(this.map);
    this.#assembler = new FrameAssembler(this.memory, this.map, this.kernels, frames);
  }

  #createBitmaps(): BitmapStore {
    return new BitmapStore(
      this.memory,
      this.map.heapOffset,
      this.map.heapBytes,
      this.map.heapBytes,
    );
  }

  #createPlanner(): FramePlanner {
    return new FramePlanner({
      memory: this.memory,
      map: this.map,
      bitmaps: this.#bitmaps,
      culprit: NO_CULPRIT,
      background: null,
      heardAt: () => STATED,
      videoFrame: () => null,
      livePicture: () => null,
      onLayerFailed: ({ layerId, reason }) => {
        throw new Error(`The layer ${layerId} failed: ${reason}`);
      },
      onLayerRecovered: () => undefined,
    });
  }

  /** Loads the scene's pictures and makes its first frame, whole. */
  async show(snapshot: SceneSnapshot): Promise<void> {
    const decoders = new DecoderPool({ processes: 2 });
    const loader = new PictureLoader({
      bitmaps: this.#bitmaps,
      renderer: new LocalRenderer(this.memory, decoders),
      loadVideo: () => Promise.resolve(),
      logger: createLogger('error', 'bench'),
      onFailed: () => undefined,
    });
    await loader.load(this.#planner.picturesOf(snapshot));
    await decoders.close();
    this.#shown = snapshot;
    this.#planner.show(snapshot);
    const first = this.plan(0);
    this.draw(first);
    this.assemble(first);
  }

  /** The next frame is drawn whole. */
  invalidate(): void {
    this.#planner.invalidate();
  }

  /** Throws away all that was laid out and painted. Pictures are not loaded again. */
  forget(): void {
    this.#bitmaps = this.#createBitmaps();
    this.#planner = this.#createPlanner();
    if (this.#shown !== null) this.#planner.show(this.#shown);
  }

  /** Another version of the scene, for the frames that are planned from now on. */
  change(snapshot: SceneSnapshot): void {
    this.#planner.show(snapshot);
  }

  /** Resolves the next frame, finds its damage and writes its job. Call `release` before the next. */
  plan(slot: number): PlannedFrame {
    const n = this.#n++;
    return this.#planner.plan(n, slot, n * FRAME_MS, 0);
  }

  release(frame: PlannedFrame): void {
    releaseFrame(frame);
  }

  /** Paints what is missing and draws all tiles. */
  draw(frame: PlannedFrame): void {
    this.#tasks.renderJob({
      jobOffset: this.#jobOffset(frame),
      scratchOffset: this.map.workerScratchOffset,
      paints: frame.paints,
    });
  }

  /** Draws the tiles of a frame that was drawn before once more. */
  drawAgain(frame: PlannedFrame): void {
    const job = this.#jobOffset(frame);
    for (const field of [JOB_NEXT, JOB_DONE, JOB_PAINTS]) this.#words[(job + field) >> 2] = 0;
    this.#tasks.renderJob({
      jobOffset: job,
      scratchOffset: this.map.workerScratchOffset,
      paints: [],
    });
  }

  /** Puts the patches of a drawn frame into a program frame. */
  assemble(frame: PlannedFrame): void {
    this.#assembler.assemble([frame.slot], frame.n);
  }

  #jobOffset({ slot }: PlannedFrame): number {
    return this.map.jobOffsets[slot] ?? 0;
  }
}
