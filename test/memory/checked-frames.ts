import type { HeldFrame } from '../../src/memory/program-frames.js';

/** Frames whose every byte follows from their number and size, so that a torn one can be told. */

export type ReaderInit = {
  readonly memory: WebAssembly.Memory;
  /** One word; not 0 ends the reader. */
  readonly stop: SharedArrayBuffer;
  readonly seed: number;
};

export type ReaderReport = {
  readonly frames: number;
  /** How often another frame than the one before was found. */
  readonly distinct: number;
  readonly faults: readonly string[];
};

function wordAt(frame: number, widthPx: number, i: number): number {
  return (Math.imul(frame, 0x9e3779b1) ^ Math.imul(i + widthPx, 0x85ebca6b)) | 0;
}

/** Fills a frame with what `checkFrame` expects. */
export function fillFrame(
  memory: WebAssembly.Memory,
  offset: number,
  frame: number,
  widthPx: number,
  heightPx: number,
): void {
  const words = new Int32Array(memory.buffer, offset, (widthPx * heightPx * 1.5) / 4);
  for (let i = 0; i < words.length; i++) words[i] = wordAt(frame, widthPx, i);
}

/** What is wrong with a held frame, or null. */
export function checkFrame(memory: WebAssembly.Memory, held: HeldFrame): string | null {
  const { frame, widthPx, heightPx, yOffset } = held;
  const words = new Int32Array(memory.buffer, yOffset, (widthPx * heightPx * 1.5) / 4);
  for (let i = 0; i < words.length; i++)
    if (words[i] !== wordAt(frame, widthPx, i))
      return `word ${i} of frame ${frame} (${widthPx}x${heightPx}) is not its own`;
  return null;
}
