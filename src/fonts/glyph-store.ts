const FIRST_CAPACITY = 64;

/**
 * Shaped glyphs, one after the other, in arrays that grow: texts have thousands of parts, and arrays of their own for
 * each would cost more than shaping them.
 */
export class GlyphStore {
  /** How many there are. */
  count = 0;
  ids = new Uint16Array(FIRST_CAPACITY);
  /** Place in the paragraph, in UTF-16 units, of the first character that each stands for. */
  clusters = new Uint32Array(FIRST_CAPACITY);
  /** Lengths are in pixels. */
  advances = new Float64Array(FIRST_CAPACITY);
  /** From where it would stand by itself: to the right, and downwards. */
  dx = new Float32Array(FIRST_CAPACITY);
  dy = new Float32Array(FIRST_CAPACITY);
  /** 1: it is as wide as its font says, and stands where the one before it ends. */
  plain = new Uint8Array(FIRST_CAPACITY);
  /** 1: a line must not be broken before its cluster without shaping both sides again. */
  unsafe = new Uint8Array(FIRST_CAPACITY);

  /** Makes room for so many more. */
  reserve(more: number): void {
    const wanted = this.count + more;
    if (wanted <= this.ids.length) return;
    const capacity = Math.max(wanted, 2 * this.ids.length);
    const grown = <T extends { set(values: T): void }>(larger: T, values: T): T => {
      larger.set(values);
      return larger;
    };
    this.ids = grown(new Uint16Array(capacity), this.ids);
    this.clusters = grown(new Uint32Array(capacity), this.clusters);
    this.advances = grown(new Float64Array(capacity), this.advances);
    this.dx = grown(new Float32Array(capacity), this.dx);
    this.dy = grown(new Float32Array(capacity), this.dy);
    this.plain = grown(new Uint8Array(capacity), this.plain);
    this.unsafe = grown(new Uint8Array(capacity), this.unsafe);
  }
}
