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
      'Width of the column: pixels, auto (as wide as its content) or a fraction of the remaining width such as 1fr. If space is short, the longest texts are truncated first; numbers are never truncated.',
  }),
  align: z.enum(['left', 'center', 'right']).default('left'),
  format: NumberFormatSchema.nullable().default(null).meta({
    description: 'Format of the numbers in the column; null: at most two decimals.',
  }),
  color: ColorSchema.optional().meta({
    description: 'Text colour of rows without their own colour. Default: the colour of the table.',
  }),
  fontSize: TEXT_STYLE.fontSize.unwrap().optional(),
  fontWeight: TEXT_STYLE.fontWeight.unwrap().optional(),
});

const CellSchema = z.union([z.string().max(LIMITS.nameChars), z.number(), z.null()]);

const RowSchema = z.strictObject({
  id: IdSchema.meta({
    description: 'Identifies the row. A row that changes its position slides to the new one.',
  }),
  cells: z
    .union([
      z.array(CellSchema).max(LIMITS.tableColumns),
      z
        .record(KeySchema, CellSchema)
        .refine((cells) => Object.keys(cells).length <= LIMITS.tableColumns, {
          message: `must have at most ${LIMITS.tableColumns} values`,
        }),
    ])
    .default({})
    .meta({ description: 'Cell values by column key, or as a list in the order of the columns.' }),
  color: ColorSchema.optional().meta({
    description: 'Text colour of the row. Default: the colours of the columns.',
  }),
  background: PaintSchema.optional().meta({
    description: 'Background of the row. Default: rowColor or zebraColor.',
  }),
  shift: numberBetween(-LIMITS.tableRows, LIMITS.tableRows).default(0).meta({
    description: 'Offset from the position of the row in rows, downwards; used to animate moves.',
  }),
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
    description:
      'Height of the table. Default: the height of its rows. Rows that do not fit are not shown.',
  }),
  columns: z.array(ColumnSchema).min(1).max(LIMITS.tableColumns),
  rows: z.array(RowSchema).max(LIMITS.tableRows).default([]),
  header: HeaderSchema,
  rowHeight: RowHeightSchema.default(52),
  rowGap: SpacingSchema.default(4),
  rowRadius: numberBetween(0, LIMITS.radiusPx).default(8),
  cellPadding: SpacingSchema.default(16).meta({
    description: 'Horizontal padding of each cell in pixels.',
  }),
  background: PaintSchema.default('transparent').meta({ description: 'Background of the table.' }),
  rowColor: PaintSchema.default('#ffffff14').meta({ description: 'Background of each row.' }),
  zebraColor: PaintSchema.optional().meta({
    description: 'Background of every second row. Default: rowColor.',
  }),
  rank: z.boolean().default(false).meta({
    description:
      'Whether the first column shows the rank. In a sorted table, equal values share a rank.',
  }),
  sortBy: z
    .strictObject({
      column: KeySchema,
      order: z.enum(['ascending', 'descending']).default('descending'),
    })
    .nullable()
    .default(null)
    .meta({ description: 'Sort order of the rows; null: the order of `rows`.' }),
  maxRows: z.int().min(1).max(LIMITS.tableRows).nullable().default(null).meta({
    description: 'Maximum number of rows shown; null: all.',
  }),
});
export type TableLayer = z.infer<typeof TableLayerSchema>;
