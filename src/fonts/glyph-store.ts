const FIRST_CAPACITY = 64;

/**
 * Shaped glyphs, one after the other, in arrays that grow: texts have thousands of parts, and arrays of their own for
 * each would cost more than shaping them.
 */
export class GlyphStore {
  /** How many there are. */
  count = 0;
  ids: Uint16Array;
  /** Place in the paragraph, in UTF-16 units, of the first character that each stands for. */
  clusters: Uint32Array;
  /** Lengths are in pixels. */
  advances: Float64Array;
  /** From where it would stand by itself: to the right, and downwards. */
  dx: Float32Array;
  dy: Float32Array;
  /** 1: it is as wide as its font says, and stands where the one before it ends. */
  plain: Uint8Array;
  /** 1: a line must not be broken before its cluster without shaping both sides again. */
  unsafe: Uint8Array;

  /** @param capacity glyphs that there is room for before it has to grow */
  constructor(capacity = FIRST_CAPACITY) {
    this.ids = new Uint16Array(capacity);
    this.clusters = new Uint32Array(capacity);
    this.advances = new Float64Array(capacity);
    this.dx = new Float32Array(capacity);
    this.dy = new Float32Array(capacity);
    this.plain = new Uint8Array(capacity);
    this.unsafe = new Uint8Array(capacity);
  }

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
