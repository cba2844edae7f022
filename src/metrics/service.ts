import type { MetricsService } from '../api/ports.js';
import type { PersistenceStatus } from '../state/port.js';
import { sharedLogRing } from '../core/log-ring.js';
import { readThreadMemory } from '../core/thread-memory.js';
import { readChildMemory, type ChildMemory } from './child-processes.js';
import { readServiceMemory } from './memory-watch.js';
import { MEMORY_STEPS, type MemoryStep } from '../core/memory-pressure.js';
import {
  addInputMetrics,
  addOutputMetrics,
  addProgramMetrics,
  type ProgramSource,
} from './program-metrics.js';
import { createMetricRegistry, type MetricRegistry, type Sample } from './registry.js';

/** Seconds; from an answer out of memory to a slow upload. */
const REQUEST_BUCKETS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
];

export type MetricsOptions = ProgramSource & {
  /** How often threads of the program were started again, by their names. */
  readonly restarts: () => Readonly<Record<string, number>>;
  readonly persistence: () => PersistenceStatus;
  /** What all processes together may take. */
  readonly memoryLimitBytes: number;
  /** What is being done about memory, and how often something was given up. */
  readonly memory: () => { readonly step: MemoryStep; readonly sheds: number };
  readonly build: { readonly version: string; readonly commit: string };
};

/** Whoever is connected, as the API counts it. */
type ClientCounts = {
  viewers: number;
  previewDrops: number;
  listeners: number;
  listenerDropsSeconds: number;
  connections: number;
};

function plain(value: number): Sample[] {
  return [{ labels: {}, value }];
}

function addClientMetrics(registry: MetricRegistry, counts: Readonly<ClientCounts>): void {
  registry.gauge(
    { name: 'stream_manager_preview_viewers', help: 'Viewers of the preview.' },
    [],
    () => plain(counts.viewers),
  );
  registry.counter(
    {
      name: 'stream_manager_preview_dropped_frames_total',
      help: 'Preview pictures that slow viewers skipped.',
    },
    [],
    () => plain(counts.previewDrops),
  );
  registry.gauge(
    { name: 'stream_manager_preview_listeners', help: 'Listeners to the sound of the program.' },
    [],
    () => plain(counts.listeners),
  );
  registry.counter(
    {
      name: 'stream_manager_preview_dropped_sound_seconds_total',
      help: 'Sound that slow listeners skipped.',
    },
    [],
    () => plain(counts.listenerDropsSeconds),
  );
  registry.gauge(
    { name: 'stream_manager_websocket_connections', help: 'Open WebSocket connections.' },
    [],
    () => plain(counts.connections),
  );
}

function addStateMetrics(
  registry: MetricRegistry,
  { persistence }: Pick<MetricsOptions, 'persistence'>,
): void {
  registry.gauge(
    { name: 'stream_manager_persistence_up', help: '1 while the latest state can be stored.' },
    ['store'],
    () => {
      const { store, state } = persistence();
      return [{ labels: { store }, value: state === 'ok' ? 1 : 0 }];
    },
  );
  registry.gauge(
    {
      name: 'stream_manager_stored_revision',
      help: 'Newest revision of the state that is stored.',
    },
    [],
    () => plain(persistence().storedRevision),
  );
}

