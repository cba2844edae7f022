import { LRUCache } from 'lru-cache';
import type { ChatMessage } from '../../scene/schema/chat-message.js';
import { keptByAppearance, type ViewContext } from '../../render/piece.js';
import { layOutMessage, type MessageAppearance } from './message.js';
import type { ChatLayer } from './schema.js';

/** Messages that are kept as they were set, of all chats: more than are in sight at once. */
const KEPT_MESSAGES = 1000;

/** What the look of a message depends on besides itself: the same for all messages of a layer. */
function styleKey(layer: ChatLayer, scale: number): string {
  const { fontFamily, fontSize, fontWeight, fontStyle, color, lineHeight, maxLines } = layer;
  const { width, stroke, authorStyle, box, shadow } = layer;
  return JSON.stringify([
    ...[fontFamily, fontSize, fontWeight, fontStyle, color, lineHeight, maxLines],
    ...[width, stroke, authorStyle, box, shadow, scale],
  ]);
}

/** The pictures of a message as they are now, for telling whether they have changed. */
function pictureHashes({ badges, emotes }: ChatMessage, picture: ViewContext['picture']): string {
  if (badges.length === 0 && emotes.length === 0) return '';
  const assets = [...badges, ...emotes.map(({ asset }) => asset)];
  return assets.map((asset) => picture(asset)?.contentHash ?? '').join(' ');
}

/** How a message looks in a style and with certain pictures. */
type KnownAppearance = {
  readonly style: string;
  readonly hashes: string;
  readonly appearance: MessageAppearance;
};

/** Messages as they are set, each once: what is answered sets those of a layer that are not known yet. */
export function createAppearances(): (
  layer: ChatLayer,
  context: ViewContext,
) => (message: ChatMessage) => MessageAppearance {
  const kept = new LRUCache<string, MessageAppearance>({ max: KEPT_MESSAGES });
  // Of messages that are the very ones: the others are known by all that they look like.
  const known = new WeakMap<ChatMessage, KnownAppearance>();
  const keptStyle = keptByAppearance<string>();
  return (layer, context) => {
    const style = keptStyle(context.appearance, () => styleKey(layer, context.scale));
    return (message) => {
      const hashes = pictureHashes(message, context.picture);
      const found = known.get(message);
      if (found?.hashes === hashes && found.style === style) return found.appearance;
      const { author, authorColor, text, emotes, badges } = message;
      const key = JSON.stringify([author, authorColor, text, emotes, badges, hashes, style]);
      const appearance = kept.get(key) ?? layOutMessage(layer, message, context);
      kept.set(key, appearance);
      known.set(message, { style, hashes, appearance });
      return appearance;
    };
  };
}
