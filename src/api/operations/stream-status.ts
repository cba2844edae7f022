import { z } from 'zod';
import { frameOnAir } from '../../core/program-clock.js';
import { frameTimeMs } from '../../core/rational.js';
import type { LedgerSnapshot, SoundLedgerSnapshot } from '../../stitcher/contract.js';
import { ERROR_POLICIES } from '../../scene/schema/layer-fields.js';
import { IdSchema } from '../../scene/schema/values.js';
import { StreamConfigSchema } from '../../state/model.js';
import type { OperationContext } from '../context.js';
import type { ProgramService } from '../ports.js';
import { OutputViewSchema, toOutputView } from './outputs.js';

const LedgerSchema = z
  .strictObject({
    clock: z.int().meta({
      description: 'Frame slots of the program clock; the sum of the four counters below.',
    }),
    rendered: z.int(),
    unchanged: z.int(),
    late: z.int().meta({
      description: 'Slots in which the last frame was repeated because rendering was late.',
    }),
    skipped: z
      .int()
      .meta({ description: 'Slots that were not sent because the encoder was behind.' }),
  })
  .meta({ id: 'FrameLedger' });

const Samples = z.int();
const SoundLedgerSchema = z
  .strictObject({
    clock: Samples.meta({
      description:
        'Samples of the frame slots of the program clock (48,000 per second); the sum of the counters below.',
    }),
    mixed: Samples.meta({ description: 'Samples in which a source was audible.' }),
    silent: Samples.meta({ description: 'Samples that are silent because no source was audible.' }),
    missing: z
      .strictObject({
        mixer: Samples.meta({
          description: 'Samples that were replaced by silence because the mixer was not running.',
        }),
        encoder: Samples.meta({
          description: 'Samples that were not sent because the encoder had stopped.',
        }),
      })
      .meta({ description: 'Samples that are missing in the stream, by reason.' }),
    waiting: Samples.meta({
      description: 'Samples that have not been sent yet and are sent with one of the next frames.',
    }),
  })
  .meta({ id: 'AudioLedger' });

const Percent = z.number().min(0).max(100);

const LayerFaultSchema = z
  .strictObject({
    sceneId: IdSchema.nullable(),
    layerId: IdSchema,
    reason: z.string(),
    policy: z.enum(ERROR_POLICIES).meta({ description: 'What is shown in place of the layer.' }),
    retryAtMs: z.number().nullable().meta({
      description:
        'Wall-clock time at which the layer is tried again, in milliseconds since 1970. Null: as soon as the missing content is available.',
    }),
  })
  .meta({ id: 'LayerFault' });

/** Everything there is to see of the stream at one moment. */
export const StreamStatusSchema = z
  .strictObject({
    state: z.enum(['offline', 'starting', 'live', 'stopping', 'failed']),
    wanted: z.enum(['live', 'offline']).meta({ description: 'The requested state of the stream.' }),
    reason: z
      .string()
      .nullable()
      .meta({ description: 'Why the stream failed; null unless it has failed.' }),
    resolution: StreamConfigSchema.shape.resolution,
    fps: StreamConfigSchema.shape.fps,
    bitrate: StreamConfigSchema.shape.bitrate,
    preset: StreamConfigSchema.shape.preset,
    audioBitrate: StreamConfigSchema.shape.audioBitrate.unwrap(),
    audioChannels: StreamConfigSchema.shape.audioChannels.unwrap(),
    encoder: z.string().nullable().meta({ description: 'Encoder in use; null while offline.' }),
    encoderRestarts: z.int(),
    uptimeMs: z
      .number()
      .meta({ description: 'Duration of the current session in milliseconds; 0 while offline.' }),
    clock: z
      .strictObject({
        frame: z.int().meta({ description: 'Number of the frame on air.' }),
        mediaTimeMs: z.number().meta({ description: 'Media time of this frame in milliseconds.' }),
        startedAtMs: z
          .number()
          .meta({ description: 'Wall-clock time of frame 0, in milliseconds since 1970.' }),
      })
      .nullable()
      .meta({
        description:
          'The program clock, which numbers the frames; null while the program is not running.',
      }),
    frames: LedgerSchema.meta({
      description: 'Frame counters of the current or the last session.',
    }),
    audioSamples: SoundLedgerSchema.meta({
      description: 'Sample counters of the current or the last session.',
    }),
    renderingLagPercent: Percent.meta({
      description: 'Percentage of late slots. Values above 1 deserve attention.',
    }),
    encodingLagPercent: Percent.meta({
      description: 'Percentage of skipped slots. Values above 1 deserve attention.',
    }),
    outputs: z.array(OutputViewSchema),
    scene: z
      .strictObject({ id: IdSchema, name: z.string(), takenAtMs: z.number() })
      .nullable()
      .meta({ description: 'Scene on air; null: a black picture.' }),
    layersOff: z.array(LayerFaultSchema).meta({
      description: 'Layers on air that are disabled or lack their picture.',
    }),
    persistence: z.strictObject({
      store: z.enum(['redis', 'file']),
      state: z.enum(['ok', 'degraded']),
      reason: z.string().nullable(),
      storedRevision: z.int(),
      durable: z.boolean().meta({
        description: 'Whether acknowledged changes are stored, so that they survive a crash.',
      }),
    }),
    revision: z.int().meta({ description: 'Revision of the state; increases with every change.' }),
    cpu: z.strictObject({
      serviceSeconds: z
        .number()
        .meta({ description: 'CPU time used by the service since it started, in seconds.' }),
      childrenSeconds: z.number().nullable().meta({
        description:
          'CPU time used by encoder and relays, in seconds; null if the operating system does not report it.',
      }),
    }),
  })
  .meta({ id: 'StreamStatus' });
