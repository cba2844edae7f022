import type { CompositorStats } from '../compositor/contract.js';
import type { LatencySnapshots } from '../core/latencies.js';
import type { StitcherStats } from '../stitcher/contract.js';

/** What is known of the program: of the stitcher and the compositor together. */
export type ProgramStats = Omit<StitcherStats, 'latencies'> &
  Omit<CompositorStats, 'latencies'> & { readonly latencies: LatencySnapshots };
