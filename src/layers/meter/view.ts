import { PLAIN } from '../../render/content.js';
import { frameOf } from '../../render/frame-piece.js';
import {
  decorationOf,
  keptByAppearance,
  type LayerView,
  type Piece,
  type ViewContext,
} from '../../render/piece.js';
import { noSpans, type KindView } from '../kind-view.js';
import { barsPieces, layOutBars, type MeterBars } from './bars.js';
import { shownLevels } from './levels.js';
import { layOutRing, ringPieces, type MeterRing } from './ring.js';
import type { MeterLayer } from './schema.js';

/** How loud something is with the frame: a bar, lights in a row or on an arc. */
function createMeterView(): (layer: MeterLayer, context: ViewContext) => LayerView {
  const keptBars = keptByAppearance<MeterBars>();
  const keptRing = keptByAppearance<MeterRing>();

  const piecesOf = (layer: MeterLayer, { heard, scale, appearance }: ViewContext): Piece[] => {
    const shadows = { ...PLAIN, shadows: decorationOf(layer).shadows };
    const levels = shownLevels(layer, heard.strip(layer.strip));
    if (layer.style === 'ring') {
      const ring = keptRing(appearance, () => layOutRing(layer, scale, shadows));
      return levels.flatMap((level) => ringPieces(ring, level));
    }
    const bars = keptBars(appearance, () => layOutBars(layer, scale, shadows));
    return barsPieces(layer, bars, levels, scale);
  };

  return (layer, context) => {
    const { width, height } = layer;
    const frame = frameOf(decorationOf(layer), { width, height }, context.scale);
    return { width, height, pieces: [...piecesOf(layer, context), ...frame] };
  };
}

/** How the kind is drawn. */
export const METER_VIEW: KindView<MeterLayer> = {
  create: createMeterView,
  dependsOn: 'sound',
  pictures: null,
  spans: noSpans,
  size: 'own',
  isStretched: false,
};
