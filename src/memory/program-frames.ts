import { FRAME_POOL_OFFSET, FRAME_SLOTS, type ProgramMap } from './map.js';

/**
 * The frame pool that says which program frame is the newest and who reads which. One writer, the stitcher; any number
 * of readers. All words are 32-bit:
 *
 *     word  0         1      2       3..10           11..18         19..26         27..34        35..42
 *           NEWEST    WIDTH  HEIGHT  OFFSET[slot]    LEASE[slot]    SEQUENCE[slot] FRAME[slot]   HELD[slot]
 *
 * | word     | writer                     | readers | ordering |
 * |----------|----------------------------|---------|----------|
 * | NEWEST   | stitcher                   | readers | sequence · 8 + slot, 0 for none; stored after the frame is whole |
 * | LEASE    | stitcher and readers, CAS  | both    | readers on other threads, or -1 while it is written or closed; never both |
 * | HELD     | readers                    | whoever gives back | how many of the leases are the readers' of the preview thread; counted after the lease was taken and before it is let go |
 * | the rest | stitcher, while LEASE = -1 | readers, while LEASE > 0 | the CAS on LEASE orders them |
 */
const NEWEST = 0;
const WIDTH = 1;
const HEIGHT = 2;
const OFFSET = 3;
const LEASE = OFFSET + FRAME_SLOTS;
const SEQUENCE = LEASE + FRAME_SLOTS;
const FRAME = SEQUENCE + FRAME_SLOTS;
const HELD = FRAME + FRAME_SLOTS;
const WORDS = HELD + FRAME_SLOTS;

const WRITING = -1;
/** Enough for FRAME_SLOTS. */
const SLOT_BITS = 3;

function wordsOf(memory: WebAssembly.Memory): Int32Array<SharedArrayBuffer> {
  return new Int32Array(memory.buffer, FRAME_POOL_OFFSET, WORDS);
}

/** A program frame that stays as it is until it is released. Offsets are of tight I420 planes, in bytes. */
export type HeldFrame = {
  readonly frame: number;
  /** Grows with every published frame whose picture is new. */
  readonly sequence: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly yOffset: number;
  readonly uOffset: number;
  readonly vOffset: number;
  /** Ends the hold; further calls do nothing. */
  release(): void;
};

/** A reader's side of the frame pool. */
export class ProgramFrameReader {
  readonly #words: Int32Array<SharedArrayBuffer>;

  constructor(memory: WebAssembly.Memory) {
    this.#words = wordsOf(memory);
  }

