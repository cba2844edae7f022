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
      'Identifies the option. Its bar moves smoothly when its value or position changes.',
  }),
  label: NameSchema.default('').meta({
    description: 'Label of the option; truncated with an ellipsis if too long.',
  }),
  value: numberBetween(0, LIMITS.votes).default(0).meta({ description: 'Number of votes.' }),
  color: PaintSchema.optional().meta({
    description: 'Paint of the bar of this option. Default: fill.',
  }),
  shift: numberBetween(-LIMITS.voteOptions, LIMITS.voteOptions).default(0).meta({
    description: 'Offset from the position of the option in positions; used to animate moves.',
  }),
});

const WinnerSchema = z.strictObject({
  fill: PaintSchema.nullable()
    .default('#facc15')
    .meta({ description: 'Paint of the bar of the winner; null: unchanged.' }),
  color: ColorSchema.nullable()
    .default(null)
    .meta({ description: 'Text colour of the winner; null: the colour of the layer.' }),
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
    description:
      'Height of the layer, distributed evenly among the options. With vertical bars the width is distributed instead.',
  }),
  options: z.array(OptionSchema).max(LIMITS.voteOptions).default([]).meta({
    description:
      'Options to vote on. A binding of `options` takes all of them from a variable that is a list.',
  }),
  orientation: z.enum(['horizontal', 'vertical']).default('horizontal').meta({
    description:
      'Orientation of the bars. Horizontal bars are stacked; vertical bars are placed side by side.',
  }),
  direction: z.enum(['auto', 'ltr', 'rtl']).default('auto').meta({
    description:
      'Direction in which bars grow and options are ordered; auto: determined by the first letter of the first label.',
  }),
  order: z.enum(['written', 'descending', 'ascending']).default('written').meta({
    description: 'Order of the options: as written, or by votes.',
  }),
  scaleTo: z.enum(['total', 'largest']).default('total').meta({
    description: 'Value of a full bar: the total of all votes, or the votes of the leading option.',
  }),
  labels: z.enum(['outside', 'inside']).default('outside').meta({
    description:
      'Whether texts are placed outside or inside of their bar. With vertical bars they are always outside.',
  }),
  figures: z.string().max(LIMITS.nameChars).default('{percent}').meta({
    description: 'Text of the numbers of an option. {percent}, {count} and {total} are replaced.',
    example: '{count} ({percent})',
  }),
  percentFormat: NumberFormatSchema.nullable().default(null).meta({
    description: 'Format of the share of an option, where 1 is the total; null: whole percent.',
  }),
  countFormat: NumberFormatSchema.nullable()
    .default(null)
    .meta({ description: 'Format of the number of votes; null: whole number.' }),
  winner: WinnerSchema.nullable().prefault({}).meta({
    description:
      'How the leading option is highlighted, or all of them in a tie; null: no highlight.',
  }),
  fill: PaintSchema.default('#38bdf8').meta({
    description: 'Paint of the bars; a gradient covers the whole length.',
  }),
  trackColor: PaintSchema.default('#ffffff26').meta({
    description: 'Paint of the track behind the bars.',
  }),
  barRadius: numberBetween(0, LIMITS.radiusPx).default(8),
  gap: SpacingSchema.default(16).meta({ description: 'Pixels between options.' }),
  padding: SpacingSchema.default(0).meta({ description: 'Padding around the options in pixels.' }),
  background: PaintSchema.default('transparent').meta({ description: 'Background of the layer.' }),
});

export type VoteLayer = z.infer<typeof VoteLayerSchema>;
export type VoteOption = VoteLayer['options'][number];
