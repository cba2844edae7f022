import { createHash } from 'node:crypto';
import type { Logger } from '../core/logger.js';
import { instantiateKernels, type Kernels } from '../memory/kernels.js';
import { createSharedMemory, PREVIEW_SCRATCH_OFFSET } from '../memory/map.js';
import { encodeJpeg } from '../preview/jpeg.js';
import { previewSize, type PictureSize } from '../preview/picture-size.js';
import { measureMachineFactor } from '../compositor/cost/machine-factor.js';
import {
  predictCost,
  type CostPrediction,
  type CostRequest,
} from '../compositor/cost/predict-cost.js';
import { DecoderPool } from '../decode/pool.js';
import { encodePng } from '../render/canvas.js';
import { FrameStudio, type StudioFrame } from './frame-studio.js';
import { LocalRenderer } from './local-renderer.js';
import type { Still, StillRequest } from './contract.js';
import { InputPictures } from '../compositor/input-pictures.js';
import type { LivePictures } from '../memory/live-pictures.js';
import { StillVideos } from './still-videos.js';

/** Pictures that are decoded at once. */
const DECODERS = 2;

/** A studio whose bitmaps take more of their room than this is left for a fresh one, so that all ever find room. */
const FILL_LIMIT = 0.25;

/**
 * Moments on air are sums of a wall-clock time of this magnitude and a media time, so they are exact to 2^-12 ms.
 * Scene times are rounded in the same way here: the scene looks the same whatever the wall clock shows.
 */
const WALL_CLOCK_MS = 2 ** 40;

function asOnAir(timeMs: number): number {
  return WALL_CLOCK_MS + timeMs - WALL_CLOCK_MS;
}

/** Renders stills, one at a time, in a memory of its own and on the calling thread. */
export class StillRenderer {
  readonly #memory = createSharedMemory();
  readonly #kernels: Kernels = instantiateKernels(this.#memory);
  readonly #decoders = new DecoderPool({ processes: DECODERS });
  readonly #renderer = new LocalRenderer(this.#memory, this.#decoders);
  readonly #logger: Logger;
  readonly #videos: StillVideos;
  readonly #inputs = new InputPictures();
  #studio: FrameStudio | null = null;
  #machineFactor: number | null = null;

  /** @param ffmpegPath - null: FFmpeg is looked for on the PATH */
  constructor(logger: Logger, ffmpegPath: string | null) {
    this.#logger = logger;
    this.#videos = new StillVideos(ffmpegPath ?? 'ffmpeg', logger);
  }

  /** @throws Error when it could not be drawn, which is a mistake of ours */
  async render(request: StillRequest): Promise<Still> {
    const { width, height, wallTimeMs, format } = request;
    const studio = this.#studioFor(width, height);
    const takenAtMs = wallTimeMs - asOnAir(request.timeMs);
    const frame = await studio.frame({ ...request.snapshot, takenAtMs }, wallTimeMs);
    const i420 = this.#copy(frame.offset, studio.map.frameBytes);
    const frameHash = createHash('sha256').update(i420).digest('hex');
    if (format === 'raw') return { bytes: i420, frameHash, width, height };
    const { rgba, size } = this.#toRgba(frame, request);
    const { widthPx, heightPx } = size;
    const bytes =
      format === 'png'
        ? await encodePng(rgba, widthPx, heightPx)
        : encodeJpeg(rgba, widthPx, heightPx, request.quality);
    return { bytes, frameHash, width: widthPx, height: heightPx };
  }

  /** What showing a snapshot costs. Nothing is drawn for it. */
  predict(request: CostRequest): CostPrediction {
    this.#machineFactor ??= measureMachineFactor(this.#kernels, PREVIEW_SCRATCH_OFFSET);
    return predictCost(request, this.#machineFactor);
  }

  /** Pictures are decoded one at a time while memory is short. */
  setMemoryShort(isShort: boolean): void {
    this.#decoders.setMemoryShort(isShort);
  }

  /** All live inputs that there are, by their ids. */
  setInputs(inputs: Readonly<Record<string, LivePictures>>): void {
    this.#inputs.follow(inputs);
  }

  #studioFor(widthPx: number, heightPx: number): FrameStudio {
    const known = this.#studio;
    const fits = known?.map.widthPx === widthPx && known.map.heightPx === heightPx;
    if (known !== null && fits && known.fill <= FILL_LIMIT) return known;
    this.#studio = new FrameStudio({
      memory: this.#memory,
      kernels: this.#kernels,
      renderer: this.#renderer,
      videos: this.#videos,
      inputs: this.#inputs,
      widthPx,
      heightPx,
      logger: this.#logger,
    });
    return this.#studio;
  }

  /** The pixels as a viewer sees them; they stand in shared memory until the next still. */
  #toRgba(frame: StudioFrame, request: StillRequest): { rgba: Buffer; size: PictureSize } {
    const whole = { widthPx: request.width, heightPx: request.height };
    const { scaledWidth } = request;
    const size = scaledWidth === null ? whole : previewSize(whole, scaledWidth);
    const isWhole = size.widthPx === whole.widthPx && size.heightPx === whole.heightPx;
    const offset = isWhole ? frame.freeOffset : PREVIEW_SCRATCH_OFFSET;
    if (isWhole) this.#kernels.i420ToRgba(frame.offset, size.widthPx, size.heightPx, offset);
    else {
      const lumaBytes = whole.widthPx * whole.heightPx;
      this.#kernels.scaleI420ToRgba(
        frame.offset,
        frame.offset + lumaBytes,
        frame.offset + lumaBytes + lumaBytes / 4,
        whole.widthPx,
        whole.heightPx,
        offset,
        size.widthPx,
        size.heightPx,
      );
    }
    const bytes = size.widthPx * size.heightPx * 4;
    return { rgba: Buffer.from(this.#memory.buffer, offset, bytes), size };
  }

  #copy(offset: number, bytes: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(new Uint8Array(this.#memory.buffer, offset, bytes));
  }
}
