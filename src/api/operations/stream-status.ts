import { z } from 'zod';
import { frameOnAir } from '../../core/program-clock.js';
import { frameTimeMs } from '../../core/rational.js';
import type { LedgerSnapshot } from '../../stitcher/contract.js';
import { ERROR_POLICIES } from '../../scene/schema/layer-fields.js';
import { IdSchema } from '../../scene/schema/values.js';
import { StreamConfigSchema } from '../../state/model.js';
import type { OperationContext } from '../context.js';
import type { ProgramService } from '../ports.js';
import { OutputViewSchema, toOutputView } from './outputs.js';

const LedgerSchema = z
  .strictObject({
    clock: z.int().meta({ description: 'Slots of the clock: the sum of the four below.' }),
    rendered: z.int(),
    unchanged: z.int(),
    late: z.int().meta({ description: 'Repeated because rendering was late.' }),
    skipped: z.int().meta({ description: 'Not sent because the encoder was behind.' }),
  })
  .meta({ id: 'FrameLedger' });

const Percent = z.number().min(0).max(100);

const LayerFaultSchema = z
  .strictObject({
    sceneId: IdSchema.nullable(),
    layerId: IdSchema,
    reason: z.string(),
    policy: z.enum(ERROR_POLICIES).meta({ description: 'What is seen in its place.' }),
    retryAtMs: z.number().nullable().meta({
      description:
        'When it is tried again, wall-clock milliseconds; null: as soon as what it lacks is there.',
    }),
  })
  .meta({ id: 'LayerFault' });

/** Everything there is to see of the stream at one moment. */
export const StreamStatusSchema = z
  .strictObject({
    state: z.enum(['offline', 'starting', 'live', 'stopping', 'failed']),
    wanted: z.enum(['live', 'offline']).meta({ description: 'What was last asked for.' }),
    reason: z.string().nullable().meta({ description: 'Why it failed.' }),
    resolution: StreamConfigSchema.shape.resolution,
    fps: StreamConfigSchema.shape.fps,
    bitrate: StreamConfigSchema.shape.bitrate,
    preset: StreamConfigSchema.shape.preset,
    encoder: z.string().nullable().meta({ description: 'In use; null when offline.' }),
    encoderRestarts: z.int(),
    uptimeMs: z.number().meta({ description: 'Of the running session; 0 when offline.' }),
    clock: z
      .strictObject({
        frame: z.int().meta({ description: 'On air now.' }),
        mediaTimeMs: z.number().meta({ description: 'Of this frame.' }),
        startedAtMs: z.number().meta({ description: 'Wall-clock moment that frame 0 shows.' }),
      })
      .nullable()
      .meta({ description: 'By which frames are counted; null while the program does not run.' }),
    frames: LedgerSchema.meta({ description: 'Of the running or the last session.' }),
    renderingLagPercent: Percent.meta({ description: 'Late slots; above 1 is worth a look.' }),
    encodingLagPercent: Percent.meta({ description: 'Skipped slots; above 1 is worth a look.' }),
    outputs: z.array(OutputViewSchema),
    scene: z
      .strictObject({ id: IdSchema, name: z.string(), takenAtMs: z.number() })
      .nullable()
      .meta({ description: 'On air; null: a black picture.' }),
    layersOff: z.array(LayerFaultSchema).meta({
      description: 'Layers on air that are shut off or lack a picture.',
    }),
    persistence: z.strictObject({
      store: z.enum(['redis', 'file']),
      state: z.enum(['ok', 'degraded']),
      reason: z.string().nullable(),
      storedRevision: z.int(),
      durable: z.boolean().meta({
        description:
          'Whether what is answered is stored somewhere, so that a crash does not undo it.',
      }),
    }),
    revision: z.int().meta({ description: 'Of the state; grows with every change.' }),
    cpu: z.strictObject({
      serviceSeconds: z.number().meta({ description: 'Used by the service since it started.' }),
      childrenSeconds: z
        .number()
        .nullable()
        .meta({ description: 'Used by encoder and relays; null where the system does not tell.' }),
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
    encoder: stats?.encoder ?? null,
    encoderRestarts: stats?.encoderRestarts ?? 0,
    uptimeMs: program.state === 'live' ? (stats?.uptimeMs ?? 0) : 0,
    clock: toClock(program.clock),
    frames: { clock, rendered, unchanged, late, skipped },
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
