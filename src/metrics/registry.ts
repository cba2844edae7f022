import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { HistogramSnapshot } from '../core/latencies.js';

/** One value of a metric; the labels are the same names for every sample of it. */
export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** What a metric is called, and what it says to people. */
export type MetricName = { readonly name: string; readonly help: string };

/** The one owner of prom-client. Values are read when they are asked for: nothing is copied in between. */
export interface MetricRegistry {
  readonly contentType: string;
  render(): Promise<string>;
  gauge(metric: MetricName, labels: readonly string[], read: Reader): void;
  /** `read` gives totals since the process started. */
  counter(metric: MetricName, labels: readonly string[], read: Reader): void;
  /** A histogram that is counted elsewhere; null counts as empty. `bounds` without infinity. */
  countedHistogram(
    metric: MetricName,
    bounds: readonly number[],
    read: () => HistogramSnapshot | null,
  ): void;
  /** A histogram that is counted here; answers the function to observe with. */
  histogram(
    metric: MetricName,
    labels: readonly string[],
    bounds: readonly number[],
  ): (labels: Readonly<Record<string, string>>, value: number) => void;
}

export type Reader = () => readonly Sample[] | Promise<readonly Sample[]>;

/**
 * Gauges that prom-client names like counters, which the linter of Prometheus rightly does not like. It reads the sizes
 * of the heap for all three of their gauges where it reads the total: without that one, the others stay at 0.
 */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
  'nodejs_heap_size_total_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_external_memory_bytes',
];

/** The two of them that are named well, read by themselves. */
function addHeapMetrics(registry: Registry): void {
  const add = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  add(
    'nodejs_heap_size_used_bytes',
    'Heap in use by the main thread.',
    () => process.memoryUsage().heapUsed,
  );
  add(
    'nodejs_external_memory_bytes',
    'Memory of buffers and other objects outside of the heap of the main thread.',
    () => process.memoryUsage().external,
  );
}

/** Empties a metric for the samples that are answered. One without labels and samples is left out, which else would be 0. */
async function beginAgain(
  metric: Gauge | Counter,
  labelNames: readonly string[],
  read: Reader,
): Promise<readonly Sample[]> {
  const samples = await read();
  metric.reset();
  if (labelNames.length === 0 && samples.length === 0) metric.remove();
  return samples;
}

/** A registry of its own, with prom-client's metrics of the process and its main event loop. */
export function createMetricRegistry(): MetricRegistry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  addHeapMetrics(registry);
  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    gauge(metric, labelNames, read) {
      new Gauge({
        ...metric,
        labelNames: [...labelNames],
        registers,
        async collect() {
          for (const { labels, value } of await beginAgain(this, labelNames, read))
            this.set({ ...labels }, value);
        },
      });
    },
    counter(metric, labelNames, read) {
      new Counter({
        ...metric,
        labelNames: [...labelNames],
        registers,
        async collect() {
          for (const { labels, value } of await beginAgain(this, labelNames, read))
            this.inc({ ...labels }, value);
        },
      });
    },
    countedHistogram(metric, bounds, read) {
      new CountedHistogram({ ...metric, buckets: [...bounds], registers }, read);
    },
    histogram(metric, labelNames, bounds) {
      const histogram = new Histogram({
        ...metric,
        labelNames: [...labelNames],
        buckets: [...bounds],
        registers,
      });
      return (labels, value) => {
        histogram.observe({ ...labels }, value);
      };
    },
  };
}

/** A metric in the form from which the registry writes its text. */
type TextForm = MetricName & {
  readonly type: 'histogram';
  readonly values: {
    readonly metricName: string;
    readonly labels: Readonly<Record<string, string | number>>;
    readonly value: number;
  }[];
};

/** Shows counts that another thread has made: every bucket holds the smaller ones too, as Prometheus wants it. */
class CountedHistogram extends Histogram {
  readonly #config: MetricName & { readonly buckets: readonly number[] };
  readonly #read: () => HistogramSnapshot | null;

  constructor(
    config: MetricName & { buckets: number[]; registers: Registry[] },
    read: () => HistogramSnapshot | null,
  ) {
    super(config);
    this.#config = config;
    this.#read = read;
  }

  /** What the registry calls for the text; prom-client's types leave it out. */
  getForPromString(): Promise<TextForm> {
    const { name, help, buckets } = this.#config;
    const snapshot = this.#read();
    const all = snapshot?.counts[buckets.length] ?? 0;
    const bucket = (le: string | number, value: number): TextForm['values'][number] => ({
      metricName: `${name}_bucket`,
      labels: { le },
      value,
    });
    return Promise.resolve({
      name,
      help,
      type: 'histogram',
      values: [
        ...buckets.map((bound, i) => bucket(bound, snapshot?.counts[i] ?? 0)),
        bucket('+Inf', all),
        { metricName: `${name}_sum`, labels: {}, value: snapshot?.sum ?? 0 },
        { metricName: `${name}_count`, labels: {}, value: all },
      ],
    });
  }
}