export type StreamStatus = z.infer<typeof StreamStatusSchema>;

function toClock(clock: ProgramService['clock']): StreamStatus['clock'] {
  if (clock === null) return null;
  const frame = frameOnAir(clock, process.hrtime.bigint());
  const mediaTimeMs = frameTimeMs(frame, clock.frameRate);
  return { frame, mediaTimeMs, startedAtMs: clock.startedAtMs };
}

const NO_FRAMES: LedgerSnapshot = { clock: 0, rendered: 0, unchanged: 0, late: 0, skipped: 0 };

const NO_SAMPLES: SoundLedgerSnapshot = {
  clock: 0,
  mixed: 0,
  silent: 0,
  missing: { mixer: 0, encoder: 0 },
  waiting: 0,
};

function toSoundLedger(ledger: SoundLedgerSnapshot): StreamStatus['audioSamples'] {
  const { clock, mixed, silent, missing, waiting } = ledger;
  return { clock, mixed, silent, missing: { ...missing }, waiting };
}

function toPercent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100;
}

export function toStreamStatus({
  state,
  persistence,
  program,
}: Pick<OperationContext, 'state' | 'persistence' | 'program'>): StreamStatus {
  const { stats } = program;
  const ledger = stats?.ledger ?? NO_FRAMES;
  const { clock, rendered, unchanged, late, skipped } = ledger;
  const onAir = state.scenes.find((scene) => scene.id === state.program.sceneId);
  const cpu = process.cpuUsage();
  return {
    state: program.state,
    wanted: state.stream.wanted,
    reason: program.reason,
    resolution: state.config.resolution,
    fps: state.config.fps,
    bitrate: state.config.bitrate,
    preset: state.config.preset,
    audioBitrate: state.config.audioBitrate,
    audioChannels: state.config.audioChannels,
    encoder: stats?.encoder ?? null,
    encoderRestarts: stats?.encoderRestarts ?? 0,
    uptimeMs: program.state === 'live' ? (stats?.uptimeMs ?? 0) : 0,
    clock: toClock(program.clock),
    frames: { clock, rendered, unchanged, late, skipped },
    audioSamples: toSoundLedger(stats?.sound ?? NO_SAMPLES),
    renderingLagPercent: toPercent(late, clock),
    encodingLagPercent: toPercent(skipped, clock),
    outputs: state.outputs.map((output) => toOutputView(output, program)),
    scene:
      onAir === undefined
        ? null
        : { id: onAir.id, name: onAir.name, takenAtMs: state.program.takenAtMs },
    layersOff: (stats?.layersOff ?? []).map((fault) => ({ ...fault })),
    persistence: {
      store: persistence.store,
      state: persistence.state,
      reason: persistence.reason,
      storedRevision: persistence.storedRevision,
      durable: persistence.durable,
    },
    revision: state.revision,
    cpu: {
      serviceSeconds: (cpu.user + cpu.system) / 1e6,
      childrenSeconds: stats?.childCpuSeconds ?? null,
    },
  };
}
