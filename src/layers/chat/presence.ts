import { toEasing } from '../../scene/easing.js';
import type { ChatMessage } from '../../scene/schema/chat-message.js';
import type { ChatLayer } from './schema.js';

type Chat = Pick<ChatLayer, 'ttlMs' | 'messageEnter' | 'messageExit'>;
type Times = Pick<ChatMessage, 'atMs' | 'removedAtMs'>;

/** How much of a message is there. */
export type Presence = {
  /** Share of its way in that it has come, 0 at first; curves may overshoot. */
  readonly entered: number;
  /** Share of its room that it still takes, 0 once it is gone. */
  readonly room: number;
  readonly opacity: number;
  /** How far it is to the side, in widths of the layer; negative is left. */
  readonly aside: number;
};

/** When a message begins to leave; Infinity: it does not. */
export function leavesAtMs({ atMs, removedAtMs }: Times, { ttlMs }: Pick<Chat, 'ttlMs'>): number {
  return Math.min(removedAtMs ?? Infinity, ttlMs === null ? Infinity : atMs + ttlMs);
}

/** When nothing is left of a message. */
export function goneAtMs(message: Times, chat: Pick<Chat, 'ttlMs' | 'messageExit'>): number {
  const { type, durationMs } = chat.messageExit;
  return leavesAtMs(message, chat) + (type === 'none' ? 0 : durationMs);
}

const STANDING: Presence = { entered: 1, room: 1, opacity: 1, aside: 0 };

function shareOf(sinceMs: number, durationMs: number): number {
  return durationMs <= 0 ? 1 : Math.min(1, Math.max(0, sinceMs / durationMs));
}

/**
 * A message at a program time: a pure function of its times. It goes in the first half of its exit, and
 * leaves its room to the others in the second, so that nothing overlaps. Null: it is not there.
 */
export function presenceAt(message: Times, chat: Chat, nowMs: number): Presence | null {
  const { messageEnter: enter, messageExit: exit } = chat;
  if (nowMs < message.atMs || nowMs >= goneAtMs(message, chat)) return null;
  const coming = enter.type === 'none' ? 1 : shareOf(nowMs - message.atMs, enter.durationMs);
  // Curves end at 1 but for their last bit: what has come stands still.
  const entered = coming === 1 ? 1 : toEasing(enter.easing)(coming);
  const leaving = shareOf(nowMs - leavesAtMs(message, chat), exit.durationMs);
  if (coming === 1 && leaving === 0) return STANDING;
  const curve = toEasing(exit.easing);
  const going = curve(Math.min(1, 2 * leaving));
  const closing = curve(Math.max(0, 2 * leaving - 1));
  const inwards = enter.type === 'slide' && enter.from !== 'edge' ? 1 - entered : 0;
  const outwards = exit.type === 'slide' ? going : 0;
  return {
    entered,
    room: Math.max(0, 1 - closing),
    opacity:
      clamped(enter.type === 'fade' ? entered : 1) * clamped(exit.type === 'fade' ? 1 - going : 1),
    aside: inwards * (enter.from === 'left' ? -1 : 1) + outwards * (exit.to === 'left' ? -1 : 1),
  };
}

function clamped(share: number): number {
  return Math.min(1, Math.max(0, share));
}
