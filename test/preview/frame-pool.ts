import { createSharedMemory, mapProgramMemory } from '../../src/memory/map.js';
import { ProgramFrameWriter } from '../../src/memory/program-frames.js';

/** One luma and two chroma samples. */
export type Colour = readonly [y: number, u: number, v: number];

export const BLACK: Colour = [16, 128, 128];
export const WHITE: Colour = [235, 128, 128];
/** Full red in BT.709: what a decoder makes (255, 0, 0) of. */
export const RED: Colour = [63, 102, 240];

/** The stitcher's side of the board, to publish frames by hand. */
export type FramePool = {
  readonly memory: WebAssembly.Memory;
  readonly writer: ProgramFrameWriter;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Publishes a frame of one colour. */
  publish(colour: Colour): void;
  /** Offset of the frame slots, to draw something else before `publishSlot`. */
  readonly frameOffsets: readonly number[];
  publishSlot(slot: number): void;
};

export function createFramePool(widthPx: number, heightPx: number): FramePool {
  const memory = createSharedMemory();
  const map = mapProgramMemory(widthPx, heightPx);
  const writer = new ProgramFrameWriter(memory);
  writer.layOut(map);
  let frame = 0;
  const nextFree = (): number => {
    const slot = map.frameOffsets.findIndex((_, index) => writer.tryBeginWrite(index));
    if (slot < 0) throw new Error('Every slot of the board is read by somebody.');
    return slot;
  };
  return {
    memory,
    writer,
    widthPx,
    heightPx,
    frameOffsets: map.frameOffsets,
    publish([y, u, v]) {
      const slot = nextFree();
      const luma = widthPx * heightPx;
      const bytes = new Uint8Array(memory.buffer, map.frameOffsets[slot], map.frameBytes);
      bytes.fill(y, 0, luma);
      bytes.fill(u, luma, luma * 1.25);
      bytes.fill(v, luma * 1.25);
      writer.publish(slot, frame++);
    },
    publishSlot(slot) {
      if (!writer.tryBeginWrite(slot)) throw new Error('This slot is read by somebody.');
      writer.publish(slot, frame++);
    },
  };
}
