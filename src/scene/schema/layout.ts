import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { numberBetween } from './values.js';

const SpacingPxSchema = numberBetween(0, LIMITS.spacingPx);
const MarginPxSchema = numberBetween(-LIMITS.spacingPx, LIMITS.spacingPx);
const FactorSchema = numberBetween(0, LIMITS.flexFactor);

/** Pixels, or a share of the room that the layout has inside its padding, such as `50%`. */
const LengthSchema = z
  .union([
    numberBetween(0, LIMITS.extentPx),
    z.string().regex(/^\d{1,4}(\.\d{1,4})?%$/, 'must be pixels, or a percentage such as 50%'),
  ])
  .meta({
    id: 'LayoutLength',
    description: 'Pixels, or a percentage such as 50%.',
    example: '50%',
  });

function edgesOf(pxSchema: z.ZodNumber) {
  return z.union([
    pxSchema,
    z.strictObject({
      top: pxSchema.default(0),
      right: pxSchema.default(0),
      bottom: pxSchema.default(0),
      left: pxSchema.default(0),
    }),
  ]);
}

const GAP_FIELDS = {
  gap: SpacingPxSchema.default(0).meta({
    description: 'Pixels between adjacent layers, horizontally and vertically.',
  }),
  rowGap: SpacingPxSchema.optional().meta({ description: 'Pixels between rows. Default: gap.' }),
  columnGap: SpacingPxSchema.optional().meta({
    description: 'Pixels between columns. Default: gap.',
  }),
  padding: edgesOf(SpacingPxSchema)
    .default(0)
    .meta({ description: 'Pixels between the edges of the group and its content.' }),
};

const ItemAlignSchema = z.enum(['start', 'center', 'end', 'stretch']);
const DISTRIBUTIONS = [
  'start',
  'center',
  'end',
  'space-between',
  'space-around',
  'space-evenly',
] as const;

/** Layers stand where their own x and y say. */
export const AbsoluteLayoutSchema = z.strictObject({ type: z.literal('absolute') });

/**
 * CSS flexbox (https://www.w3.org/TR/css-flexbox-1/), without baselines and automatic margins. Columns that wrap should be
 * given a width, and a height rather than a greatest height: how large they are otherwise, browsers find by laying them
 * out several times, which is followed here in the usual cases only.
 */
export const FlexLayoutSchema = z.strictObject({
  type: z.literal('flex'),
  direction: z.enum(['row', 'column', 'row-reverse', 'column-reverse']).default('row').meta({
    description:
      'Direction in which the layers are placed; "start" is the beginning of this direction.',
  }),
  wrap: z.enum(['nowrap', 'wrap', 'wrap-reverse']).default('nowrap'),
  ...GAP_FIELDS,
  justify: z
    .enum(DISTRIBUTIONS)
    .default('start')
    .meta({ description: 'Distribution of the layers along a line.' }),
  align: ItemAlignSchema.default('stretch').meta({
    description:
      'Alignment of the layers across their line; stretch makes layers without a size fill it.',
  }),
  alignContent: z
    .enum([...DISTRIBUTIONS, 'stretch'])
    .default('stretch')
    .meta({ description: 'Distribution of the lines when layers wrap.' }),
});

/** The width of a column or the height of a row. */
export const TrackSchema = z.union([
  numberBetween(0, LIMITS.extentPx),
  z.literal('auto'),
  z
    .string()
    .regex(/^\d{1,4}(\.\d{1,4})?fr$/, 'must be pixels, auto, or a fraction such as 1fr')
    .refine((text) => Number.parseFloat(text) > 0 && Number.parseFloat(text) <= LIMITS.flexFactor, {
      message: `must be greater than 0fr and at most ${LIMITS.flexFactor}fr`,
    }),
]);
const TracksSchema = z.union([
  z.int().min(1).max(LIMITS.gridTracks),
  z.array(TrackSchema).min(1).max(LIMITS.gridTracks),
]);

/**
 * CSS grid (https://www.w3.org/TR/css-grid-2/) as far as its tracks are pixels, `auto` or `fr`, filled row by row. A grid in
 * a grid should be given a size, or stretched: where its own tracks have to find it, browsers may come to another one.
 */
