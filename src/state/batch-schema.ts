import { z } from 'zod';
import { ERROR_CODES } from '../core/errors.js';
import { IdSchema, numberBetween } from '../scene/schema/values.js';

const WallTimeMsSchema = numberBetween(0, Number.MAX_SAFE_INTEGER);

/** When a batch is to be on air, as it was asked for. */
export const BatchMomentSchema = z
  .union([
    z.strictObject({
      frame: z.int().min(0).meta({ description: 'Frame number of the running program clock.' }),
    }),
    z.strictObject({
      mediaTimeMs: numberBetween(0, Number.MAX_SAFE_INTEGER).meta({
        description:
          'Media time in milliseconds since the start of the running program clock. The batch is applied with the first frame at or after this time.',
      }),
    }),
    z.strictObject({
      time: z.union([z.iso.datetime({ offset: true }), WallTimeMsSchema]).meta({
        description:
          'Wall-clock time as ISO 8601 or in milliseconds since 1970. The batch is applied with the first frame at or after this time.',
      }),
    }),
  ])
  .meta({ id: 'BatchMoment', example: { time: '2026-12-31T23:59:59.500Z' } });
export type BatchMoment = z.infer<typeof BatchMomentSchema>;

/** What becomes of a batch whose frame has been drawn when it comes: it is applied at once, or refused. */
export const LatePolicySchema = z.enum(['apply', 'reject']);

/** A frame on air, by the clock that ran then. */
export const AirFrameSchema = z
  .strictObject({ frame: z.int(), mediaTimeMs: z.number() })
  .meta({ id: 'AirFrame' });

/**
 * A batch that waits for its moment, or what became of it. One that was given by a frame has its moment, too: the clock
 * may be another one by then.
 */
export const BatchRecordSchema = z.strictObject({
  id: IdSchema,
  state: z.enum(['scheduled', 'applied', 'failed', 'cancelled']),
  at: BatchMomentSchema,
  /** Without a bound, which moments once had none of: a batch that is stored must be readable. */
  dueAtMs: z.number().min(0),
  /** The frame that was asked for, and of which clock; null: it goes by the wall clock. */
  dueFrame: z
    .strictObject({ clockStartedAtMs: z.number(), frame: z.int() })
    .nullable()
    .default(null),
  /** The program time that its commands hold for; null: `dueAtMs`. */
  programTimeMs: z.number().nullable().default(null),
  late: LatePolicySchema,
  /** Names of the operations, in order. */
  methods: z.array(z.string()),
  /** What they come to; empty once it is over. Every reducer checks its command. */
  commands: z.array(z.looseObject({ type: z.string() })),
  /** Characters of the commands as JSON. */
  chars: z.int().min(0),
  createdAtMs: WallTimeMsSchema,
  endedAtMs: WallTimeMsSchema.nullable(),
  /** On which frame it went on air; null when it has not, or when no clock ran. */
  frame: AirFrameSchema.nullable(),
  wasLate: z.boolean(),
  error: z.strictObject({ code: z.enum(ERROR_CODES), message: z.string() }).nullable(),
});
export type BatchRecord = z.infer<typeof BatchRecordSchema>;
