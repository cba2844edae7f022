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
  gap: SpacingPxSchema.default(0).meta({ description: 'Pixels between neighbours, both ways.' }),
  rowGap: SpacingPxSchema.optional().meta({ description: 'Pixels between rows. Default: gap.' }),
  columnGap: SpacingPxSchema.optional().meta({
    description: 'Pixels between columns. Default: gap.',
  }),
  padding: edgesOf(SpacingPxSchema)
    .default(0)
    .meta({ description: 'Pixels between the edges of the group and what is in it.' }),
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
  direction: z
    .enum(['row', 'column', 'row-reverse', 'column-reverse'])
    .default('row')
    .meta({ description: 'Which way the layers follow each other; "start" is where it begins.' }),
  wrap: z.enum(['nowrap', 'wrap', 'wrap-reverse']).default('nowrap'),
  ...GAP_FIELDS,
  justify: z
    .enum(DISTRIBUTIONS)
    .default('start')
    .meta({ description: 'Where the layers of a line stand in its direction.' }),
  align: ItemAlignSchema.default('stretch').meta({
    description:
      'Where layers stand across their line; stretch makes those without a size fill it.',
  }),
  alignContent: z
    .enum([...DISTRIBUTIONS, 'stretch'])
    .default('stretch')
    .meta({ description: 'Where the lines stand when layers wrap.' }),
});

/** The width of a column or the height of a row. */
export const TrackSchema = z.union([
  numberBetween(0, LIMITS.extentPx),
  z.literal('auto'),
  z
    .string()
    .regex(/^\d{1,4}(\.\d{1,4})?fr$/, 'must be pixels, auto, or a share such as 1fr')
    .refine((text) => Number.parseFloat(text) > 0 && Number.parseFloat(text) <= LIMITS.flexFactor, {
      message: `must be more than 0fr and ${LIMITS.flexFactor}fr at the most`,
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
    description: 'How many columns of 1fr, or a list of pixels, auto and fr.',
    example: [320, '1fr', 'auto'],
  }),
  rows: TracksSchema.optional().meta({
    description: 'As columns. Rows that are not written down are auto.',
  }),
  ...GAP_FIELDS,
  justify: ItemAlignSchema.default('stretch').meta({
    description: 'Where a layer stands in its cell from left to right.',
  }),
  align: ItemAlignSchema.default('stretch').meta({
    description: 'Where a layer stands in its cell from top to bottom.',
  }),
});

/** Rows and columns of equal tiles, as large as the group lets them be: for any number of cameras, guests or lots. */
export const TilesLayoutSchema = z.strictObject({
  type: z.literal('tiles'),
  aspectRatio: numberBetween(0.05, 20)
    .default(16 / 9)
    .meta({ description: 'Width by height of a tile.' }),
  ...GAP_FIELDS,
  justify: z
    .enum(['start', 'center', 'end'])
    .default('center')
    .meta({ description: 'Where rows that do not fill the group stand from left to right.' }),
  align: z
    .enum(['start', 'center', 'end'])
    .default('center')
    .meta({ description: 'Where the rows stand from top to bottom.' }),
});

/** How a group places its layers, told apart by `type`. */
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
      description: 'Out of the layout: the layer stands where its own x and y say.',
    }),
    order: z.int().min(-1000).max(1000).default(0).meta({
      description: 'Layers with a lower order are placed earlier; those of equal order as listed.',
    }),
    grow: FactorSchema.default(0).meta({ description: 'Share of the free room in a flex line.' }),
    shrink: FactorSchema.default(1).meta({
      description: 'Share in giving way when a flex line is too full.',
    }),
    basis: LengthSchema.optional().meta({
      description: 'Size in a flex line before it grows or shrinks. Default: its size.',
    }),
    width: LengthSchema.optional().meta({ description: 'Default: as the layer needs it.' }),
    height: LengthSchema.optional().meta({ description: 'Default: as the layer needs it.' }),
    minWidth: LengthSchema.optional().meta({
      description: 'Default: in the direction of a flex line what its content needs, otherwise 0.',
    }),
    minHeight: LengthSchema.optional().meta({ description: 'As minWidth.' }),
    maxWidth: LengthSchema.optional(),
    maxHeight: LengthSchema.optional(),
    margin: edgesOf(MarginPxSchema)
      .default(0)
      .meta({ description: 'Pixels kept free around it; less than 0 lets neighbours overlap.' }),
    alignSelf: ItemAlignSchema.optional().meta({ description: 'Default: align of the layout.' }),
    justifySelf: ItemAlignSchema.optional().meta({
      description: 'In a grid. Default: justify of the layout.',
    }),
    column: GridLineSchema.optional().meta({
      description: 'Column of a grid, from 1. Default: the next one that is free.',
    }),
    row: GridLineSchema.optional().meta({ description: 'Row of a grid, from 1. As column.' }),
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
