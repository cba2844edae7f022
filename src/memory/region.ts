/**
 * The way of one frame, phase "damage", in the compositor thread (the stitcher reads the result): parts of a frame, counted
 * in cells, and the tiles that they are cut into. Pure but for the set of cells itself.
 */

/** A rectangle in pixels, right and bottom excluded. */
export type Rect = {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
};

/** Cells are this large: a tile begins on a multiple of 16 (the kernels' step), and the height costs little. */
export const CELL_PX = 16;

/** A set of cells of a frame. One byte a cell: adding a few hundred and walking 8,160 of 1080p takes some microseconds. */
export class Region {
  readonly columns: number;
  readonly rows: number;
  readonly #cells: Uint8Array;
  /** The same cells, four at a time: what is done to all of them is done to these. */
  readonly #words: Int32Array;
  #isEmpty = true;

  constructor(
    readonly widthPx: number,
    readonly heightPx: number,
  ) {
    this.columns = Math.ceil(widthPx / CELL_PX);
    this.rows = Math.ceil(heightPx / CELL_PX);
    const words = Math.ceil((this.columns * this.rows) / 4);
    this.#words = new Int32Array(words);
    this.#cells = new Uint8Array(this.#words.buffer, 0, this.columns * this.rows);
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  clear(): void {
    if (!this.#isEmpty) this.#cells.fill(0);
    this.#isEmpty = true;
  }

  addAll(): void {
    this.#cells.fill(1);
    this.#isEmpty = false;
  }

  /** Adds every cell that a rectangle touches. */
  addRect({ x0, y0, x1, y1 }: Rect): void {
    const left = Math.max(0, Math.floor(x0 / CELL_PX));
    const top = Math.max(0, Math.floor(y0 / CELL_PX));
    const right = Math.min(this.columns, Math.ceil(x1 / CELL_PX));
    const bottom = Math.min(this.rows, Math.ceil(y1 / CELL_PX));
    if (left >= right) return;
    for (let row = top; row < bottom; row++) {
      this.#cells.fill(1, row * this.columns + left, row * this.columns + right);
    }
    if (top < bottom) this.#isEmpty = false;
  }

  addRegion(other: Region): void {
    if (other.isEmpty) return;
    const [words, others] = [this.#words, other.#words];
    for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) | (others[i] ?? 0);
    this.#isEmpty = false;
  }

  /** Takes away the cells of another region of the same size. */
  removeRegion(other: Region): void {
    if (other.isEmpty) return;
    const [words, others] = [this.#words, other.#words];
    let rest = 0;
    for (let i = 0; i < words.length; i++) {
      const word = (words[i] ?? 0) & ~(others[i] ?? 0);
      words[i] = word;
      rest |= word;
    }
    this.#isEmpty = rest === 0;
  }

  /**
   * The region as rectangles that do not overlap: runs of cells in a row, joined downwards as long as the row below
   * has the same run. Clipped to the frame.
   */
  toRects(): Rect[] {
    const rects: Rect[] = [];
    if (this.isEmpty) return rects;
    const open = new Map<number, { left: number; right: number; top: number }>();
    const close = (left: number, right: number, top: number, bottom: number): void => {
      rects.push({
        x0: left * CELL_PX,
        y0: top * CELL_PX,
        x1: Math.min(this.widthPx, right * CELL_PX),
        y1: Math.min(this.heightPx, bottom * CELL_PX),
      });
    };
    for (let row = 0; row <= this.rows; row++) {
      const runs = row < this.rows ? this.#runsOf(row) : new Map<number, number>();
      for (const [left, run] of open) {
        if (runs.get(left) === run.right) continue;
        close(left, run.right, run.top, row);
        open.delete(left);
      }
      for (const [left, right] of runs)
        if (!open.has(left)) open.set(left, { left, right, top: row });
    }
    return rects;
  }

  /** Runs of a row by their left end. */
  #runsOf(row: number): Map<number, number> {
    const runs = new Map<number, number>();
    const start = row * this.columns;
    const end = start + this.columns;
    for (
      let i = this.#cells.indexOf(1, start);
      i !== -1 && i < end;
      i = this.#cells.indexOf(1, i)
    ) {
      let right = i;
      while (right < end && this.#cells[right] === 1) right++;
      runs.set(i - start, right - start);
      i = right;
    }
    return runs;
  }
}

/** Cuts rectangles into tiles of at most `maxPx` pixels and `maxWidthPx` width, in steps of whole cells. */
export function toTiles(rects: readonly Rect[], maxPx: number, maxWidthPx: number): Rect[] {
  return rects.flatMap((rect) => {
    const tiles: Rect[] = [];
    const widthCells = Math.ceil((rect.x1 - rect.x0) / CELL_PX);
    const parts = Math.ceil((widthCells * CELL_PX) / maxWidthPx);
    const partPx = Math.ceil(widthCells / parts) * CELL_PX;
    const rowsPx = Math.max(CELL_PX, Math.floor(maxPx / partPx / CELL_PX) * CELL_PX);
    for (let y0 = rect.y0; y0 < rect.y1; y0 += rowsPx) {
      for (let x0 = rect.x0; x0 < rect.x1; x0 += partPx) {
        tiles.push({
          x0,
          y0,
          x1: Math.min(rect.x1, x0 + partPx),
          y1: Math.min(rect.y1, y0 + rowsPx),
        });
      }
    }
    return tiles;
  });
}
