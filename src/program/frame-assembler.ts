import type { Kernels } from '../memory/kernels.js';
import { FRAME_SLOTS, type ProgramMap } from '../memory/map.js';
import { ProgramFrameWriter } from '../memory/program-frames.js';
import { TILE_BYTES } from '../memory/records.js';
import { Region } from '../scene/region.js';
import type { PlannedFrame } from './frame-planner.js';
import { tilesOffsetOf } from './write-job.js';

/** A program frame that is on air; it stays as it is while it is held. */
export type AiredFrame = { readonly slot: number; readonly offset: number };

type FrameSlot = {
  readonly index: number;
  readonly offset: number;
  /** Where the slot differs from the newest program frame. */
  readonly stale: Region;
};

/**
 * Brings program frames up to date. Of a frame that comes next, most is in the slot already: what other frames
 * changed since the slot was last written is copied from the newest one, and the patches are put on top, so that
 * every pixel is written at most once.
 */
export class FrameAssembler {
  readonly #map: ProgramMap;
  readonly #kernels: Kernels;
  readonly #board: ProgramFrameWriter;
  readonly #slots: FrameSlot[];
  #newest: FrameSlot | null = null;

  constructor(map: ProgramMap, kernels: Kernels, board: ProgramFrameWriter) {
    this.#map = map;
    this.#kernels = kernels;
    this.#board = board;
    this.#slots = map.frameOffsets
      .slice(0, FRAME_SLOTS)
      .map((offset, index) => ({ index, offset, stale: new Region(map.widthPx, map.heightPx) }));
    for (const { stale } of this.#slots) stale.addAll();
  }

  /** The newest program frame; null before the first. */
  get newest(): AiredFrame | null {
    return this.#newest === null ? null : { slot: this.#newest.index, offset: this.#newest.offset };
  }

  /**
   * Puts the patches of complete frames, in order, into one new program frame and publishes it as frame `n`. The
   * first frame ever must be a whole one. False when all slots are being read; then nothing has changed.
   */
  assemble(frames: readonly PlannedFrame[], n: number): boolean {
    const slot = this.#takeSlot();
    if (slot === null) return false;
    const damage = new Region(this.#map.widthPx, this.#map.heightPx);
    for (const frame of frames) damage.addRegion(frame.damage);
    slot.stale.removeRegion(damage);
    if (this.#newest !== null) this.#copyStale(slot, this.#newest);
    slot.stale.clear();
    for (const frame of frames) this.#applyPatches(slot, frame);
    for (const other of this.#slots) if (other !== slot) other.stale.addRegion(damage);
    this.#newest = slot;
    this.#board.publish(slot.index, n);
    return true;
  }

  hold({ slot }: AiredFrame): void {
    this.#board.hold(slot);
  }

  release({ slot }: AiredFrame): void {
    this.#board.release(slot);
  }

  /** A slot that nobody reads, taken for writing; not the newest, which every reader may take at any moment. */
  #takeSlot(): FrameSlot | null {
    return (
      this.#slots.find((slot) => slot !== this.#newest && this.#board.tryBeginWrite(slot.index)) ??
      null
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

  #applyPatches(slot: FrameSlot, frame: PlannedFrame): void {
    const tiles = tilesOffsetOf(this.#map, frame.slot);
    for (let i = 0; i < frame.tileCount; i++) {
      this.#kernels.applyPatch(
        tiles + i * TILE_BYTES,
        slot.offset,
        this.#map.widthPx,
        this.#map.heightPx,
      );
    }
  }
}
