import type { LayerOf } from '../../scene/schema/layer.js';
import type { ChatMessage } from '../../scene/schema/layers/chat.js';
import type { PictureSource } from '../../scene/snapshot.js';
import { PLAIN, type PictureContent } from '../content.js';
import { paddingOf, toSpanSpec } from '../text/layer-spec.js';
import { objectsOf } from '../text/objects.js';
import { placeText } from '../text/text-block.js';
import { messageSpans } from './chat-spans.js';
import { inlineContentAt, inlineContents, inlinePiece } from './inline-picture.js';
import { decorationOf, toPiece, type Piece, type ViewContext } from './piece.js';

/** A message as it is painted: its bitmaps stand from the top left of its own box, and are named within it. */
export type MessageLook = {
  readonly height: number;
  readonly letters: Piece | null;
  readonly pictures: readonly {
    readonly source: PictureSource;
    readonly contents: readonly PictureContent[];
    readonly box: Pick<Piece, 'x' | 'y' | 'width' | 'height'>;
  }[];
};

/** Upwards to whole pixels of the bitmap, so that all messages stand on them. */
function onPixels(extent: number, scale: number): number {
  return Math.ceil(extent * scale - 1e-6) / scale;
}

/** Sets a message: one bitmap for its letters and what is behind them, and one for each picture. */
export function layOutMessage(
  layer: LayerOf<'chat'>,
  message: ChatMessage,
  { text, picture, scale }: Pick<ViewContext, 'text' | 'picture' | 'scale'>,
): MessageLook {
  const { spans, pictures } = messageSpans(layer, message, picture);
  const padding = paddingOf(layer);
  const layout = text.setText({
    spans: spans.map(toSpanSpec),
    width: Math.max(1, layer.width - 2 * padding.x),
    height: null,
    wrap: 'word',
    align: 'left',
    verticalAlign: 'top',
    lineHeight: layer.lineHeight,
    maxLines: Math.max(1, Math.round(layer.maxLines)),
    fit: 'none',
    minFontSize: 1,
    direction: 'ltr',
    digits: 'auto',
  });
  // What is behind it is as wide as its longest line.
  const width = Math.ceil(Math.max(1, ...layout.lines.map((line) => line.width)));
  const fitted = { ...layout, width: Math.min(layout.width, width) };
  const decoration = { ...PLAIN, shadows: decorationOf(layer).shadows };
  const placed = placeText(layer, spans, { layout: fitted, shown: fitted }, decoration, scale);
  return {
    height: onPixels(layout.height + 2 * padding.y, scale),
    letters: placed === null ? null : toPiece('text', placed.content, placed.x, placed.y, true),
    pictures: objectsOf(layout).flatMap(({ span, x, lineTop, lineHeight }) => {
      const inline = pictures.get(span);
      if (inline === undefined) return [];
      const { source, width: ownWidth, height: ownHeight } = inline;
      const top = padding.y + lineTop + (lineHeight - ownHeight) / 2;
      const box = {
        x: Math.round((padding.x + x) * scale) / scale,
        y: Math.round(top * scale) / scale,
        ...{ width: ownWidth, height: ownHeight },
      };
      return [{ source, contents: inlineContents(inline, scale), box }];
    }),
  };
}

/** What a message shows at a moment, from the top left of its own box. */
export function messagePieces(
  { letters, pictures }: MessageLook,
  context: Pick<ViewContext, 'sceneTimeMs' | 'pictureOffset'>,
): Piece[] {
  const inline = pictures.flatMap(({ source, contents, box }, i) => {
    const content = inlineContentAt(source, contents, context);
    return content === null ? [] : [inlinePiece(String(i), content, box)];
  });
  return letters === null ? inline : [letters, ...inline];
}
