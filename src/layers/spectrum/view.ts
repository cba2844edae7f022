import { frameOf } from '../../render/frame-piece.js';
import {
  decorationOf,
  keptByAppearance,
  type LayerView,
  type Piece,
  type ViewContext,
} from '../../render/piece.js';
import { noSpans, type KindView } from '../kind-view.js';
import { layOutSpectrumBars, spectrumBarPieces, type SpectrumBars } from './bars.js';
import { columnShares } from './columns.js';
import { layOutLine, linePieces, type LineParts } from './line.js';
import { layOutSpectrumRing, type RingPieces } from './ring.js';
import type { SpectrumLayer } from './schema.js';

/** How loud something is by frequency with the frame: bars, a line, or bars on a circle. */
function createSpectrumView(): (layer: SpectrumLayer, context: ViewContext) => LayerView {
  const keptBars = keptByAppearance<SpectrumBars>();
  const keptLine = keptByAppearance<LineParts>();
  const keptRing = keptByAppearance<RingPieces>();

  const piecesOf = (layer: SpectrumLayer, context: ViewContext): Piece[] => {
    const { heard, scale, appearance } = context;
    const shares = columnShares(layer, heard);
    switch (layer.style) {
      case 'bars': {
        const bars = keptBars(appearance, () => layOutSpectrumBars(layer, scale));
        return spectrumBarPieces(layer, bars, shares, scale);
      }
      case 'line':
        return linePieces(
          layer,
          keptLine(appearance, () => layOutLine(layer, scale)),
          shares,
          scale,
        );
      case 'ring':
        return keptRing(appearance, () => layOutSpectrumRing(layer, scale))(shares);
    }
  };

  return (layer, context) => {
    const { width, height } = layer;
    const frame = frameOf(decorationOf(layer), { width, height }, context.scale);
    return { width, height, pieces: [...piecesOf(layer, context), ...frame] };
  };
}

/** How the kind is drawn. */
export const SPECTRUM_VIEW: KindView<SpectrumLayer> = {
  create: createSpectrumView,
  dependsOn: 'sound',
  pictures: null,
  spans: noSpans,
  size: 'own',
  isStretched: false,
};
