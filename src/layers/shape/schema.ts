import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { checkSvgPath } from '../../scene/figures/svg-path.js';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { StrokeSchema } from '../../scene/schema/stroke.js';
import { PaintSchema } from '../../scene/schema/style.js';
import { ExtentPxSchema, numberBetween, OffsetPxSchema } from '../../scene/schema/values.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';

const ShareSchema = numberBetween(-10, 10);

/** Characters of path data that are known to be right: a scene is checked more than once on its way, and often sent again. */
const KEPT_CHARS = 2 ** 21;
const rightPaths = new LRUCache<string, true>({
  maxSize: KEPT_CHARS,
  sizeCalculation: (_, data) => data.length + 1,
});

const PathDataSchema = z
  .string()
  .max(LIMITS.pathChars)
  .superRefine((data, context) => {
    if (rightPaths.get(data) === true) return;
    try {
      checkSvgPath(data);
      rightPaths.set(data, true);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      context.addIssue({ code: 'custom', message: `must be SVG path data: ${reason}` });
    }
  })
  .meta({ example: 'M 0 12 L 8 20 L 24 2' });

/** A figure. */
export const ShapeLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('shape'),
  shape: z.enum(['rectangle', 'ellipse', 'line', 'polygon', 'star', 'path']),
  width: numberBetween(0, LIMITS.extentPx),
  height: numberBetween(0, LIMITS.extentPx),
  fill: PaintSchema.default('#ffffff').meta({
    description: 'Colour or gradient of the area, or of a line without stroke.',
  }),
  stroke: StrokeSchema.nullable().default(null),
  lineWidth: numberBetween(0, LIMITS.borderPx).default(2).meta({
    description:
      'Width of a line without stroke in pixels. A line runs from the top left to the bottom right of its box.',
  }),
  pointCount: z
    .int()
    .min(3)
    .max(LIMITS.figurePoints)
    .default(5)
    .meta({ description: 'Number of corners of a regular polygon, or of tips of a star.' }),
  innerRadius: numberBetween(0, 1)
    .default(0.382)
    .meta({ description: 'Inner radius of a star: 0 is the centre, 1 the radius of the tips.' }),
  points: z
    .array(z.strictObject({ x: ShareSchema, y: ShareSchema }))
    .min(3)
    .max(LIMITS.figurePoints)
    .nullable()
    .default(null)
    .meta({
      description:
        'Corners of a polygon as fractions of its box: 0,0 is the top left, 1,1 the bottom right. Null: a regular polygon.',
    }),
  path: PathDataSchema.nullable().default(null).meta({
    description:
      'SVG path data with the commands M, L, H, V, C, S, Q, T, A and Z. Required for the shape path.',
  }),
  viewBox: z
    .strictObject({
      x: OffsetPxSchema.default(0),
      y: OffsetPxSchema.default(0),
      width: ExtentPxSchema,
      height: ExtentPxSchema,
    })
    .nullable()
    .default(null)
    .meta({
      description:
        'Part of the coordinate system of the path that is scaled to the box of the layer. Null: path coordinates are pixels from the top left of the layer.',
    }),
  fillRule: z.enum(['nonzero', 'evenodd']).default('nonzero').meta({
    description:
      'Rule that decides which areas of a self-intersecting figure are filled, as in SVG.',
  }),
});
export type ShapeLayer = z.infer<typeof ShapeLayerSchema>;
