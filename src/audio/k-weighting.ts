/** The weighting of ITU-R BS.1770-4 for 48 kHz, from its tables: a shelf and a high-pass. */

type Coefficients = readonly [b0: number, b1: number, b2: number, a1: number, a2: number];

const SHELF: Coefficients = [
  1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585,
];
const HIGH_PASS: Coefficients = [1, -2, 1, -1.99004745483398, 0.99007225036621];

/** As the kernel `weigh` takes them. */
export const K_WEIGHTING: readonly number[] = [...SHELF, ...HIGH_PASS];

/** The loudness of a weighted mean square that is summed over the channels, LUFS. */
export function lufsOf(meanSquare: number): number {
  return -0.691 + 10 * Math.log10(meanSquare);
}
