import type { MixerStats } from '../audio/contract.js';
import type { InputReport } from '../ingest/contract.js';
import type { OutputStatus } from '../output/status.js';
import type { LatencyName } from '../core/latencies.js';
import type { ProgramStats } from '../program/contract.js';
import { amplitudeInDb } from '../scene/sound/levels.js';
import { SOUND_LIMITS } from '../scene/sound/limits.js';
import type { ProgramState } from '../stitcher/contract.js';
import type { MetricName, MetricRegistry } from './registry.js';

const STATES: readonly ProgramState[] = ['offline', 'starting', 'live', 'stopping', 'failed'];

const LATENCIES: readonly (MetricName & { readonly latency: LatencyName })[] = [
  {
    latency: 'render',
    name: 'stream_manager_render_seconds',
    help: 'Time from handing out the tiles of a frame to the last of them.',
  },
  {
    latency: 'assemble',
    name: 'stream_manager_assemble_seconds',
    help: 'Time to apply the patches of a frame to the program frame.',
  },
  {
    latency: 'encodeWrite',
    name: 'stream_manager_encode_write_seconds',
    help: 'Time to hand a frame to the encoder.',
  },
  {
    latency: 'apiToPixel',
    name: 'stream_manager_api_to_pixel_seconds',
    help: 'Time from accepting a change to the first program frame that shows it.',
  },
  {
    latency: 'clockJitter',
    name: 'stream_manager_clock_jitter_seconds',
    help: 'How late the program clock woke up for a frame.',
  },
];

export type ProgramSource = {
  readonly state: () => ProgramState;
  /** Null until the program has reported for the first time. */
  readonly stats: () => ProgramStats | null;
  readonly outputs: () => ReadonlyMap<string, OutputStatus>;
  readonly inputs: () => ReadonlyMap<string, InputReport>;
  /** How loud everything is, by `StripKey`; null while nobody has measured. */
  readonly meters: () => MixerStats | null;
  /** Whether the sound has been silent for longer than is wanted. */
  readonly isSilent: () => boolean;
  /** Bounds of the program's histograms, in seconds. */
  readonly latencyBucketsSeconds: readonly number[];
};

type ProgramFigure = {
  readonly kind: 'gauge' | 'counter';
  /** Without the prefix of the service. */
  readonly name: string;
  readonly help: string;
  /** Null: there is nothing to show. */
  readonly read: (stats: ProgramStats) => number | null;
};

/** Single figures of the program; 0 until it has reported for the first time. */
const FIGURES: readonly ProgramFigure[] = [
  {
    kind: 'gauge',
    name: 'stream_uptime_seconds',
    help: 'Time since the stream went live.',
    read: (stats) => stats.uptimeMs / 1000,
  },
  {
    kind: 'counter',
    name: 'encoder_restarts_total',
    help: 'Number of encoder restarts.',
    read: (stats) => stats.encoderRestarts,
  },
  {
    kind: 'gauge',
    name: 'layers_off',
    help: 'Layers on air that are disabled or lack their picture.',
    read: (stats) => stats.layersOff.length,
  },
  {
    kind: 'counter',
    name: 'layer_failures_total',
    help: 'Number of times a layer on air was disabled or lost its picture.',
    read: (stats) => stats.layerFailures,
  },
  {
    kind: 'counter',
    name: 'unheard_frames_total',
    help: 'Frames with layers that follow the sound that were drawn before their own sound was known.',
    read: (stats) => stats.unheardFrames,
  },
  {
    kind: 'gauge',
    name: 'render_workers',
    help: 'Number of render threads.',
    read: (stats) => stats.renderWorkers,
  },
  {
    kind: 'gauge',
    name: 'bitmap_bytes',
    help: 'Memory held by the bitmaps of layers.',
    read: (stats) => stats.bitmapBytes,
  },
  {
    kind: 'gauge',
    name: 'bitmap_limit_bytes',
    help: 'Memory limit for the bitmaps of layers.',
    read: (stats) => stats.bitmapLimitBytes,
  },
  {
    kind: 'counter',
    name: 'child_cpu_seconds_total',
    help: 'Processor time of the encoder and the relays.',
    read: (stats) => stats.childCpuSeconds,
  },
  {
    kind: 'gauge',
    name: 'stitcher_event_loop_lag_seconds',
    help: 'Lag of the event loop of the stitcher thread.',
    read: (stats) => stats.eventLoopLagMs / 1000,
  },
];

/** What is sent, as it is measured; left out while there is nothing to measure. */
const LOUDNESS: readonly (readonly [
  name: string,
  help: string,
  read: (stats: MixerStats | null) => number | null,
])[] = [
  [
    'true_peak_dbtp',
    'True peak of the program since the last report.',
    (stats) => amplitudeInDb(stats?.truePeak ?? 0),
  ],
  [
    'momentary_lufs',
    'Momentary loudness of the program (EBU R 128).',
    (stats) => stats?.loudness.momentary ?? null,
  ],
  [
    'short_term_lufs',
    'Short-term loudness of the program (EBU R 128).',
    (stats) => stats?.loudness.shortTerm ?? null,
  ],
  [
    'integrated_lufs',
    'Integrated loudness of the program since its clock started (EBU R 128).',
    (stats) => stats?.loudness.integrated ?? null,
  ],
];

