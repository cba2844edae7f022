import { PLAIN, toContent } from '../../render/content.js';
import { frameOf } from '../../render/frame-piece.js';
import { createNumberFormats, type WriteNumber } from '../../render/number-formats.js';
import {
  decorationOf,
  toPiece,
  type LayerView,
  type Piece,
  type ViewContext,
} from '../../render/piece.js';
import { bidiLevels } from '../../render/text/bidi.js';
import { toFontSpan } from '../../render/text/font-span.js';
import { isVisiblePaint } from '../../render/text/row.js';
import type { KindView } from '../kind-view.js';
import { arrange, type Arrangement } from './arrangement.js';
import { figuresOf } from './figures.js';
import { optionPieces, type ShownOption } from './option-pieces.js';
import { placedOptions, winningValue, type PlacedOption } from './order.js';
import type { VoteLayer } from './schema.js';
import { createVoteTexts, type VoteTexts } from './texts.js';

/** What of a line figures may take at the most, beside a label. */
const FIGURES_SHARE = 0.6;

/** Whether options follow each other, and bars grow, from right to left. */
function isRightToLeft({ direction, options }: VoteLayer): boolean {
  if (direction !== 'auto') return direction === 'rtl';
  return bidiLevels(options[0]?.label ?? '', 'auto').base === 1;
}

/** Options on their way are above those at rest, and those that rise above those that fall. */
function depthOf({ option: { shift } }: PlacedOption): number {
  return shift === 0 ? 0 : shift < 0 ? 1 : 2;
}

function totalOf({ options }: VoteLayer): number {
  return options.reduce((sum, { value }) => sum + value, 0);
}

/** The options in their order, with what is said about each. */
function shownOptions(layer: VoteLayer, write: WriteNumber): ShownOption[] {
  const [most, total] = [winningValue(layer), totalOf(layer)];
  return placedOptions(layer).map(({ option, place }) => {
    const mark = option.value === most ? layer.winner : null;
    const appearance = {
      color: mark?.color ?? layer.color,
      fontWeight: mark?.fontWeight ?? layer.fontWeight,
    };
    const figures = figuresOf(layer, option.value, total, write);
    return { option, place, isWinner: mark !== null, figures, appearance };
  });
}

/** How large figures are written, so that the longest of them have room. */
function fittingFontSize(
  layer: VoteLayer,
  options: readonly ShownOption[],
  { fontSize, placeAt }: Arrangement,
  widthOf: (option: ShownOption) => number,
): number {
  const { text } = placeAt(0);
  const room = layer.orientation === 'vertical' ? text.width : text.width * FIGURES_SHARE;
  const widest = Math.max(0, ...options.map(widthOf));
  return widest <= room ? fontSize : Math.max(1, Math.floor((fontSize * room) / widest));
}

function viewOptions(
  layer: VoteLayer,
  options: readonly ShownOption[],
  texts: VoteTexts,
  context: ViewContext,
): Piece[] {
  const isMirrored = isRightToLeft(layer);
  const arranged = arrange(layer, Math.max(1, options.length), isMirrored, context.scale);
  const widthOf = ({ appearance, figures }: ShownOption): number =>
    texts.figures(layer, appearance, arranged.fontSize, context)(figures).width;
  const poll = {
    layer,
    arranged,
    isRightToLeft: isMirrored,
    fullValue: layer.scaleTo === 'total' ? totalOf(layer) : (winningValue(layer) ?? 0),
    figuresFontSize: fittingFontSize(layer, options, arranged, widthOf),
    // What has no area of its own throws the shadows of its bars.
    barShadows: isVisiblePaint(layer.background) ? [] : decorationOf(layer).shadows,
    texts,
  };
  return options
    .toSorted((a, b) => depthOf(a) - depthOf(b))
    .flatMap((option) => optionPieces(option, poll, context));
}

/**
 * The bars of a poll. A change of the votes paints nothing but what is newly written: bars are cut from bitmaps of their
 * whole length, and figures are put together digit by digit.
 */
function createVoteView(): (layer: VoteLayer, context: ViewContext) => LayerView {
  const write = createNumberFormats();
  const texts = createVoteTexts();
  return (layer, context) => {
    const { width, height, cornerRadius, background } = layer;
    const decoration = decorationOf(layer);
    const appearance = { ...PLAIN, cornerRadius, shadows: decoration.shadows };
    const drawing = { kind: 'rectangle', fill: background } as const;
    const box = toContent(drawing, appearance, { width, height }, context.scale);
    return {
      width,
      height,
      pieces: [
        ...(isVisiblePaint(background) ? [toPiece(' box', box)] : []),
        ...viewOptions(layer, shownOptions(layer, write), texts, context),
        ...frameOf(decoration, { width, height }, context.scale),
      ],
    };
  };
}

function wordsOf({ options, figures }: VoteLayer): string {
  return [...options.map(({ label }) => label), figures, '0123456789.,%'].join(' ');
}

/** How the kind is drawn. */
export const VOTE_VIEW: KindView<VoteLayer> = {
  create: createVoteView,
  dependsOn: 'nothing',
  pictures: null,
  spans: (layer) => [toFontSpan(wordsOf(layer), layer)],
  size: 'own',
  isStretched: false,
};
