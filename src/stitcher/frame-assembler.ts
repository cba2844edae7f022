/**
 * The way of one frame, phase "stitch", in the stitcher thread: copies and patches pixels into a slot. Owns what each slot
 * lacks of the newest frame.
 */

import type { Kernels } from '../memory/kernels.js';
import { tileRectsOf, tilesOffsetOf } from '../memory/jobs.js';
import { FRAME_SLOTS, type ProgramMap } from '../memory/map.js';
import { ProgramFrameWriter } from '../memory/program-frames.js';
import { TILE_BYTES } from '../memory/records.js';
import { Region } from '../memory/region.js';

/** A program frame as it is in shared memory; it stays as it is while it is held. */
export type ProgramFrame = { readonly slot: number; readonly offset: number };

type FrameSlot = {
  readonly index: number;
  readonly offset: number;
  /** Where the slot differs from the newest program frame. */
  readonly stale: Region;
};

/** Of limited range, as in ITU-R BT.709. */
const BLACK_LUMA = 16;
const NO_CHROMA = 128;

function toProgramFrame({ index, offset }: FrameSlot): ProgramFrame {
  return { slot: index, offset };
}

/**
 * Brings program frames up to date. Of a frame that comes next, most is in the slot already: what other frames
 * changed since the slot was last written is copied from the newest one, and the patches are put on top, so that
 * every pixel is written at most once.
 */
export class FrameAssembler {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #map: ProgramMap;
  readonly #kernels: Kernels;
  readonly #frames: ProgramFrameWriter;
  readonly #slots: FrameSlot[];
  readonly #bytes: Uint8Array<SharedArrayBuffer>;
  #newest: FrameSlot | null = null;
  /** Shown in place of the newest, which stays what comes next is built on. */
  #slate: FrameSlot | null = null;

  constructor(
    memory: WebAssembly.Memory,
    map: ProgramMap,
    kernels: Kernels,
    frames: ProgramFrameWriter,
  ) {
    this.#words = new Int32Array(memory.buffer);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#map = map;
    this.#kernels = kernels;
    this.#frames = frames;
    this.#slots = map.frameOffsets
      .slice(0, FRAME_SLOTS)
      .map((offset, index) => ({ index, offset, stale: new Region(map.widthPx, map.heightPx) }));
    for (const { stale } of this.#slots) stale.addAll();
  }

  /** The newest program frame; null before the first. */
  get newest(): ProgramFrame | null {
    return this.#newest === null ? null : toProgramFrame(this.#newest);
  }

  /**
   * Puts the patches of jobs that are done, in order, into one new program frame and publishes it as frame `n`. The
   * first frame ever must be a whole one. False when all slots are being read; then nothing has changed.
   */
  assemble(jobSlots: readonly number[], n: number): boolean {
    const slot = this.#takeSlot();
    if (slot === null) return false;
    const damage = new Region(this.#map.widthPx, this.#map.heightPx);
    const tiles = jobSlots.map((job) => tileRectsOf(this.#words, this.#map, job));
    for (const tile of tiles.flat()) damage.addRect(tile);
    slot.stale.removeRegion(damage);
    if (this.#newest !== null) this.#copyStale(slot, this.#newest);
    slot.stale.clear();
    jobSlots.forEach((job, i) => {
      this.#applyPatches(slot, job, tiles[i]?.length ?? 0);
    });
    for (const other of this.#slots) if (other !== slot) other.stale.addRegion(damage);
    this.#newest = slot;
    this.#slate = null;
    this.#frames.publish(slot.index, n);
    return true;
  }

  /**
   * What is shown when no new frame comes: the newest one, dimmed to a quarter and without colour, or black when there
   * is none. Published as frame `n` and kept until the next `assemble`. Null when all slots are being read.
   */
  slate(n: number): ProgramFrame | null {
    if (this.#slate !== null) return toProgramFrame(this.#slate);
    const slot = this.#takeSlot();
    if (slot === null) return null;
    const lumaBytes = this.#map.widthPx * this.#map.heightPx;
    const luma = this.#bytes.subarray(slot.offset, slot.offset + lumaBytes);
    if (this.#newest === null) luma.fill(BLACK_LUMA);
    else {
      const from = this.#newest.offset;
      for (let i = 0; i < lumaBytes; i++)
        luma[i] = BLACK_LUMA + (((this.#bytes[from + i] ?? BLACK_LUMA) - BLACK_LUMA) >> 2);
    }
    this.#bytes.fill(NO_CHROMA, slot.offset + lumaBytes, slot.offset + this.#map.frameBytes);
    slot.stale.addAll();
    this.#slate = slot;
    this.#frames.publish(slot.index, n);
    return toProgramFrame(slot);
  }

  hold({ slot }: ProgramFrame): void {
    this.#frames.hold(slot);
  }

  release({ slot }: ProgramFrame): void {
    this.#frames.release(slot);
  }

  /** A slot that nobody reads, taken for writing; not the newest, which every reader may take at any moment. */
  #takeSlot(): FrameSlot | null {
    return (
      this.#slots.find(
        (slot) =>
          slot !== this.#newest && slot !== this.#slate && this.#frames.tryBeginWrite(slot.index),
      ) ?? null
    );
  }

  #copyStale(slot: FrameSlot, newest: FrameSlot): void {
    const { widthPx, heightPx } = this.#map;
    for (const { x0, y0, x1, y1 } of slot.stale.toRects()) {
      this.#kernels.copyRect(
        slot.offset,
        newest.offset,
        widthPx,
        heightPx,
        x0,
        y0,
        x1 - x0,
        y1 - y0,
      );
    }
  }

  #applyPatches(slot: FrameSlot, job: number, tileCount: number): void {
    const tiles = tilesOffsetOf(this.#map, job);
    for (let i = 0; i < tileCount; i++) {
      this.#kernels.applyPatch(
        tiles + i * TILE_BYTES,
        slot.offset,
        this.#map.widthPx,
        this.#map.heightPx,
      );
    }
  }
}
