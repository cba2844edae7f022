import { FLOOD_AHEAD_MS } from './messages.js';
import { leavesAtMs, presenceAt, type Presence } from './presence.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { ChatMessage } from '../../scene/schema/chat-message.js';
import type { Content, PictureContent } from '../../render/content.js';
import { createAppearances } from './appearances.js';
import { messagePieces, type MessageAppearance } from './message.js';
import { inlinePicturesOf } from './spans.js';
import { inlineContents } from '../../render/inline-picture.js';
import { decorationOf, type Piece, type ViewContext, type ViewOf } from '../../render/piece.js';
import { frameOf } from '../../render/frame-piece.js';
import type { ChatLayer } from './schema.js';
import { noSpans, type KindView } from '../kind-view.js';

type Visible = { readonly message: ChatMessage; readonly presence: Presence };

/** A name for a message that no other of the frame has: one that has gone may have come again with its id. */
function uniqueName({ id, atMs }: ChatMessage, names: Set<string>): string {
  let name = `${id}@${atMs}`;
  while (names.has(name)) name += '+';
  names.add(name);
  return name;
}

/** Of the messages that are about to come together, the newest that fill the box. */
function* comingOf(
  layer: ChatLayer,
  programTimeMs: number,
  appearanceOf: (message: ChatMessage) => MessageAppearance,
): Iterable<Content> {
  const { height, spacing, messages } = layer;
  let room = height + spacing;
  for (const message of messages.toReversed()) {
    const { atMs } = message;
    const isSoon = atMs > programTimeMs && atMs <= programTimeMs + FLOOD_AHEAD_MS;
    if (!isSoon || leavesAtMs(message, layer) <= atMs) continue;
    if (room <= 0) return;
    const { height: ownHeight, letters } = appearanceOf(message);
    room -= ownHeight + spacing;
    if (letters !== null && 'drawing' in letters.content) yield letters.content;
  }
}

/**
 * Messages in a box, the newest at one edge. Each is painted once. When one comes, all of them move by its height; when
 * one goes, those behind it close up: where each stands is a pure function of the messages' times and the moment.
 */
export function createChatView(): ViewOf<ChatLayer> {
  const appearances = createAppearances();
  return (layer, context) => {
    const { width, height, spacing, messages } = layer;
    const { scale, programTimeMs } = context;
    const appearanceOf = appearances(layer, context);

    const visible: Visible[] = messages.flatMap((message) => {
      const presence = presenceAt(message, layer, programTimeMs);
      return presence === null ? [] : [{ message, presence }];
    });
    /** Room that a message takes from the others. */
    const roomOf = ({ message, presence }: Visible): number =>
      presence.room * (appearanceOf(message).height + spacing);
    // What of the messages that are coming is still behind the edge. When the newest of them fill the box, those before
    // would only fly past: they are left out, and need not be set.
    let [behind, filled] = [0, 0];
    const shown = visible.toReversed().filter((one) => {
      const { entered } = one.presence;
      if (entered === 1) return true;
      if (filled >= height + spacing) return false;
      const room = roomOf(one);
      filled += room;
      behind += (1 - entered) * room;
      return true;
    });
    const isBottomUp = layer.order === 'bottom-up';
    const pieces: Piece[] = [];
    const names = new Set<string>();
    // From the edge on: `edge` is where the next older message begins.
    let edge = isBottomUp ? Math.round(height * scale) / scale + spacing + behind : -behind;
    for (const one of shown) {
      if (isBottomUp ? edge <= -spacing : edge >= height) break;
      const room = roomOf(one);
      const messageAppearance = appearanceOf(one.message);
      if (isBottomUp) edge -= room;
      const { opacity, aside } = one.presence;
      const isInSight =
        edge < height && edge + messageAppearance.height > 0 && opacity > 0 && Math.abs(aside) < 1;
      if (isInSight) {
        const name = uniqueName(one.message, names);
        pieces.push(
          ...messagePieces(messageAppearance, context).map((piece) => ({
            ...piece,
            name: `${name} ${piece.name}`,
            x: piece.x + aside * width,
            y: piece.y + edge,
            opacity,
          })),
        );
      }
      if (!isBottomUp) edge += room;
    }
    const frame = frameOf(decorationOf(layer), layer, scale);
    const coming = (): Iterable<Content> => comingOf(layer, programTimeMs, appearanceOf);
    return { width, height, pieces: [...pieces, ...frame], coming };
  };
}

/** The pictures that a chat needs, as large as they get. */
export function chatPicturesOf(
  layer: ChatLayer,
  { picture, scale }: Pick<ViewContext, 'picture' | 'scale'>,
  compiled: CompiledLayer,
): PictureContent[] {
  const fontSize = compiled.largest('fontSize', layer.fontSize);
  return inlinePicturesOf(layer, fontSize, picture).flatMap((inline) =>
    inlineContents(inline, scale),
  );
}

/** How the kind is drawn. */
export const CHAT_VIEW: KindView<ChatLayer> = {
  create: createChatView,
  dependsOn: 'moment',
  pictures: chatPicturesOf,
  // What strangers write is not the operator's to put right, and comes by the thousand: it is not looked through.
  spans: noSpans,
  size: 'own',
  isStretched: false,
};
