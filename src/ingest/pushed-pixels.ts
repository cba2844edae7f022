import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD_ROOT } from '../core/paths.js';

const BYTES_PER_PIXEL = 4;

/** What the fourth byte of pixels says. */
export const ALPHA_KINDS = ['straight', 'premultiplied', 'none'] as const;
export type AlphaKind = (typeof ALPHA_KINDS)[number];

/** How pixels of four bytes are written. */
export type PixelOrder = { readonly isBgra: boolean; readonly alpha: AlphaKind };

/** See workers/kernels/pushed.ts. */
type Kernels = {
  readonly memory: WebAssembly.Memory;
  pushedPlace(): number;
  pushedMost(): number;
  pushedPixels(count: number, isBgra: number, alpha: number): void;
};

function isKernels(exports: Record<string, unknown>): exports is Record<string, unknown> & Kernels {
  const { memory, pushedPlace, pushedMost, pushedPixels } = exports;
  return (
    memory instanceof WebAssembly.Memory &&
    [pushedPlace, pushedMost, pushedPixels].every((one) => typeof one === 'function')
  );
}

/** Brings pixels as programs have them into the form of rings: premultiplied RGBA. */
export class PushedPixels {
  readonly #kernels: Kernels;
  readonly #scratch: Uint8Array;

  /** @throws Error when the build is not whole */
  constructor() {
    const path = join(BUILD_ROOT, 'workers', 'pushed.wasm');
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), {});
    if (!isKernels(exports))
      throw new Error('The kernels do not fit this build; run npm run build.');
    this.#kernels = exports;
    const bytes = exports.pushedMost() * BYTES_PER_PIXEL;
    this.#scratch = new Uint8Array(exports.memory.buffer, exports.pushedPlace(), bytes);
  }

  /** Puts pixels where they are wanted, which may be where they are. Both are equally long. */
  convert(from: Uint8Array, into: Uint8Array, { isBgra, alpha }: PixelOrder): void {
    const scratch = this.#scratch;
    for (let at = 0; at < from.length; at += scratch.length) {
      const part = from.subarray(at, at + scratch.length);
      scratch.set(part);
      this.#kernels.pushedPixels(
        part.length / BYTES_PER_PIXEL,
        isBgra ? 1 : 0,
        ALPHA_KINDS.indexOf(alpha),
      );
      into.set(part.length === scratch.length ? scratch : scratch.subarray(0, part.length), at);
    }
  }
}
