import type { LayerOf } from '../../scene/schema/layer.js';
import type { ChatMessage } from '../../scene/schema/layers/chat.js';
import type { PictureSource } from '../../scene/snapshot.js';
import { PLAIN, toPictureContent } from '../content.js';
import { paddingOf } from '../text/layer-spec.js';
import { layoutText } from '../text/layout.js';
import { measureWithObjects, splitObjects } from '../text/objects.js';
import { placeText } from '../text/text-block.js';
import { messageSpans } from './chat-spans.js';
import { decorationOf, toPiece, type Piece, type ViewContext } from './piece.js';

/** A message as it is painted: its bitmaps stand from the top left of its own box, and are named within it. */
export type MessageLook = {
  readonly height: number;
  readonly pieces: readonly Piece[];
};

/** A picture in a line, as it is decoded. */
export function inlinePicture(
  source: PictureSource,
  size: { readonly width: number; readonly height: number },
  scale: number,
): ReturnType<typeof toPictureContent> {
  const [widthPx, heightPx] = [size.width * scale, size.height * scale];
  return toPictureContent(source.contentHash, source.path, widthPx, heightPx);
}

/** Upwards to whole pixels of the bitmap, so that all messages stand on them. */
function onPixels(extent: number, scale: number): number {
  return Math.ceil(extent * scale - 1e-6) / scale;
}

/** Sets a message: one bitmap for its letters and what is behind them, and one for each picture. */
export function layOutMessage(
  layer: LayerOf<'chat'>,
  message: ChatMessage,
  { measure, picture, scale }: Pick<ViewContext, 'measure' | 'picture' | 'scale'>,
): MessageLook {
  const { spans, pictures } = messageSpans(layer, message, picture);
  const padding = paddingOf(layer);
  const layout = layoutText(
    {
      spans: spans.map(({ text, fontFamily, fontSize, fontWeight, fontStyle, letterSpacing }) => ({
        ...{ text, fontFamily, fontSize, fontWeight, fontStyle, letterSpacing },
      })),
      width: Math.max(1, layer.width - 2 * padding.x),
      height: null,
      ...{ wrap: 'word', align: 'left', verticalAlign: 'top', lineHeight: layer.lineHeight },
      ...{ maxLines: Math.max(1, Math.round(layer.maxLines)), fit: 'none', minFontSize: 1 },
      direction: 'ltr',
    },
    measureWithObjects(measure),
  );
  // What is behind it is as wide as its longest line.
  const width = Math.ceil(Math.max(1, ...layout.lines.map((line) => line.width)));
  const fitted = { ...layout, width: Math.min(layout.width, width) };
  const { letters, objects } = splitObjects(fitted);
  const decoration = { ...PLAIN, shadows: decorationOf(layer).shadows };
  const placed = placeText(layer, spans, fitted, letters, decoration, scale);
  const inline = objects.flatMap(({ span, x, lineTop, lineHeight }, i): Piece[] => {
    const own = pictures.get(span);
    if (own === undefined) return [];
    const content = inlinePicture(own.source, own, scale);
    const { widthPx, heightPx } = content;
    return [
      {
        ...{ name: `${i}`, content, padPx: 0, widthPx, heightPx, isClipped: true },
        ...{ width: own.width, height: own.height },
        x: Math.round((padding.x + x) * scale) / scale,
        y: Math.round((padding.y + lineTop + (lineHeight - own.height) / 2) * scale) / scale,
      },
    ];
  });
  return {
    height: onPixels(layout.height + 2 * padding.y, scale),
    pieces: [
      ...(placed === null ? [] : [toPiece('text', placed.content, placed.x, placed.y, true)]),
      ...inline,
    ],
  };
}
