/** Cumulative histogram: `counts[i]` observations at or below `bounds[i]`; the last count is of all. */
export type HistogramSnapshot = { readonly counts: readonly number[]; readonly sum: number };

/** Seconds; upper bounds of the buckets of every latency histogram. */
export const LATENCY_BUCKETS_SECONDS = [
  0.0005, 0.001, 0.002, 0.004, 0.008, 0.012, 0.016, 0.025, 0.033, 0.05, 0.1, 0.25, 1,
] as const;

export type LatencyName = 'render' | 'assemble' | 'encodeWrite' | 'apiToPixel' | 'clockJitter';

export type LatencySnapshots = Readonly<Record<LatencyName, HistogramSnapshot>>;

type Histogram = { readonly counts: number[]; sum: number };

function emptyHistogram(): Histogram {
  return { counts: Array.from({ length: LATENCY_BUCKETS_SECONDS.length + 1 }, () => 0), sum: 0 };
}

/** Of a program of which nothing has been observed. */
export const EMPTY_LATENCIES: LatencySnapshots = {
  render: emptyHistogram(),
  assemble: emptyHistogram(),
  encodeWrite: emptyHistogram(),
  apiToPixel: emptyHistogram(),
  clockJitter: emptyHistogram(),
};

/** The latency histograms of the program, cumulative as Prometheus has them. */
export class Latencies {
  readonly #histograms: Record<LatencyName, Histogram> = {
    render: emptyHistogram(),
    assemble: emptyHistogram(),
    encodeWrite: emptyHistogram(),
    apiToPixel: emptyHistogram(),
    clockJitter: emptyHistogram(),
  };

  observe(name: LatencyName, seconds: number): void {
    const histogram = this.#histograms[name];
    histogram.sum += seconds;
    for (let i = histogram.counts.length - 1; i >= 0; i--) {
      const bound = LATENCY_BUCKETS_SECONDS[i] ?? Infinity;
      if (seconds > bound) return;
      histogram.counts[i] = (histogram.counts[i] ?? 0) + 1;
    }
  }

  snapshot(): LatencySnapshots {
    const copy = ({ counts, sum }: Histogram): HistogramSnapshot => ({ counts: [...counts], sum });
    const { render, assemble, encodeWrite, apiToPixel, clockJitter } = this.#histograms;
    return {
      render: copy(render),
      assemble: copy(assemble),
      encodeWrite: copy(encodeWrite),
      apiToPixel: copy(apiToPixel),
      clockJitter: copy(clockJitter),
    };
  }
}
