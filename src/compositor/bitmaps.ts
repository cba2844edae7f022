import { bitmapBytes } from '../memory/bitmap-layout.js';
import { Heap } from '../memory/heap.js';
import {
  BITMAP_EMPTY,
  BITMAP_FAILED,
  BITMAP_HEADER_BYTES,
  BITMAP_PAINTED,
  BITMAP_STATE,
} from '../memory/records.js';
import { WrittenChunks, type GiveBack } from '../memory/written-chunks.js';
import { levelsContent, type Content, type PictureContent } from '../render/content.js';

/** A bitmap in shared memory. Its header stands before `offset`. */
export type Bitmap = {
  readonly content: Content | PictureContent;
  readonly offset: number;
  /** Tells it from every other of the store, also from those that are gone. */
  readonly serial: number;
  /** Frames in progress that show it. */
  uses: number;
  /** Whether its paint is in a job or in the background. */
  isOrdered: boolean;
  /** Whether it is painted in the background: render workers do not wait for it, as they do for each other's paints. */
  isInBackground: boolean;
  /** Key of the layer that asked for it first; null: nobody is to answer for it. */
  owner: string | null;
  /** Why painting it failed, as far as is known. */
  failure: string | null;
  /** Turn of the store at which it was last asked for. */
  lastTurn: number;
};

const ALIGN_BYTES = 64;

/** Bitmaps that no frame shows are kept up to this: scenes that are switched between keep theirs. */
export const KEPT_BITMAP_BYTES = 134_217_728;

/** Some memory that nothing is in is kept nevertheless: clocks and tickers write to it again and again. What is given back at once takes half a millisecond. */
const GIVE_BACK = { spareBytes: 32 * 1024 ** 2, mostBytes: 4 * 1024 ** 2 } as const;

/** What of its room for paints a store has when memory is short. */
const TIGHT_PART = 0.5;

const knownLevels = new WeakMap<Bitmap, Content>();

/** What the levels of a bitmap are painted by. */
export function levelsOf(bitmap: Bitmap): Content {
  const known = knownLevels.get(bitmap);
  if (known !== undefined) return known;
  const { serial, offset, content } = bitmap;
  const levels = levelsContent(serial, offset, content.widthPx, content.heightPx);
  knownLevels.set(bitmap, levels);
  return levels;
}

/** How many items a content is drawn by. */
function itemCountOf(content: Content | PictureContent): number {
  return 'drawing' in content && content.drawing.kind === 'composed' ? content.drawing.count : 0;
}

function bytesOf(content: Content | PictureContent): number {
  return bitmapBytes(content.widthPx, content.heightPx, itemCountOf(content));
}

function isPaint(content: Content | PictureContent): boolean {
  return 'drawing' in content;
}

function isDecodedPicture(content: Content | PictureContent): boolean {
  return !('drawing' in content) && content.track === null;
}

/** Which video a content is a picture of; null: of none. */
function trackOf(content: Content | PictureContent): string | null {
  return 'drawing' in content && content.drawing.kind === 'video-frame'
    ? content.drawing.track
    : null;
}

/**
 * The bitmaps by the key of their content, kept by the compositor alone. What no frame in progress uses is given up,
 * the longest unused first, when there are too many bytes or no place for a new one.
 */
export class BitmapStore {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #heap: Heap;
  readonly #written: WrittenChunks;
  readonly #byKey = new Map<string, Bitmap>();
  /** Most that all bitmaps may take, and those of them that are painted: that are not decoded pictures. */
  readonly limitBytes: number;
  readonly #paintedLimitBytes: number;
  #isTight = false;
  readonly #abandoned = new Set<Bitmap>();
  /** Pictures of videos, by what plays. */
  readonly #ofVideos = new Map<string, Set<Bitmap>>();
  #paintedBytes = 0;
  #turn = 0;
  /** At the last call that gave up what is not asked for. */
  #turnAtLastCall = 0;
  #serial = 0;

  constructor(
    memory: WebAssembly.Memory,
    heapOffset: number,
    heapBytes: number,
    paintedLimitBytes: number,
  ) {
    this.#words = new Int32Array(memory.buffer);
    this.#heap = new Heap(heapOffset - BITMAP_HEADER_BYTES, heapBytes, ALIGN_BYTES);
    this.#written = new WrittenChunks(memory);
    this.limitBytes = heapBytes;
    this.#paintedLimitBytes = Math.min(heapBytes, paintedLimitBytes);
  }

  get paintedLimitBytes(): number {
    return this.#paintedLimitBytes * (this.#isTight ? TIGHT_PART : 1);
  }

  get usedBytes(): number {
    return this.#heap.usedBytes;
  }

