import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { ChatLayerSchema } from './layers/chat.js';
import { GroupFieldsSchema } from './layers/group.js';
import { ImageLayerSchema } from './layers/image.js';
import { LottieLayerSchema } from './layers/lottie.js';
import { PatternLayerSchema } from './layers/pattern.js';
import { ProgressLayerSchema } from './layers/progress.js';
import { QrLayerSchema } from './layers/qr.js';
import { SceneLayerSchema } from './layers/scene.js';
import { ShapeLayerSchema } from './layers/shape.js';
import { TableLayerSchema } from './layers/table.js';
import { StopwatchLayerSchema } from './layers/stopwatch.js';
import { TextLayerSchema } from './layers/text.js';
import { TickerLayerSchema } from './layers/ticker.js';
import { ClockLayerSchema, CountdownLayerSchema, TimerLayerSchema } from './layers/time.js';

/** The kinds of layer that hold no others: a new kind is a file in layers/ and a line here. */
export const LEAF_SCHEMAS = [
  ImageLayerSchema,
  LottieLayerSchema,
  TextLayerSchema,
  ShapeLayerSchema,
  PatternLayerSchema,
  QrLayerSchema,
  ProgressLayerSchema,
  TableLayerSchema,
  TickerLayerSchema,
  ClockLayerSchema,
  CountdownLayerSchema,
  TimerLayerSchema,
  StopwatchLayerSchema,
  ChatLayerSchema,
  SceneLayerSchema,
] as const;

type LeafSchema = (typeof LEAF_SCHEMAS)[number];
export type GroupLayer = z.infer<typeof GroupFieldsSchema> & { layers: Layer[] };
type GroupLayerInput = z.input<typeof GroupFieldsSchema> & { layers: LayerInput[] };

/** A layer with every default filled in. */
export type Layer = z.infer<LeafSchema> | GroupLayer;
/** A layer as a user writes it. */
export type LayerInput = z.input<LeafSchema> | GroupLayerInput;
export type LayerType = Layer['type'];
export type LayerOf<T extends LayerType> = Extract<Layer, { type: T }>;

const NestedLayersSchema: z.ZodType<Layer[], LayerInput[]> = z
  .array(z.lazy(() => LayerSchema))
  .max(LIMITS.layersPerScene);

export const GroupLayerSchema = GroupFieldsSchema.extend({ layers: NestedLayersSchema });

/** Every kind of layer, told apart by `type`. */
export const LayerSchema = z
  .discriminatedUnion('type', [...LEAF_SCHEMAS, GroupLayerSchema])
  .meta({ id: 'Layer' });
