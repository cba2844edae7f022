import { authorColor } from './author-color.js';
import { ISOLATE, ISOLATE_END, isolated, toSafeText } from './safe-text.js';
import type { ChatMessage } from '../../scene/schema/chat-message.js';
import type { PictureSource } from '../../scene/snapshot.js';
import type { LayerSpan } from '../../render/text/layer-spec.js';
import { OBJECT } from '../../render/text/objects.js';
import { toInline, type InlinePicture } from '../../render/inline-picture.js';
import type { ChatLayer } from './schema.js';

/** Heights of pictures in a line, in font sizes, and the space after a badge. */
const EMOTE_EM = 1.25;
const BADGE_EM = 1;
const BADGE_GAP_EM = 0.25;
/** A message in parts; `pictures` are by the place of their span. */
export type MessageSpans = {
  readonly spans: readonly LayerSpan[];
  readonly pictures: ReadonlyMap<number, InlinePicture>;
};

/** How high pictures are in a line. */
function heightOf(kind: 'emote' | 'badge', fontSize: number): number {
  return fontSize * (kind === 'emote' ? EMOTE_EM : BADGE_EM);
}

type Picture = (assetId: string) => PictureSource | null;

/** The parts of a message: badges, author, and its text with pictures for words. */
export function messageSpans(
  layer: ChatLayer,
  message: ChatMessage,
  picture: Picture,
): MessageSpans {
  const { fontFamily, fontSize, fontWeight, fontStyle, color, authorStyle } = layer;
  const base = {
    fontFamily,
    fontSize,
    fontWeight,
    fontStyle,
    letterSpacing: 0,
    color,
    objectWidth: null,
  };
  const plain = { ...base, underline: false, strikethrough: false };
  const spans: LayerSpan[] = [];
  const pictures = new Map<number, InlinePicture>();
  const addText = (text: string, style: Partial<LayerSpan> = {}): void => {
    if (text !== '') spans.push({ ...plain, ...style, text });
  };
  const inlineOf = (asset: string, kind: 'emote' | 'badge'): InlinePicture | null =>
    toInline(picture(asset), heightOf(kind, fontSize));
  const addPicture = (inline: InlinePicture, gap: number): void => {
    pictures.set(spans.length, inline);
    spans.push({ ...plain, text: OBJECT, objectWidth: inline.width + gap });
  };

  for (const badge of message.badges) {
    const inline = inlineOf(badge, 'badge');
    if (inline !== null) addPicture(inline, fontSize * BADGE_GAP_EM);
  }
  const author = toSafeText(message.author);
  if (author !== '') {
    const own = authorStyle.color ?? message.authorColor ?? authorColor(author);
    addText(isolated(author), { color: own, fontWeight: authorStyle.fontWeight });
    addText(authorStyle.separator);
  }
  const emotes = new Map(message.emotes.map(({ token, asset }) => [toSafeText(token), asset]));
  // The isolate of the text goes around its pictures, too.
  let words = ISOLATE;
  const text = toSafeText(message.text);
  for (const part of emotes.size === 0 ? [text] : text.split(/( )/)) {
    const asset = emotes.get(part);
    const inline = asset === undefined ? null : inlineOf(asset, 'emote');
    if (inline === null) words += part;
    else {
      addText(words);
      words = '';
      addPicture(inline, 0);
    }
  }
  addText(words + ISOLATE_END);
  return { spans, pictures };
}

/** All pictures of a chat, each once, as large as they are in lines of a font size. */
export function inlinePicturesOf(
  layer: ChatLayer,
  fontSize: number,
  picture: Picture,
): InlinePicture[] {
  const kinds = new Map<string, 'emote' | 'badge'>();
  for (const { emotes, badges } of layer.messages) {
    for (const { asset } of emotes) kinds.set(`emote ${asset}`, 'emote');
    for (const asset of badges) kinds.set(`badge ${asset}`, 'badge');
  }
  return [...kinds].flatMap(([key, kind]) => {
    const source = picture(key.slice(kind.length + 1));
    return toInline(source, heightOf(kind, fontSize)) ?? [];
  });
}
