import { SCENE_LIMITS } from '../../scene/limits.js';
import type { ChatMessage } from '../../scene/schema/chat-message.js';
import { goneAtMs, leavesAtMs } from './presence.js';
import type { ChatLayer } from './schema.js';

type Chat = Pick<ChatLayer, 'messages' | 'maxMessages' | 'ttlMs' | 'messageEnter' | 'messageExit'>;

/** Those of which something is still to be seen, or will be. */
function stillThere(chat: Chat, nowMs: number): ChatMessage[] {
  return chat.messages.filter((message) => nowMs < goneAtMs(message, chat));
}

/**
 * With one more than there may be, the oldest that stay begin to leave when it comes. One that would come no earlier than
 * it leaves is never seen, and is left out.
 * @param atMs when the last of them comes
 */
function withinLimit(messages: readonly ChatMessage[], chat: Chat, atMs: number): ChatMessage[] {
  const staying = messages.filter((message) => leavesAtMs(message, chat) > atMs);
  const surplus = new Set(staying.slice(0, Math.max(0, staying.length - chat.maxMessages)));
  return messages
    .flatMap((message) => {
      if (!surplus.has(message)) return [message];
      return message.atMs < atMs ? [{ ...message, removedAtMs: atMs }] : [];
    })
    .slice(-SCENE_LIMITS.chatMessages);
}

/** How long before they come on air it is known which messages of a flood do, so that they can be set and painted ahead. */
export const FLOOD_AHEAD_MS = 200;

/**
 * From so many messages in a while on nobody can read along: they come on air together then, a few times a second. Each of
 * the newest is set and painted so, and none that others have pushed out before anybody saw it.
 */
const FLOOD = { messages: 10, withinMs: 500, everyMs: 400 } as const;

/** When a message comes on air that has been sent now: at once, or with others. Never before the one that was sent before. */
function comesAtMs(messages: readonly ChatMessage[], chat: Chat, nowMs: number): number {
  const recent = messages.filter(({ atMs }) => atMs > nowMs - FLOOD.withinMs).length;
  const isFlood = recent >= Math.min(FLOOD.messages, chat.maxMessages);
  const closesAtMs = nowMs + FLOOD_AHEAD_MS;
  const atMs = isFlood ? (Math.floor(closesAtMs / FLOOD.everyMs) + 1) * FLOOD.everyMs : nowMs;
  // Times beyond that are whoever wrote the whole layer's own.
  const lastMs = messages.at(-1)?.atMs ?? 0;
  return lastMs > atMs && lastMs <= closesAtMs + FLOOD.everyMs ? lastMs : atMs;
}

/**
 * A chat with a message added at its end. One whose id is there already takes that one's place: it was edited, or sent
 * twice.
 * @param nowMs when it was sent
 */
export function appended<C extends Chat>(chat: C, message: ChatMessage, nowMs: number): C {
  const messages = stillThere(chat, nowMs);
  const place = messages.findIndex(
    ({ id, removedAtMs }) => id === message.id && removedAtMs === null,
  );
  const before = messages[place];
  if (before !== undefined) {
    messages[place] = { ...message, atMs: before.atMs };
    return { ...chat, messages: withinLimit(messages, chat, nowMs) };
  }
  const atMs = comesAtMs(messages, chat, nowMs);
  messages.push({ ...message, atMs });
  return { ...chat, messages: withinLimit(messages, chat, atMs) };
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
