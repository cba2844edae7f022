import { SCENE_LIMITS } from '../limits.js';
import type { LayerOf } from '../schema/layer.js';
import type { ChatMessage } from '../schema/layers/chat.js';
import { goneAtMs, leavesAtMs } from './presence.js';

type Chat = Pick<
  LayerOf<'chat'>,
  'messages' | 'maxMessages' | 'ttlMs' | 'messageEnter' | 'messageExit'
>;

/** Those of which something is still to be seen, or will be. */
function stillThere(chat: Chat, nowMs: number): ChatMessage[] {
  return chat.messages.filter((message) => nowMs < goneAtMs(message, chat));
}

/** With one more than there may be, the oldest that stay begin to leave. */
function withinLimit(messages: readonly ChatMessage[], chat: Chat, nowMs: number): ChatMessage[] {
  const staying = messages.filter((message) => leavesAtMs(message, chat) > nowMs);
  const surplus = new Set(staying.slice(0, Math.max(0, staying.length - chat.maxMessages)));
  return messages
    .map((message) => (surplus.has(message) ? { ...message, removedAtMs: nowMs } : message))
    .slice(-SCENE_LIMITS.chatMessages);
}

/**
 * A chat with a message added at its end. One whose id is there already takes that one's place: it was edited, or sent
 * twice.
 */
export function appended<C extends Chat>(chat: C, message: ChatMessage, nowMs: number): C {
  const messages = stillThere(chat, nowMs);
  const place = messages.findIndex(
    ({ id, removedAtMs }) => id === message.id && removedAtMs === null,
  );
  const before = messages[place];
  if (before !== undefined) messages[place] = { ...message, atMs: before.atMs };
  else messages.push(message);
  return { ...chat, messages: withinLimit(messages, chat, nowMs) };
}

/** A chat in which the messages that `isMeant` begin to leave; the same chat when none does. */
export function withoutMessages<C extends Chat>(
  chat: C,
  isMeant: (message: ChatMessage) => boolean,
  nowMs: number,
): C {
  const leaves = (message: ChatMessage): boolean =>
    leavesAtMs(message, chat) > nowMs && isMeant(message);
  if (!chat.messages.some(leaves)) return chat;
  const messages = stillThere(chat, nowMs).map((message) =>
    leaves(message) ? { ...message, removedAtMs: nowMs } : message,
  );
  return { ...chat, messages };
}