  /** The bitmap of a content, made when there is none yet; null when there is no memory for it. */
  get(content: Content | PictureContent): Bitmap | null {
    const known = this.find(content.key);
    if (known !== null) return known;
    const bytes = bytesOf(content);
    this.#giveUpBefore(content);
    const keptBytes = Math.min(KEPT_BITMAP_BYTES, this.paintedLimitBytes / 2);
    this.#giveUp(Math.max(0, this.#heap.usedBytes + bytes - keptBytes));
    let start = this.#allocate(content, bytes);
    if (start === null) {
      this.#giveUp(Infinity);
      start = this.#allocate(content, bytes);
    }
    if (start === null) return null;
    this.#written.add(start, bytes);
    if (isPaint(content)) this.#paintedBytes += bytes;
    Atomics.store(this.#words, (start + BITMAP_STATE) >> 2, BITMAP_EMPTY);
    const bitmap = {
      content,
      offset: start + BITMAP_HEADER_BYTES,
      serial: ++this.#serial,
      uses: 0,
      isOrdered: false,
      isInBackground: false,
      owner: null,
      failure: null,
      lastTurn: ++this.#turn,
    };
    this.#byKey.set(content.key, bitmap);
    const track = trackOf(content);
    if (track !== null)
      this.#ofVideos.set(track, (this.#ofVideos.get(track) ?? new Set()).add(bitmap));
    return bitmap;
  }

  /** The pixels of a bitmap that is never looked at are there. */
  markPainted({ offset }: Bitmap): void {
    Atomics.store(this.#words, (offset - BITMAP_HEADER_BYTES + BITMAP_STATE) >> 2, BITMAP_PAINTED);
  }

  find(key: string): Bitmap | null {
    const known = this.#byKey.get(key);
    if (known === undefined) return null;
    this.touch(known);
    return known;
  }

  /** Counts as asking for a bitmap that is known. */
  touch(bitmap: Bitmap): void {
    bitmap.lastTurn = ++this.#turn;
  }

  /** BITMAP_EMPTY, BITMAP_PAINTED or BITMAP_FAILED. */
  stateOf({ offset }: Bitmap): number {
    return Atomics.load(this.#words, (offset - BITMAP_HEADER_BYTES + BITMAP_STATE) >> 2);
  }

  isPainted(bitmap: Bitmap): boolean {
    return this.stateOf(bitmap) === BITMAP_PAINTED;
  }

  /** Whether it still stands where it stood: what nobody held may have been given up. */
  isKept(bitmap: Bitmap): boolean {
    return this.#byKey.get(bitmap.content.key) === bitmap;
  }

  /** The bitmap that begins at an offset. */
  at(offset: number): Bitmap | null {
    for (const bitmap of this.#byKey.values()) if (bitmap.offset === offset) return bitmap;
    return null;
  }

  /**
   * Forgets the bitmap at `offset` if it is still to be painted, because the thread that was to do it is gone. Render workers
   * that wait for it go on without; its memory is kept as long as a frame holds it, for another render worker may yet paint
   * it; the next frame that needs its content orders a new one. Answers whether it was still to be painted.
   */
  abandonAt(offset: number): boolean {
    const bitmap = this.at(offset);
    if (bitmap === null) return false;
    const state = (offset - BITMAP_HEADER_BYTES + BITMAP_STATE) >> 2;
    // A paint that has ended meanwhile wins: the exchange takes place only while the bitmap is still empty.
    const before = Atomics.compareExchange(this.#words, state, BITMAP_EMPTY, BITMAP_FAILED);
    if (before === BITMAP_PAINTED) return false;
    Atomics.notify(this.#words, state);
    this.#byKey.delete(bitmap.content.key);
    this.#abandoned.add(bitmap);
    return before === BITMAP_EMPTY;
  }

  #allocate(content: Content | PictureContent, bytes: number): number | null {
    const isTooMuch = isPaint(content) && this.#paintedBytes + bytes > this.paintedLimitBytes;
    return isTooMuch ? null : this.#heap.allocate(bytes);
  }

  #remove(bitmap: Bitmap): void {
    this.#byKey.delete(bitmap.content.key);
    this.#release(bitmap);
  }

  /** Of a video the pictures that no frame shows are not shown again before they are decoded again. */
  #giveUpBefore(content: Content | PictureContent): void {
    const track = trackOf(content);
    for (const bitmap of track === null ? [] : (this.#ofVideos.get(track) ?? []))
      if (bitmap.uses === 0) this.#remove(bitmap);
  }

  #release(bitmap: Bitmap): void {
    const { content, offset } = bitmap;
    if (isPaint(content)) this.#paintedBytes -= bytesOf(content);
    const track = trackOf(content);
    const ofVideo = track === null ? undefined : this.#ofVideos.get(track);
    ofVideo?.delete(bitmap);
    if (track !== null && ofVideo?.size === 0) this.#ofVideos.delete(track);
    this.#heap.release(offset - BITMAP_HEADER_BYTES);
  }

  /**
   * Gives up all bitmaps that no frame shows: they are painted anew when they are.
   * @param isTight - whether half as much may be painted, until the next call
   */
  shed(isTight: boolean): void {
    this.#isTight = isTight;
    this.#giveUp(Infinity);
  }

  /**
   * Gives up what is painted and no frame shows, where nobody has asked for it since the last call, to be made every few
   * minutes: texts that were changed do not come back, nor do videos that have been shown. Pictures are kept, for it takes long
   * to decode them.
   */
  giveUpUnasked(): void {
    for (const bitmap of this.#byKey.values())
      if (
        bitmap.uses === 0 &&
        bitmap.lastTurn <= this.#turnAtLastCall &&
        !isDecodedPicture(bitmap.content)
      )
        this.#remove(bitmap);
    this.#turnAtLastCall = this.#turn;
  }

  /** Gives memory that nothing is in any more back to the system, some of it each time: to be called a few times a second. Answers how much, bytes. */
  giveBack(giveBackPages: GiveBack): number {
    return this.#written.giveBack(this.#heap, GIVE_BACK, giveBackPages);
  }

  /** Gives up unused bitmaps until `bytes` are free that were not, or none is left. */
  #giveUp(bytes: number): void {
    const wantedBytes = this.#heap.usedBytes - bytes;
    for (const bitmap of this.#abandoned) {
      if (bitmap.uses > 0) continue;
      this.#abandoned.delete(bitmap);
      this.#release(bitmap);
    }
    if (this.#heap.usedBytes <= wantedBytes) return;
    const unused = [...this.#byKey.values()].filter(({ uses }) => uses === 0);
    for (const bitmap of unused.sort((a, b) => a.lastTurn - b.lastTurn)) {
      if (this.#heap.usedBytes <= wantedBytes) return;
      this.#remove(bitmap);
    }
  }
}
