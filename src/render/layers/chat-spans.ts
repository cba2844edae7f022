import { authorColor } from '../../scene/chat/author-color.js';
import { ISOLATE, ISOLATE_END, isolated, toSafeText } from '../../scene/chat/safe-text.js';
import type { LayerOf } from '../../scene/schema/layer.js';
import type { ChatMessage } from '../../scene/schema/layers/chat.js';
import type { PictureSource } from '../../scene/snapshot.js';
import type { LayerSpan } from '../text/layer-spec.js';
import { OBJECT } from '../text/objects.js';

/** Heights of pictures in a line, in font sizes, and the space after a badge. */
const EMOTE_EM = 1.25;
const BADGE_EM = 1;
const BADGE_GAP_EM = 0.25;
/** Pictures in a line are at most so many times as wide as high. */
const MAX_ASPECT = 4;

/** A picture that stands in the text as the span of the same place does. */
export type InlinePicture = {
  readonly source: PictureSource;
  readonly width: number;
  readonly height: number;
};

/** A message in parts; `pictures` are by the place of their span. */
export type MessageSpans = {
  readonly spans: readonly LayerSpan[];
  readonly pictures: ReadonlyMap<number, InlinePicture>;
};

/** How large a picture is in a line. */
export function inlineSize(
  { width, height }: PictureSource,
  fontSize: number,
  kind: 'emote' | 'badge',
): { readonly width: number; readonly height: number } {
  const own = fontSize * (kind === 'emote' ? EMOTE_EM : BADGE_EM);
  return { width: own * Math.min(MAX_ASPECT, width / Math.max(1, height)), height: own };
}

type Picture = (assetId: string) => PictureSource | null;

/** The parts of a message: badges, author, and its text with pictures for words. */
export function messageSpans(
  layer: LayerOf<'chat'>,
  message: ChatMessage,
  picture: Picture,
): MessageSpans {
  const { fontFamily, fontSize, fontWeight, fontStyle, color, authorStyle } = layer;
  const base = { fontFamily, fontSize, fontWeight, fontStyle, letterSpacing: 0, color };
  const plain = { ...base, underline: false, strikethrough: false };
  const spans: LayerSpan[] = [];
  const pictures = new Map<number, InlinePicture>();
  const addText = (text: string, style: Partial<LayerSpan> = {}): void => {
    if (text !== '') spans.push({ ...plain, ...style, text });
  };
  const addPicture = (source: PictureSource, kind: 'emote' | 'badge'): void => {
    const size = inlineSize(source, fontSize, kind);
    const gap = kind === 'badge' ? fontSize * BADGE_GAP_EM : 0;
    pictures.set(spans.length, { source, ...size });
    spans.push({ ...plain, text: OBJECT, letterSpacing: size.width + gap });
  };

  for (const badge of message.badges) {
    const source = picture(badge);
    if (source !== null) addPicture(source, 'badge');
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
    const source = asset === undefined ? null : picture(asset);
    if (source === null) words += part;
    else {
      addText(words);
      words = '';
      addPicture(source, 'emote');
    }
  }
  addText(words + ISOLATE_END);
  return { spans, pictures };
}

/** The assets that a chat shows. */
export function pictureSizes(
  layer: LayerOf<'chat'>,
  fontSize: number,
  picture: Picture,
): { readonly source: PictureSource; readonly width: number; readonly height: number }[] {
  const kinds = new Map<string, 'emote' | 'badge'>();
  for (const { emotes, badges } of layer.messages) {
    for (const { asset } of emotes) kinds.set(`emote ${asset}`, 'emote');
    for (const asset of badges) kinds.set(`badge ${asset}`, 'badge');
  }
  return [...kinds].flatMap(([key, kind]) => {
    const source = picture(key.slice(kind.length + 1));
    return source === null ? [] : [{ source, ...inlineSize(source, fontSize, kind) }];
  });
}
