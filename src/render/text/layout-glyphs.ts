import type { LineGlyphs } from './text-spec.js';

const FIRST_CAPACITY = 32;

/** The glyphs of all lines of a layout in arrays that grow: a layout may have thousands of lines. */
export class LayoutGlyphs implements LineGlyphs {
  count = 0;
  ids = new Uint16Array(FIRST_CAPACITY);
  xs = new Float32Array(FIRST_CAPACITY);
  ys = new Float32Array(FIRST_CAPACITY);
  plain = new Uint8Array(FIRST_CAPACITY);
  clusters = new Uint32Array(FIRST_CAPACITY);

  /** Makes room for so many more. */
  reserve(more: number): void {
    const wanted = this.count + more;
    if (wanted > this.ids.length) this.#resize(Math.max(wanted, 2 * this.ids.length));
  }

  /** Gives back the room that is not used. */
  trim(): void {
    this.#resize(this.count);
  }

  #resize(capacity: number): void {
    const resized = <T extends { set(values: T): void; subarray(from: number, to: number): T }>(
      other: T,
      values: T,
    ): T => {
      other.set(values.subarray(0, this.count));
      return other;
    };
    this.ids = resized(new Uint16Array(capacity), this.ids);
    this.xs = resized(new Float32Array(capacity), this.xs);
    this.ys = resized(new Float32Array(capacity), this.ys);
    this.plain = resized(new Uint8Array(capacity), this.plain);
    this.clusters = resized(new Uint32Array(capacity), this.clusters);
  }
}
