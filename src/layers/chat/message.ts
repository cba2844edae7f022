import type { ChatMessage } from '../../scene/schema/chat-message.js';
import type { PictureSource } from '../../scene/snapshot.js';
import { PLAIN, type PictureContent } from '../../render/content.js';
import { paddingOf, toSpanSpec, type LayerSpan } from '../../render/text/layer-spec.js';
import { objectsOf } from '../../render/text/objects.js';
import { placeText } from '../../render/text/text-block.js';
import type { TextLayout } from '../../render/text/text-spec.js';
import { messageSpans } from './spans.js';
import { inlineContentAt, inlineContents, inlinePiece } from '../../render/inline-picture.js';
import { decorationOf, toClippedPiece, type Piece, type ViewContext } from '../../render/piece.js';
import type { ChatLayer } from './schema.js';

/** A message as it is painted: its bitmaps stand from the top left of its own box, and are named within it. */
export type MessageAppearance = {
  readonly height: number;
  readonly letters: Piece | null;
  readonly pictures: readonly {
    readonly source: PictureSource;
    readonly contents: readonly PictureContent[];
    readonly box: Pick<Piece, 'x' | 'y' | 'width' | 'height'>;
  }[];
};

/** Half as wide as a letter of ordinary text is on the average, in font sizes: most texts have fewer in a line. */
const GUESSED_LETTER_EM = 0.4;
/** Beyond the last line that is shown: a word that is cut short there makes no difference to those before it. */
const REST_CHARACTERS = 64;

/** The first so many UTF-16 units of a message; between characters. */
function beginningOf(spans: readonly LayerSpan[], units: number): LayerSpan[] {
  const beginning: LayerSpan[] = [];
  let left = units;
  for (const span of spans) {
    if (left <= 0) break;
    const isCut = span.text.length > left;
    const isPair = isCut && (span.text.codePointAt(left - 1) ?? 0) > 0xffff;
    beginning.push(isCut ? { ...span, text: span.text.slice(0, left + (isPair ? 1 : 0)) } : span);
    left -= span.text.length;
  }
  return beginning;
}

/**
 * Sets as much of a text as is needed to fill its lines: what is shown of a message is often a small part of it, and
 * shaping takes as long as the text is long.
 */
function setBeginning(
  spans: readonly LayerSpan[],
  units: number,
  set: (spans: readonly LayerSpan[]) => TextLayout,
): TextLayout {
  const length = spans.reduce((sum, { text }) => sum + text.length, 0);
  for (let most = units; most < length; most *= 2) {
    const layout = set(beginningOf(spans, most));
    if (layout.isTruncated) return layout;
  }
  return set(spans);
}

/** Upwards to whole pixels of the bitmap, so that all messages stand on them. */
function onPixels(extent: number, scale: number): number {
  return Math.ceil(extent * scale - 1e-6) / scale;
}

/** Sets a message: one bitmap for its letters and what is behind them, and one for each picture. */
export function layOutMessage(
  layer: ChatLayer,
  message: ChatMessage,
  { text, picture, scale }: Pick<ViewContext, 'text' | 'picture' | 'scale'>,
): MessageAppearance {
  const { spans, pictures } = messageSpans(layer, message, picture);
  const padding = paddingOf(layer);
  const width = Math.max(1, layer.width - 2 * padding.x);
  const maxLines = Math.max(1, Math.round(layer.maxLines));
  const perLine = width / (layer.fontSize * GUESSED_LETTER_EM);
  const layout = setBeginning(spans, Math.ceil(maxLines * perLine) + REST_CHARACTERS, (shown) =>
    text.setText({
      spans: shown.map(toSpanSpec),
      width,
      height: null,
      wrap: 'word',
      align: 'left',
      verticalAlign: 'top',
      lineHeight: layer.lineHeight,
      maxLines,
      fit: 'none',
      minFontSize: 1,
      direction: 'ltr',
      digits: 'auto',
    }),
  );
  // What is behind it is as wide as its longest line.
  const longest = Math.ceil(Math.max(1, ...layout.lines.map((line) => line.width)));
  const fitted = { ...layout, width: Math.min(layout.width, longest) };
  const decoration = { ...PLAIN, shadows: decorationOf(layer).shadows };
  const placed = placeText(layer, spans, { layout: fitted, shown: fitted, decoration }, scale);
  return {
    height: onPixels(layout.height + 2 * padding.y, scale),
    letters: placed === null ? null : toClippedPiece('text', placed.content, placed.x, placed.y),
    pictures: objectsOf(layout).flatMap(({ span, x, lineTop, lineHeight }) => {
      const inline = pictures.get(span);
      if (inline === undefined) return [];
      const { source, width: ownWidth, height: ownHeight } = inline;
      const top = padding.y + lineTop + (lineHeight - ownHeight) / 2;
      const box = {
        x: Math.round((padding.x + x) * scale) / scale,
        y: Math.round(top * scale) / scale,
        width: ownWidth,
        height: ownHeight,
      };
      return [{ source, contents: inlineContents(inline, scale), box }];
    }),
  };
}

/** What a message shows at a moment, from the top left of its own box. */
export function messagePieces(
  { letters, pictures }: MessageAppearance,
  context: Pick<ViewContext, 'sceneTimeMs' | 'pictureOffset'>,
): Piece[] {
  const inline = pictures.flatMap(({ source, contents, box }, i) => {
    const content = inlineContentAt(source, contents, context);
    return content === null ? [] : [inlinePiece(String(i), content, box)];
  });
  return letters === null ? inline : [letters, ...inline];
}
