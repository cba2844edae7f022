import { LATENCY_BUCKETS_SECONDS, type HistogramSnapshot, type LatencyName } from './protocol.js';

type Histogram = { readonly counts: number[]; sum: number };

function emptyHistogram(): Histogram {
  return { counts: Array.from({ length: LATENCY_BUCKETS_SECONDS.length + 1 }, () => 0), sum: 0 };
}

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

  snapshot(): Readonly<Record<LatencyName, HistogramSnapshot>> {
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
