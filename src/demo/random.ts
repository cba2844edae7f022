/**
 * A stream of numbers in [0, 1) that is the same for the same seed on every machine: xorshift with the shifts
 * 13, 17, 5 (Marsaglia, "Xorshift RNGs", 2003). Good enough to place discs, not for secrets.
 * @param seed any integer but 0
 */
export function createRandom(seed: number): () => number {
  let word = seed | 0;
  return () => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return (word >>> 0) / 2 ** 32;
  };
}
