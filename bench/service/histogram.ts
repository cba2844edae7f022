/** A cumulative histogram as Prometheus shows it: bounds in seconds, the last of them infinite. */
export type Histogram = { readonly bounds: readonly number[]; readonly counts: readonly number[] };

/** Reads one histogram without labels from a metrics page. */
export function readHistogram(page: string, name: string): Histogram {
  const buckets = [...page.matchAll(/^(\w+)_bucket\{le="([^"]+)"\} (\S+)$/gm)].filter(
    ([, found]) => found === name,
  );
  return {
    bounds: buckets.map(([, , bound]) => (bound === '+Inf' ? Infinity : Number(bound))),
    counts: buckets.map(([, , , count]) => Number(count)),
  };
}

/** What was observed between two readings. */
export function between(before: Histogram, after: Histogram): Histogram {
  return {
    bounds: after.bounds,
    counts: after.counts.map((count, i) => count - (before.counts[i] ?? 0)),
  };
}

export function countOf({ counts }: Histogram): number {
  return counts.at(-1) ?? 0;
}

/**
 * The value below which the share `fraction` lies, inside its bucket linearly, as `histogram_quantile` of
 * Prometheus has it. Beyond the last finite bound that bound is answered; 0 when nothing was observed.
 */
export function histogramQuantile(histogram: Histogram, fraction: number): number {
  const { bounds, counts } = histogram;
  const rank = countOf(histogram) * fraction;
  const index = counts.findIndex((count) => count >= rank);
  const [lower, upper] = [bounds[index - 1] ?? 0, bounds[index] ?? 0];
  if (upper === Infinity) return lower;
  const [below, upTo] = [counts[index - 1] ?? 0, counts[index] ?? 0];
  return upTo === below ? upper : lower + ((upper - lower) * (rank - below)) / (upTo - below);
}
