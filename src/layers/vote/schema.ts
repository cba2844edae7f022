import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';
import { NumberFormatSchema } from '../../scene/schema/number-format.js';
import { PaintSchema } from '../../scene/schema/style.js';
import { DigitsSchema, TEXT_STYLE } from '../../scene/schema/text-style.js';
import {
  ColorSchema,
  ExtentPxSchema,
  IdSchema,
  NameSchema,
  numberBetween,
} from '../../scene/schema/values.js';

const SpacingSchema = numberBetween(0, LIMITS.spacingPx);

const OptionSchema = z.strictObject({
  id: IdSchema.meta({
    description:
      'Tells options apart: the bar of one that changes its value or its place glides there.',
  }),
  label: NameSchema.default('').meta({ description: 'Cut off with … where it is too long.' }),
  value: numberBetween(0, LIMITS.votes).default(0).meta({ description: 'Its votes.' }),
  color: PaintSchema.optional().meta({ description: 'Of its bar; default: fill.' }),
  shift: numberBetween(-LIMITS.voteOptions, LIMITS.voteOptions)
    .default(0)
    .meta({ description: 'How many places after its own it stands, as while it moves.' }),
});

const WinnerSchema = z.strictObject({
  fill: PaintSchema.nullable()
    .default('#facc15')
    .meta({ description: 'Of its bar; null: as it is without.' }),
  color: ColorSchema.nullable()
    .default(null)
    .meta({ description: 'Of its texts; null: that of the layer.' }),
  fontWeight: z.int().min(100).max(900).default(700),
});

/** The bars of a poll. */
export const VoteLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  ...TEXT_STYLE,
  type: z.literal('vote'),
  digits: DigitsSchema.default('tabular'),
  fontSize: numberBetween(1, LIMITS.fontSizePx).default(28),
  width: ExtentPxSchema.default(800),
  height: ExtentPxSchema.default(480).meta({
    description: 'Shared out evenly among the options, or the width is where they stand upright.',
  }),
  options: z.array(OptionSchema).max(LIMITS.voteOptions).default([]).meta({
    description: 'A binding of `options` gives all of them from a variable that is a list.',
  }),
  orientation: z.enum(['horizontal', 'vertical']).default('horizontal').meta({
    description: 'Of the bars: below each other, or upright and beside each other.',
  }),
  direction: z.enum(['auto', 'ltr', 'rtl']).default('auto').meta({
    description:
      'Where bars grow to and options follow each other; auto goes by the first letter of the first label.',
  }),
  order: z.enum(['written', 'descending', 'ascending']).default('written').meta({
    description: 'Of the options: as they are written, or by their votes.',
  }),
  scaleTo: z.enum(['total', 'largest']).default('total').meta({
    description: 'What a full bar stands for: all votes, or those of the option with the most.',
  }),
  labels: z.enum(['outside', 'inside']).default('outside').meta({
    description:
      'Whether texts stand above their bar, or on it. Beside upright bars they are always outside.',
  }),
  figures: z.string().max(LIMITS.nameChars).default('{percent}').meta({
    description: '{percent}, {count} and {total} stand for the figures of an option.',
    example: '{count} ({percent})',
  }),
  percentFormat: NumberFormatSchema.nullable()
    .default(null)
    .meta({ description: 'How shares are written, of which 1 is all; null: as whole percents.' }),
  countFormat: NumberFormatSchema.nullable()
    .default(null)
    .meta({ description: 'How votes are written; null: as whole numbers.' }),
  winner: WinnerSchema.nullable().prefault({}).meta({
    description: 'How the option with the most votes is marked, or all of those; null: not at all.',
  }),
  fill: PaintSchema.default('#38bdf8').meta({
    description: 'Of the bars; a gradient runs over the whole length.',
  }),
  trackColor: PaintSchema.default('#ffffff26').meta({ description: 'Of what lies below them.' }),
  barRadius: numberBetween(0, LIMITS.radiusPx).default(8),
  gap: SpacingSchema.default(16).meta({ description: 'Pixels between options.' }),
  padding: SpacingSchema.default(0).meta({ description: 'Pixels around all of them.' }),
  background: PaintSchema.default('transparent').meta({ description: 'Behind all of it.' }),
});

export type VoteLayer = z.infer<typeof VoteLayerSchema>;
export type VoteOption = VoteLayer['options'][number];
