import type { Logger } from '../core/logger.js';
import type { Kernels } from '../memory/kernels.js';
import { mapProgramMemory, type ProgramMap } from '../memory/map.js';
import { BitmapStore } from '../compositor/bitmaps.js';
import { Latencies } from '../core/latencies.js';
import { PictureLoader } from '../compositor/picture-loader.js';
import type { Renderer } from '../compositor/render-pool.js';
import type { InputPictures } from '../compositor/input-pictures.js';
import type { StillVideos } from './still-videos.js';
import { UnpacedProgram } from './unpaced-program.js';
import type { SceneSnapshot } from '../scene/snapshot.js';

/** A program frame that stays as it is until the next one is made. */
export type StudioFrame = {
  /** Offset of its I420 planes in the shared memory. */
  readonly offset: number;
  /**
   * Where an RGBA picture of up to the frame's size may be put: each frame here is a whole one, so no more than two
   * of the frame slots are ever written, and the rest lies idle.
   */
  readonly freeOffset: number;
};

export type FrameStudioOptions = {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  readonly renderer: Renderer;
  readonly videos: StillVideos;
  readonly inputs: InputPictures;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly logger: Logger;
};

/** Frame slots that are written in turn. */
const WRITTEN_SLOTS = 2;

/**
 * The program without a clock: single frames of any scene at any moment, each drawn whole, in the size that it was
 * made for. The planner, the painters, the kernels and the assembler are those of the program on air.
 */
export class FrameStudio {
  readonly map: ProgramMap;
  readonly #program: UnpacedProgram;
  readonly #bitmaps: BitmapStore;
  readonly #pictures: PictureLoader;
  readonly #videos: StillVideos;

  constructor(options: FrameStudioOptions) {
    const { memory, kernels, renderer, widthPx, heightPx, logger, videos, inputs } = options;
    this.#videos = videos;
    this.map = mapProgramMemory(widthPx, heightPx);
    this.#bitmaps = new BitmapStore(
      memory,
      this.map.heapOffset,
      this.map.heapBytes,
      this.map.heapBytes,
    );
    this.#program = new UnpacedProgram({
      memory,
      map: this.map,
      kernels,
      bitmaps: this.#bitmaps,
      renderer,
      logger,
      latencies: new Latencies(),
      // Stills are whole, and depend on nothing but what is asked for.
      paintsInBackground: false,
      videoFrame: (track, number) => videos.frame(track, number),
      // What is live is as it is now: a still has no moment on its clock.
      livePicture: (inputId) => inputs.picture(inputId, NaN),
      onLayerFailed: () => undefined,
      onLayerRecovered: () => undefined,
    });
    this.#pictures = new PictureLoader({
      bitmaps: this.#bitmaps,
      renderer,
      // The picture of its moment is decoded when it is known which that is.
      loadVideo: () => Promise.resolve(),
      logger,
      // The placeholder is shown, as on air; whoever puts the scene on air is told.
      onFailed: () => undefined,
    });
  }

  /** Part of the room for bitmaps that is taken by those of earlier frames, 0 to 1. */
  get fill(): number {
    return this.#bitmaps.usedBytes / this.#bitmaps.limitBytes;
  }

  /**
   * The frame that shows a scene at a program time, once its pictures are decoded. One at a time.
   * @throws Error when it could not be drawn
   */
  async frame(snapshot: SceneSnapshot, programTimeMs: number): Promise<StudioFrame> {
    const { compositor, assembly } = this.#program;
    const held = await this.#pictures.load(compositor.planner.picturesOf(snapshot));
    compositor.show(snapshot);
    try {
      await this.#draw(programTimeMs);
      if (await this.#videos.decodeMissing()) await this.#draw(programTimeMs);
    } finally {
      held.release();
      this.#videos.clear();
    }
    const outcome = this.#program.take(0);
    const { newest } = assembly;
    if (outcome !== 'rendered' || newest === null) throw new Error(`The frame is ${outcome}.`);
    return { offset: newest.offset, freeOffset: this.map.frameOffsets[WRITTEN_SLOTS] ?? 0 };
  }

  /** Nothing is taken over from a frame before, so that it cannot matter which one that was. */
  async #draw(programTimeMs: number): Promise<void> {
    const program = this.#program;
    const { compositor } = program;
    program.reset();
    if (!program.plan(0, programTimeMs)) throw new Error('There is no free job slot.');
    while (!program.isComplete(0) && compositor.isDrawing) await compositor.progress();
  }
}