  /** The newest program frame, held; null when there is none. Never waits. */
  acquireNewest(): HeldFrame | null {
    for (;;) {
      const newest = Atomics.load(this.#words, NEWEST);
      if (newest === 0) return null;
      const slot = newest & ((1 << SLOT_BITS) - 1);
      const lease = Atomics.load(this.#words, LEASE + slot);
      // The writer takes a slot only after it has published another one, so a slot that is being written is not
      // the newest any more: look again.
      if (lease === WRITING) continue;
      // From this exchange on the writer cannot take the slot. What is read below is whole, be it this frame or a
      // newer one that went into the slot in between.
      if (Atomics.compareExchange(this.#words, LEASE + slot, lease, lease + 1) === lease) {
        // After the lease: a thread that dies in between leaves one too many behind, never one too few.
        Atomics.add(this.#words, HELD + slot, 1);
        return this.#held(slot);
      }
    }
  }

  #held(slot: number): HeldFrame {
    const word = (index: number): number => Atomics.load(this.#words, index);
    const [widthPx, heightPx, yOffset] = [word(WIDTH), word(HEIGHT), word(OFFSET + slot)];
    const lumaBytes = widthPx * heightPx;
    let held = true;
    return {
      frame: word(FRAME + slot),
      sequence: word(SEQUENCE + slot),
      widthPx,
      heightPx,
      yOffset,
      uOffset: yOffset + lumaBytes,
      vOffset: yOffset + lumaBytes + lumaBytes / 4,
      release: () => {
        if (!held) return;
        held = false;
        // Before the lease, for the same reason.
        Atomics.sub(this.#words, HELD + slot, 1);
        Atomics.sub(this.#words, LEASE + slot, 1);
      },
    };
  }
}

/**
 * Gives back the leases of readers whose thread has ended. Nobody else may be reading: a memory has one thread of
 * readers at a time. Answers how many there were.
 */
export function giveBackLeases(memory: WebAssembly.Memory): number {
  const pool = wordsOf(memory);
  let count = 0;
  for (let slot = 0; slot < FRAME_SLOTS; slot++) {
    const held = Atomics.exchange(pool, HELD + slot, 0);
    if (held > 0) Atomics.sub(pool, LEASE + slot, held);
    count += held;
  }
  return count;
}

/** The stitcher's side of the frame pool. */
export class ProgramFrameWriter {
  readonly #words: Int32Array<SharedArrayBuffer>;
  /** Slots that are closed to readers and not being written. */
  readonly #closed = new Set<number>();
  /** Holds of readers on the writer's own thread, by slot: they end with it, so they stand in no shared word. */
  readonly #ownHolds = Array.from({ length: FRAME_SLOTS }, () => 0);
  #sequence = 0;

  /**
   * There may have been a writer before whose thread has died: what it left closed or half written is taken over.
   * Its own holds have gone with it.
   */
  constructor(memory: WebAssembly.Memory) {
    this.#words = wordsOf(memory);
    this.withdraw();
    for (let slot = 0; slot < FRAME_SLOTS; slot++) {
      Atomics.compareExchange(this.#words, LEASE + slot, WRITING, 0);
    }
  }

  /** Takes the newest frame off the frame pool: readers find none until the next `publish`. */
  withdraw(): void {
    Atomics.store(this.#words, NEWEST, 0);
  }

  /** Whether nobody reads any slot. */
  isIdle(): boolean {
    return this.#ownHolds.every((holds, slot) => holds === 0 && this.#lease(slot) <= 0);
  }

  /**
   * Tells the readers of a new layout, after `withdraw`. False, and nothing is told, as long as somebody reads a
   * slot: a reader that has just looked may take one, so every slot is closed to readers first, and opened again
   * by its first `publish`. `isForced` goes ahead: a slot whose reader died is then never written again.
   */
  layOut(map: ProgramMap, isForced = false): boolean {
    for (let slot = 0; slot < FRAME_SLOTS; slot++) {
      const isFree = this.#holds(slot) === 0 && this.#exchangeLease(slot);
      if (isFree) this.#closed.add(slot);
    }
    if (this.#closed.size < FRAME_SLOTS && !isForced) return false;
    Atomics.store(this.#words, WIDTH, map.widthPx);
    Atomics.store(this.#words, HEIGHT, map.heightPx);
    map.frameOffsets.forEach((offset, slot) => Atomics.store(this.#words, OFFSET + slot, offset));
    return true;
  }

  /** Takes a slot for writing. False when somebody reads it. */
  tryBeginWrite(slot: number): boolean {
    if (this.#holds(slot) > 0) return false;
    return this.#closed.delete(slot) || this.#exchangeLease(slot);
  }

  #holds(slot: number): number {
    return this.#ownHolds[slot] ?? 0;
  }

  #lease(slot: number): number {
    return Atomics.load(this.#words, LEASE + slot);
  }

  /** From no reader to the writer: the exchange takes place only while no reader is in the slot. */
  #exchangeLease(slot: number): boolean {
    return Atomics.compareExchange(this.#words, LEASE + slot, 0, WRITING) === 0;
  }

  /** Ends the writing of a slot and makes it the newest frame. */
  publish(slot: number, frame: number): void {
    this.#sequence = (this.#sequence + 1) & 0x0fffffff || 1;
    Atomics.store(this.#words, SEQUENCE + slot, this.#sequence);
    Atomics.store(this.#words, FRAME + slot, frame | 0);
    // The lease opens before NEWEST names the slot, so that a reader who sees the new NEWEST finds it open.
    Atomics.store(this.#words, LEASE + slot, 0);
    Atomics.store(this.#words, NEWEST, (this.#sequence << SLOT_BITS) | slot);
  }

  /** Holds a published slot for a reader on this thread, such as the encoder. */
  hold(slot: number): void {
    this.#ownHolds[slot] = this.#holds(slot) + 1;
  }

  release(slot: number): void {
    this.#ownHolds[slot] = this.#holds(slot) - 1;
  }
}
