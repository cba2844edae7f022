import { z } from 'zod';
import { SCENE_LIMITS } from '../../scene/limits.js';
import { GroupLayerSchema } from '../../scene/schema/layer.js';
import { ChatLayerSchema } from '../../scene/schema/layers/chat.js';
import { ImageLayerSchema } from '../../scene/schema/layers/image.js';
import { LottieLayerSchema } from '../../scene/schema/layers/lottie.js';
import { PatternLayerSchema } from '../../scene/schema/layers/pattern.js';
import { ProgressLayerSchema } from '../../scene/schema/layers/progress.js';
import { QrLayerSchema } from '../../scene/schema/layers/qr.js';
import { SceneLayerSchema } from '../../scene/schema/layers/scene.js';
import { ShapeLayerSchema } from '../../scene/schema/layers/shape.js';
import { TableLayerSchema } from '../../scene/schema/layers/table.js';
import { StopwatchLayerSchema } from '../../scene/schema/layers/stopwatch.js';
import { TextLayerSchema } from '../../scene/schema/layers/text.js';
import { TickerLayerSchema } from '../../scene/schema/layers/ticker.js';
import {
  ClockLayerSchema,
  CountdownLayerSchema,
  TimerLayerSchema,
} from '../../scene/schema/layers/time.js';
import { TransitionSchema } from '../../scene/schema/transition.js';
import { IdSchema } from '../../scene/schema/values.js';

const PlaceSchema = z.int().min(0).max(SCENE_LIMITS.layersPerScene).meta({
  description: 'Place in the stack, 0 at the bottom; beyond the top is the top.',
});

/** What a new layer is sent with besides its own fields; its id is made when it is left out. */
const NEW = {
  id: IdSchema.optional(),
  index: PlaceSchema.optional(),
  group: IdSchema.optional().meta({ description: 'The group to put it into; default: none.' }),
  transition: TransitionSchema.optional().meta({
    description: 'How what is in its group moves to make room.',
  }),
};

/** A layer as it is sent, of every kind. */
export const NewLayerSchema = z
  .discriminatedUnion('type', [
    ImageLayerSchema.extend(NEW),
    LottieLayerSchema.extend(NEW),
    TextLayerSchema.extend(NEW),
    ShapeLayerSchema.extend(NEW),
    PatternLayerSchema.extend(NEW),
    QrLayerSchema.extend(NEW),
    ProgressLayerSchema.extend(NEW),
    TableLayerSchema.extend(NEW),
    TickerLayerSchema.extend(NEW),
    ClockLayerSchema.extend(NEW),
    CountdownLayerSchema.extend(NEW),
    TimerLayerSchema.extend(NEW),
    StopwatchLayerSchema.extend(NEW),
    ChatLayerSchema.extend(NEW),
    SceneLayerSchema.extend(NEW),
    GroupLayerSchema.extend(NEW),
  ])
  .meta({ id: 'NewLayer' });

/** A merge patch of a layer, and where to move it. */
export const LayerPatchSchema = z
  .looseObject({ index: PlaceSchema.optional(), transition: TransitionSchema.optional() })
  .meta({
    id: 'LayerPatch',
    description:
      'JSON merge patch (RFC 7396) of a layer: fields that are left out stay, null takes a field back to its default. `index` moves the layer in the stack; with a `transition` values move to where they are put.',
  });