export const GridLayoutSchema = z.strictObject({
  type: z.literal('grid'),
  columns: TracksSchema.default(1).meta({
    description:
      'Number of columns of 1fr each, or a list of column widths in pixels, auto and fr.',
    example: [320, '1fr', 'auto'],
  }),
  rows: TracksSchema.optional().meta({
    description: 'Number of rows or list of row heights, like columns. Further rows are auto.',
  }),
  ...GAP_FIELDS,
  justify: ItemAlignSchema.default('stretch').meta({
    description: 'Horizontal alignment of layers in their cells.',
  }),
  align: ItemAlignSchema.default('stretch').meta({
    description: 'Vertical alignment of layers in their cells.',
  }),
});

/** Rows and columns of equal tiles, as large as the group lets them be: for any number of cameras, guests or lots. */
export const TilesLayoutSchema = z.strictObject({
  type: z.literal('tiles'),
  aspectRatio: numberBetween(0.05, 20)
    .default(16 / 9)
    .meta({ description: 'Aspect ratio of a tile: width divided by height.' }),
  ...GAP_FIELDS,
  justify: z
    .enum(['start', 'center', 'end'])
    .default('center')
    .meta({ description: 'Horizontal alignment of rows that do not fill the group.' }),
  align: z
    .enum(['start', 'center', 'end'])
    .default('center')
    .meta({ description: 'Vertical alignment of the rows.' }),
});

/** How a group places its layers, distinguished by `type`. */
export const LayoutSchema = z
  .discriminatedUnion('type', [
    AbsoluteLayoutSchema,
    FlexLayoutSchema,
    GridLayoutSchema,
    TilesLayoutSchema,
  ])
  .meta({
    id: 'Layout',
    example: { type: 'flex', direction: 'row', gap: 24, align: 'center' },
  });

const GridLineSchema = z.int().min(1).max(LIMITS.gridTracks);

/** How a layer takes part in the layout of its group. */
export const SlotSchema = z
  .strictObject({
    absolute: z.boolean().default(false).meta({
      description: 'Whether the layer is excluded from the layout and placed at its own x and y.',
    }),
    order: z.int().min(-1000).max(1000).default(0).meta({
      description:
        'Layers with a lower order are placed first; layers with equal order keep their stacking order.',
    }),
    grow: FactorSchema.default(0).meta({
      description: 'Flex grow factor: share of the free space in a flex line.',
    }),
    shrink: FactorSchema.default(1).meta({
      description: 'Flex shrink factor: share of the missing space in a flex line.',
    }),
    basis: LengthSchema.optional().meta({
      description:
        'Size in a flex line before growing or shrinking. Default: the size of the layer.',
    }),
    width: LengthSchema.optional().meta({
      description: 'Size in the layout. Default: the size that the layer needs.',
    }),
    height: LengthSchema.optional().meta({
      description: 'Size in the layout. Default: the size that the layer needs.',
    }),
    minWidth: LengthSchema.optional().meta({
      description: 'Minimum size. Default: along a flex line the size of the content, otherwise 0.',
    }),
    minHeight: LengthSchema.optional().meta({ description: 'Minimum height; see minWidth.' }),
    maxWidth: LengthSchema.optional(),
    maxHeight: LengthSchema.optional(),
    margin: edgesOf(MarginPxSchema)
      .default(0)
      .meta({ description: 'Margin in pixels; with negative values adjacent layers overlap.' }),
    alignSelf: ItemAlignSchema.optional().meta({
      description: 'Alignment of this layer. Default: align of the layout.',
    }),
    justifySelf: ItemAlignSchema.optional().meta({
      description: 'Horizontal alignment of this layer in a grid. Default: justify of the layout.',
    }),
    column: GridLineSchema.optional().meta({
      description: 'Column in a grid, starting at 1. Default: the next free one.',
    }),
    row: GridLineSchema.optional().meta({
      description: 'Row in a grid, starting at 1. Default: the next free one.',
    }),
    columnSpan: GridLineSchema.default(1),
    rowSpan: GridLineSchema.default(1),
  })
  .meta({ id: 'Slot', example: { grow: 1, margin: { left: 12 } } });

export type Layout = z.infer<typeof LayoutSchema>;
export type LayoutInput = z.input<typeof LayoutSchema>;
export type FlexLayout = z.infer<typeof FlexLayoutSchema>;
export type GridLayout = z.infer<typeof GridLayoutSchema>;
export type TilesLayout = z.infer<typeof TilesLayoutSchema>;
export type Track = z.infer<typeof TrackSchema>;
export type Slot = z.infer<typeof SlotSchema>;
export type SlotInput = z.input<typeof SlotSchema>;
export type ItemAlign = z.infer<typeof ItemAlignSchema>;