function addMemoryMetrics(
  registry: MetricRegistry,
  { memoryLimitBytes, memory }: Pick<MetricsOptions, 'memoryLimitBytes' | 'memory'>,
): void {
  registry.gauge(
    {
      name: 'stream_manager_memory_limit_bytes',
      help: 'Memory limit of the service including encoder and relays.',
    },
    [],
    () => plain(memoryLimitBytes),
  );
  registry.gauge(
    {
      name: 'stream_manager_memory_bytes',
      help: 'Memory used by the service including encoder and relays.',
    },
    [],
    async () => plain(await readServiceMemory()),
  );
  registry.gauge(
    {
      name: 'stream_manager_memory_step',
      help: 'Memory step: 0 normal, 1 caches are released, 2 large layers are not rendered.',
    },
    [],
    () => plain(MEMORY_STEPS.indexOf(memory().step)),
  );
  registry.counter(
    {
      name: 'stream_manager_memory_sheds_total',
      help: 'Number of times memory was released because the limit was near.',
    },
    [],
    () => plain(memory().sheds),
  );
  registry.gauge(
    {
      name: 'stream_manager_child_resident_memory_bytes',
      help: 'Memory held by all child processes: encoder, relays, decoders.',
    },
    [],
    async () => {
      const children = await readChildMemory();
      return children === null ? [] : plain(sumOf(children));
    },
  );
  registry.gauge(
    { name: 'stream_manager_child_memory_bytes', help: 'Memory held by child processes, by kind.' },
    ['child'],
    async () =>
      ((await readChildMemory()) ?? []).map(({ kind, bytes }) => ({
        labels: { child: kind },
        value: bytes,
      })),
  );
  registry.gauge(
    {
      name: 'stream_manager_thread_memory_bytes',
      help: 'Heap and buffers of the JavaScript of threads, by name.',
    },
    ['thread'],
    async () =>
      (await readThreadMemory('main')).map(({ thread, bytes }) => ({
        labels: { thread },
        value: bytes,
      })),
  );
}

function addServiceMetrics(
  registry: MetricRegistry,
  { build, restarts }: Pick<MetricsOptions, 'build' | 'restarts'>,
): void {
  registry.counter(
    {
      name: 'stream_manager_thread_restarts_total',
      help: 'Number of times a thread of the program had ended or did not respond, and was started again.',
    },
    ['thread'],
    () => Object.entries(restarts()).map(([thread, value]) => ({ labels: { thread }, value })),
  );
  registry.counter(
    {
      name: 'stream_manager_log_dropped_lines_total',
      help: 'Lines of the log that were left out because standard output was not read.',
    },
    [],
    () => plain(sharedLogRing()?.dropped ?? 0),
  );
  registry.gauge(
    { name: 'stream_manager_build_info', help: 'Version information of the service.' },
    ['version', 'commit'],
    () => [{ labels: build, value: 1 }],
  );
}

/** Everything that Prometheus may know, under names that start with `stream_manager_`, `process_` or `nodejs_`. */
export function createMetrics(options: MetricsOptions): MetricsService {
  const registry = createMetricRegistry();
  const counts: ClientCounts = {
    viewers: 0,
    previewDrops: 0,
    listeners: 0,
    listenerDropsSeconds: 0,
    connections: 0,
  };
  addProgramMetrics(registry, options);
  addOutputMetrics(registry, options.outputs);
  addInputMetrics(registry, options.inputs);
  addClientMetrics(registry, counts);
  addStateMetrics(registry, options);
  addMemoryMetrics(registry, options);
  addServiceMetrics(registry, options);
  const observe = registry.histogram(
    { name: 'stream_manager_http_request_seconds', help: 'Time to answer a request.' },
    ['operation', 'status'],
    REQUEST_BUCKETS_SECONDS,
  );

  return {
    contentType: registry.contentType,
    render: () => registry.render(),
    observeRequest(operation, status, seconds) {
      observe({ operation, status: `${Math.floor(status / 100)}xx` }, seconds);
    },
    setPreviewViewers(count) {
      counts.viewers = count;
    },
    addPreviewDrops(count) {
      counts.previewDrops += count;
    },
    setSoundListeners(count) {
      counts.listeners = count;
    },
    addListenerDrops(seconds) {
      counts.listenerDropsSeconds += seconds;
    },
    setSocketConnections(count) {
      counts.connections = count;
    },
  };
}

function sumOf(children: readonly ChildMemory[]): number {
  return children.reduce((sum, { bytes }) => sum + bytes, 0);
}
