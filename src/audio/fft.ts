/**
 * The power spectrum of real samples, by a complex transform of half the length (radix 2, in place) whose halves are taken apart
 * after it. Tables and scratch are made once.
 */
export class RealFft {
  readonly #half: number;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #reversed: Uint16Array;

  /** @param size - samples; a power of two, 4 to 65,536 */
  constructor(readonly size: number) {
    const half = size / 2;
    this.#half = half;
    this.#real = new Float64Array(half);
    this.#imaginary = new Float64Array(half);
    this.#cosines = Float64Array.from({ length: half }, (_, i) =>
      Math.cos((2 * Math.PI * i) / size),
    );
    this.#sines = Float64Array.from({ length: half }, (_, i) => Math.sin((2 * Math.PI * i) / size));
    const bits = Math.log2(half);
    this.#reversed = Uint16Array.from({ length: half }, (_, i) => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit++) reversed |= ((i >> bit) & 1) << (bits - 1 - bit);
      return reversed;
    });
  }

  /** Puts the squared magnitudes of bins 0 to `size` / 2 into `power`. */
  power(samples: ArrayLike<number>, power: Float64Array): void {
    const half = this.#half;
    for (let i = 0; i < half; i++) {
      const to = this.#reversed[i] ?? 0;
      this.#real[to] = samples[2 * i] ?? 0;
      this.#imaginary[to] = samples[2 * i + 1] ?? 0;
    }
    this.#transform();
    for (let k = 0; k <= half; k++) {
      // No lists here: this is done for every frame.
      const at = k % half;
      const mirrored = (half - k) % half;
      const ar = this.#real[at] ?? 0;
      const ai = this.#imaginary[at] ?? 0;
      const br = this.#real[mirrored] ?? 0;
      const bi = -(this.#imaginary[mirrored] ?? 0);
      const evenReal = (ar + br) / 2;
      const evenImaginary = (ai + bi) / 2;
      const oddReal = (ai - bi) / 2;
      const oddImaginary = (br - ar) / 2;
      const cosine = k === half ? -1 : (this.#cosines[k] ?? 0);
      const sine = k === half ? 0 : (this.#sines[k] ?? 0);
      const real = evenReal + oddReal * cosine + oddImaginary * sine;
      const imaginary = evenImaginary + oddImaginary * cosine - oddReal * sine;
      power[k] = real * real + imaginary * imaginary;
    }
  }

  #transform(): void {
    const half = this.#half;
    const real = this.#real;
    const imaginary = this.#imaginary;
    for (let length = 2; length <= half; length *= 2) {
      const stride = (2 * half) / length;
      for (let start = 0; start < half; start += length)
        for (let i = 0; i < length / 2; i++) {
          const cosine = this.#cosines[i * stride] ?? 0;
          const sine = this.#sines[i * stride] ?? 0;
          const one = start + i;
          const other = one + length / 2;
          const otherReal = real[other] ?? 0;
          const otherImaginary = imaginary[other] ?? 0;
          const turnedReal = otherReal * cosine + otherImaginary * sine;
          const turnedImaginary = otherImaginary * cosine - otherReal * sine;
          const oneReal = real[one] ?? 0;
          const oneImaginary = imaginary[one] ?? 0;
          real[other] = oneReal - turnedReal;
          imaginary[other] = oneImaginary - turnedImaginary;
          real[one] = oneReal + turnedReal;
          imaginary[one] = oneImaginary + turnedImaginary;
        }
    }
  }
}
