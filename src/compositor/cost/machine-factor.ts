import type { Kernels } from '../../memory/kernels.js';

/** A picture that fits the caches, so that it is the core that is measured. */
const PROBE = { widthPx: 320, heightPx: 180, runs: 9 } as const;

/** What one run took where the constants of `item-cost.ts` and `render/paint-cost.ts` were measured, milliseconds. */
const REFERENCE_MS = 0.33;

/** Bounds of what is believed: a machine that is busy elsewhere is not slower. */
const BOUNDS = { lowest: 0.2, highest: 5 } as const;

/**
 * How much longer this machine takes than the one of the constants: the fastest of some runs of a kernel.
 * @param offset - where `PROBE` has room for its planes and its pixels, in the shared memory
 */
export function measureMachineFactor(kernels: Kernels, offset: number): number {
  const { widthPx, heightPx, runs } = PROBE;
  const pixels = offset + 2 * widthPx * heightPx;
  const tookMs = Array.from({ length: runs }, () => {
    const startedAtMs = performance.now();
    kernels.i420ToRgba(offset, widthPx, heightPx, pixels);
    return performance.now() - startedAtMs;
  });
  return Math.min(BOUNDS.highest, Math.max(BOUNDS.lowest, Math.min(...tookMs) / REFERENCE_MS));
}