/** How loud the program is. */
function addSoundMetrics(
  registry: MetricRegistry,
  source: Pick<ProgramSource, 'meters' | 'isSilent'>,
): void {
  registry.gauge(
    {
      name: 'stream_manager_audio_peak_dbfs',
      help: 'Sample peak of audio sources, buses and the master since the last report; -120 is silence.',
    },
    ['strip', 'channel'],
    () =>
      Object.entries(source.meters()?.strips ?? {}).flatMap(([strip, { peak }]) =>
        peak.map((amplitude, i) => ({
          labels: { strip, channel: i === 0 ? 'left' : 'right' },
          value: amplitudeInDb(amplitude) ?? SOUND_LIMITS.minGainDb,
        })),
      ),
  );
  registry.gauge(
    {
      name: 'stream_manager_audio_silent',
      help: '1 while the sound of the program has been silent for longer than silenceAlarmSeconds.',
    },
    [],
    () => [{ labels: {}, value: source.isSilent() ? 1 : 0 }],
  );
  for (const [name, help, read] of LOUDNESS)
    registry.gauge({ name: `stream_manager_audio_${name}`, help }, [], () => {
      const value = read(source.meters());
      return value === null ? [] : [{ labels: {}, value }];
    });
}

/** The frame ledger, the latencies and the resources of the program. */
export function addProgramMetrics(registry: MetricRegistry, source: ProgramSource): void {
  registry.counter(
    {
      name: 'stream_manager_frames_total',
      help: 'Frame slots of the program clock by outcome.',
    },
    ['outcome'],
    () => {
      const totals = source.stats()?.totals;
      return (['rendered', 'unchanged', 'late', 'skipped'] as const).map((outcome) => ({
        labels: { outcome },
        value: totals?.[outcome] ?? 0,
      }));
    },
  );
  registry.counter(
    {
      name: 'stream_manager_audio_samples_total',
      help: 'Audio samples of the program clock by outcome.',
    },
    ['outcome'],
    () => {
      const totals = source.stats()?.soundTotals;
      const { mixer = 0, encoder = 0 } = totals?.missing ?? {};
      return [
        { labels: { outcome: 'mixed' }, value: totals?.mixed ?? 0 },
        { labels: { outcome: 'silent' }, value: totals?.silent ?? 0 },
        { labels: { outcome: 'missing_mixer' }, value: mixer },
        { labels: { outcome: 'missing_encoder' }, value: encoder },
      ];
    },
  );
  addSoundMetrics(registry, source);
  for (const { latency, name, help } of LATENCIES) {
    registry.countedHistogram(
      { name, help },
      source.latencyBucketsSeconds,
      () => source.stats()?.latencies[latency] ?? null,
    );
  }
  registry.gauge(
    { name: 'stream_manager_stream_state', help: '1 for the current state of the stream.' },
    ['state'],
    () => STATES.map((state) => ({ labels: { state }, value: source.state() === state ? 1 : 0 })),
  );
  registry.gauge(
    { name: 'stream_manager_encoder_info', help: 'The encoder in use.' },
    ['encoder'],
    () => {
      const encoder = source.stats()?.encoder ?? null;
      return encoder === null ? [] : [{ labels: { encoder }, value: 1 }];
    },
  );
  for (const { kind, name, help, read } of FIGURES) {
    registry[kind]({ name: `stream_manager_${name}`, help }, [], () => {
      const stats = source.stats();
      const value = stats === null ? 0 : read(stats);
      return value === null ? [] : [{ labels: {}, value }];
    });
  }
}

/** What is known of every live input that is received, by its id. */
export function addInputMetrics(
  registry: MetricRegistry,
  inputs: () => ReadonlyMap<string, InputReport>,
): void {
  const add = (
    kind: 'gauge' | 'counter',
    name: string,
    help: string,
    read: (report: InputReport) => number,
  ): void => {
    registry[kind]({ name: `stream_manager_input_${name}`, help }, ['input'], () =>
      [...inputs().values()].map((report) => ({
        labels: { input: report.id },
        value: read(report),
      })),
    );
  };
  add('gauge', 'up', '1 while the input sends.', ({ state }) => (state === 'live' ? 1 : 0));
  add('gauge', 'fps', 'Pictures per second that come.', ({ fps }) => fps);
  add('counter', 'pictures_total', 'Pictures that have come.', ({ pictures }) => pictures);
  add(
    'counter',
    'late_pictures_total',
    'Pictures that came after they were due.',
    ({ late }) => late,
  );
  add(
    'counter',
    'dropped_pictures_total',
    'Pictures that came so early that there was no room for them.',
    ({ dropped }) => dropped,
  );
  add(
    'counter',
    'reconnects_total',
    'Number of times that the input was opened again.',
    ({ reconnects }) => reconnects,
  );
}

/** What is known of every output, by its id. */
export function addOutputMetrics(
  registry: MetricRegistry,
  outputs: () => ReadonlyMap<string, OutputStatus>,
): void {
  const add = (
    kind: 'gauge' | 'counter',
    name: string,
    help: string,
    read: (status: OutputStatus) => number,
  ): void => {
    registry[kind]({ name: `stream_manager_output_${name}`, help }, ['output'], () =>
      [...outputs().values()].map((status) => ({
        labels: { output: status.id },
        value: read(status),
      })),
    );
  };
  add('gauge', 'up', '1 while the output is connected and fed.', ({ state }) =>
    state === 'live' ? 1 : 0,
  );
  add('gauge', 'wanted', '1 while the output should be connected.', ({ state }) =>
    state === 'idle' ? 0 : 1,
  );
  add('counter', 'bytes_total', 'Bytes sent to the output.', ({ bytes }) => bytes);
  add(
    'counter',
    'reconnects_total',
    'Number of reconnects of the output.',
    ({ reconnects }) => reconnects,
  );
  add(
    'counter',
    'dropped_frames_total',
    'Frames that were not sent because the network was too slow.',
    ({ droppedFrames }) => droppedFrames,
  );
}
