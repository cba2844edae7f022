import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { TrackSchema } from '../../scene/schema/layout.js';
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
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';

const KeySchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'must be a letter and up to 63 letters, digits and _')
  .meta({ example: 'score' });
const SpacingSchema = numberBetween(0, LIMITS.spacingPx);
const RowHeightSchema = numberBetween(1, LIMITS.extentPx);

const ColumnSchema = z.strictObject({
  key: KeySchema,
  title: NameSchema.default(''),
  width: TrackSchema.default('1fr').meta({
    description:
      'Pixels; auto: as wide as what is in it; or a share of what is left, as 1fr. Where there is too little room the longest words give way first; figures stay whole.',
  }),
  align: z.enum(['left', 'center', 'right']).default('left'),
  format: NumberFormatSchema.nullable()
    .default(null)
    .meta({ description: 'How its numbers are written; null: as they are, with two digits.' }),
  color: ColorSchema.optional().meta({
    description: 'Of rows without a colour of their own; default: that of the table.',
  }),
  fontSize: TEXT_STYLE.fontSize.unwrap().optional(),
  fontWeight: TEXT_STYLE.fontWeight.unwrap().optional(),
});

const CellSchema = z.union([z.string().max(LIMITS.nameChars), z.number(), z.null()]);

const RowSchema = z.strictObject({
  id: IdSchema.meta({ description: 'Tells rows apart: one that changes its place slides there.' }),
  cells: z
    .union([
      z.array(CellSchema).max(LIMITS.tableColumns),
      z
        .record(KeySchema, CellSchema)
        .refine((cells) => Object.keys(cells).length <= LIMITS.tableColumns, {
          message: `must be ${LIMITS.tableColumns} at the most`,
        }),
    ])
    .default({})
    .meta({ description: 'By the keys of their columns, or in the order of the columns.' }),
  color: ColorSchema.optional().meta({
    description: 'Of its texts; default: those of the columns.',
  }),
  background: PaintSchema.optional().meta({ description: 'Default: rowColor or zebraColor.' }),
  shift: numberBetween(-LIMITS.tableRows, LIMITS.tableRows)
    .default(0)
    .meta({ description: 'How many rows lower than its place it stands, as while it moves.' }),
});

const HeaderSchema = z
  .strictObject({
    visible: z.boolean().default(true),
    height: RowHeightSchema.default(40),
    color: ColorSchema.default('#ffffff99'),
    background: PaintSchema.default('transparent'),
    fontSize: numberBetween(1, LIMITS.fontSizePx).default(18),
    fontWeight: z.int().min(100).max(900).default(600),
  })
  .prefault({});

/** Rows and columns of texts, such as a leaderboard. */
export const TableLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  ...TEXT_STYLE,
  digits: DigitsSchema.default('tabular'),
  type: z.literal('table'),
  fontSize: numberBetween(1, LIMITS.fontSizePx).default(24),
  width: ExtentPxSchema.default(800),
  height: ExtentPxSchema.optional().meta({
    description: 'Default: as high as its rows. Rows that do not fit in are left out.',
  }),
  columns: z.array(ColumnSchema).min(1).max(LIMITS.tableColumns),
  rows: z.array(RowSchema).max(LIMITS.tableRows).default([]),
  header: HeaderSchema,
  rowHeight: RowHeightSchema.default(52),
  rowGap: SpacingSchema.default(4),
  rowRadius: numberBetween(0, LIMITS.radiusPx).default(8),
  cellPadding: SpacingSchema.default(16).meta({ description: 'Left and right of each text.' }),
  background: PaintSchema.default('transparent').meta({ description: 'Behind all of it.' }),
  rowColor: PaintSchema.default('#ffffff14').meta({ description: 'Behind each row.' }),
  zebraColor: PaintSchema.optional().meta({ description: 'Behind every second row.' }),
  rank: z
    .boolean()
    .default(false)
    .meta({ description: 'A first column with the places; equals share one when it is sorted.' }),
  sortBy: z
    .strictObject({
      column: KeySchema,
      order: z.enum(['ascending', 'descending']).default('descending'),
    })
    .nullable()
    .default(null)
    .meta({ description: 'Null: the rows come in the order in which they are written.' }),
  maxRows: z.int().min(1).max(LIMITS.tableRows).nullable().default(null).meta({
    description: 'No more than the first of them are shown.',
  }),
});
export type TableLayer = z.infer<typeof TableLayerSchema>;
