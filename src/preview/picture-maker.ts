import type { Kernels } from '../memory/kernels.js';
import { PREVIEW_SCRATCH_BYTES, PREVIEW_SCRATCH_OFFSET } from '../memory/map.js';
import type { HeldFrame } from '../memory/program-frames.js';
import { encodeJpeg } from './jpeg.js';
import { previewSize, type PictureSize } from './picture-size.js';

/** Makes JPEGs of program frames in the preview's part of the shared memory. There is one in a process. */
export class PictureMaker {
  readonly #kernels: Kernels;
  readonly #pixels: Buffer;
  /** What the scratch holds now: which frame in which size. */
  #scaled: {
    readonly frame: number;
    readonly sequence: number;
    readonly size: PictureSize;
  } | null = null;

  constructor(memory: WebAssembly.Memory, kernels: Kernels) {
    this.#kernels = kernels;
    this.#pixels = Buffer.from(memory.buffer, PREVIEW_SCRATCH_OFFSET, PREVIEW_SCRATCH_BYTES);
  }

  /** Scales a frame into the scratch, where it replaces the one before. The frame may be released right after. */
  scale(frame: HeldFrame, widthPx: number): void {
    const size = previewSize(frame, widthPx);
    const last = this.#scaled;
    if (
      last !== null &&
      last.sequence === frame.sequence &&
      last.frame === frame.frame &&
      last.size.widthPx === size.widthPx &&
      last.size.heightPx === size.heightPx
    ) {
      return;
    }
    this.#kernels.scaleI420ToRgba(
      frame.yOffset,
      frame.uOffset,
      frame.vOffset,
      frame.widthPx,
      frame.heightPx,
      PREVIEW_SCRATCH_OFFSET,
      size.widthPx,
      size.heightPx,
    );
    this.#scaled = { frame: frame.frame, sequence: frame.sequence, size };
  }

  /** The frame scaled last as a JPEG. @throws Error when none was. */
  encode(quality: number): Uint8Array<ArrayBuffer> {
    if (this.#scaled === null) throw new Error('No frame was scaled.');
    const { widthPx, heightPx } = this.#scaled.size;
    return encodeJpeg(this.#pixels.subarray(0, widthPx * heightPx * 4), widthPx, heightPx, quality);
  }
}
