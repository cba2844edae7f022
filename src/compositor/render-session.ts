import type { Logger } from '../core/logger.js';
import { frameTimeMs } from '../core/rational.js';
import type { Latencies } from '../core/latencies.js';
import { paintedBudgetBytes } from '../memory/budget.js';
import type { Culprit } from '../memory/culprit.js';
import type { CompositorPort } from '../memory/handover.js';
import type { FrameFormat } from '../memory/handover-layout.js';
import { mapProgramMemory } from '../memory/map.js';
import { STATED } from '../scene/sound/heard.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import { BitmapStore } from './bitmaps.js';
import { Compositor } from './compositor.js';
import type { LayerFault } from './faults/layer-entry.js';
import { LoadAhead } from './load-ahead.js';
import { PictureLoader, type HeldPictures } from './picture-loader.js';
import type { ProgramHearing } from './program-hearing.js';
import type { Renderer } from './render-pool.js';
import type { InputPictures } from './input-pictures.js';
import type { VideoRings } from './video-rings.js';

export type RenderSessionOptions = {
  readonly memory: WebAssembly.Memory;
  readonly port: CompositorPort;
  readonly format: FrameFormat;
  readonly culprit: Culprit;
  /** Layers that are not drawn, by the hash of their names, with the reason. */
  readonly setAside: ReadonlyMap<number, string>;
  /** Most that bitmaps of layers may take of the memory, bytes. */
  readonly bitmapLimitBytes: number;
  readonly renderer: Renderer;
  readonly latencies: Latencies;
  readonly logger: Logger;
  /** How loud frames are; null: what layers show of it is stated. */
  readonly hearing: ProgramHearing | null;
  readonly videos: VideoRings;
  readonly inputs: InputPictures;
  readonly onPictureFailed: (contentHash: string, reason: string) => void;
  readonly onLayerFailed: (fault: LayerFault) => void;
  readonly onLayerRecovered: (fault: LayerFault) => void;
};

/**
 * All that depends on the size of program frames, in the compositor thread: the compositor, its bitmaps, and what loads
 * pictures for them. `dispose` drains every writer, so that the memory may be laid out anew.
 */
export class RenderSession {
  readonly format: FrameFormat;
  readonly bitmaps: BitmapStore;
  readonly compositor: Compositor;
  readonly pictures: PictureLoader;
  readonly ahead: LoadAhead;
  #isDisposed = false;

  constructor(options: RenderSessionOptions) {
    const { memory, port, format, bitmapLimitBytes, renderer, latencies, logger } = options;
    const { hearing, videos, inputs } = options;
    this.format = format;
    const map = mapProgramMemory(format.widthPx, format.heightPx);
    this.bitmaps = new BitmapStore(
      memory,
      map.heapOffset,
      Math.min(map.heapBytes, bitmapLimitBytes),
      paintedBudgetBytes(bitmapLimitBytes),
    );
    this.compositor = new Compositor({
      memory,
      map,
      port,
      bitmaps: this.bitmaps,
      culprit: options.culprit,
      renderer,
      latencies,
      logger,
      paintsInBackground: true,
      heardAt: (n) => hearing?.at(n) ?? STATED,
      videoFrame: (track, number) => videos.frame(track, number),
      livePicture: (inputId, n) =>
        // The nearest frame shows it, so that it is half a frame early or late at the most.
        inputs.picture(inputId, port.firstDueMs + frameTimeMs(n + 0.5, format.frameRate)),
      onLayerFailed: options.onLayerFailed,
      onLayerRecovered: options.onLayerRecovered,
    });
    this.compositor.planner.setAside(options.setAside);
    this.pictures = new PictureLoader({
      bitmaps: this.bitmaps,
      renderer,
      loadVideo: (track) => videos.load(track),
      logger,
      onFailed: options.onPictureFailed,
    });
    this.ahead = new LoadAhead({
      bitmaps: this.bitmaps,
      pictures: this.pictures,
      picturesOf: (snapshot) => this.compositor.planner.picturesOf(snapshot),
      findPictures: (snapshot) => this.compositor.preparation.findPictures(snapshot),
      paintAhead: (snapshot, programTimeMs) =>
        this.compositor.preparation.paintAhead(snapshot, programTimeMs),
      onFailed: (error) => {
        logger.error(
          { err: error },
          'a scheduled scene could not be prepared; it is shown as it is',
        );
      },
    });
  }

  /** Nothing more may be begun with it. */
  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /**
   * Finds and decodes the pictures of a scene, together with those of what is scheduled. Null: all is there. When it
   * resolves, none of them is given up before `release` is called.
   */
  loadPictures(snapshot: SceneSnapshot): Promise<HeldPictures> | null {
    const found = this.compositor.preparation.findPictures(snapshot);
    const load = (): Promise<HeldPictures> =>
      this.pictures.loadInstead(this.ahead.wantedWith(snapshot));
    if (found !== null) return found.then(load);
    const isSettled = this.pictures.isSettled(this.compositor.planner.picturesOf(snapshot));
    return isSettled ? null : load();
  }

  /** Resolves when nothing writes into the memory any more. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    this.ahead.close();
    await this.pictures.close();
    await this.compositor.drain();
  }
}
