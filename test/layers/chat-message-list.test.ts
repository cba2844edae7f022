import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { appended, FLOOD_AHEAD_MS, withoutMessages } from '../../src/layers/chat/messages.js';
import { presenceAt } from '../../src/layers/chat/presence.js';
import { ChatLayerSchema } from '../../src/layers/chat/schema.js';
import { ChatMessageSchema } from '../../src/scene/schema/chat-message.js';

type Chat = ReturnType<typeof chatOf>;
type Message = Chat['messages'][number];

function chatOf(fields: object = {}) {
  return ChatLayerSchema.parse({ id: 'c', type: 'chat', width: 300, height: 200, ...fields });
}

function messageOf(id: string, atMs: number, text = id): Message {
  return ChatMessageSchema.parse({ id, author: 'a', text, atMs });
}

function filled(chat: Chat, ids: readonly string[], stepMs = 1000): Chat {
  return ids.reduce((now, id, i) => {
    const atMs = (i + 1) * stepMs;
    return appended(now, messageOf(id, atMs), atMs);
  }, chat);
}

function ids({ messages }: Chat, isLeaving: boolean): string[] {
  return messages.filter((one) => (one.removedAtMs !== null) === isLeaving).map(({ id }) => id);
}

test('the oldest leaves when there is one too many, and is forgotten once it is out of sight', () => {
  const chat = filled(chatOf({ maxMessages: 2 }), ['a', 'b', 'c']);
  assert.deepEqual([ids(chat, false), ids(chat, true)], [['b', 'c'], ['a']]);
  const later = appended(chat, messageOf('d', 9000), 9000);
  assert.deepEqual([ids(later, false), ids(later, true)], [['c', 'd'], ['b']]);
});

test('a message with an id that is there takes its place, and keeps its time', () => {
  const chat = filled(chatOf(), ['a', 'b']);
  const edited = appended(chat, messageOf('a', 5000, 'edited'), 5000);
  assert.deepEqual(
    edited.messages.map(({ id, text, atMs }) => [id, text, atMs]),
    [
      ['a', 'edited', 1000],
      ['b', 'b', 2000],
    ],
  );
});

test('removing marks, and what is not there changes nothing', () => {
  const chat = filled(chatOf(), ['a', 'b', 'c']);
  const without = withoutMessages(chat, ({ id }) => id === 'b', 4000);
  assert.deepEqual([ids(without, false), ids(without, true)], [['a', 'c'], ['b']]);
  assert.equal(
    withoutMessages(without, ({ id }) => id === 'b', 4100),
    without,
  );
  assert.equal(
    withoutMessages(chat, ({ id }) => id === 'x', 4000),
    chat,
  );
});

test('a flood in one moment stays within the limits', () => {
  let chat = chatOf({ maxMessages: 5 });
  for (let i = 0; i < 1000; i++) chat = appended(chat, messageOf(`m${i}`, 1000), 1000);
  assert.deepEqual(ids(chat, false), ['m995', 'm996', 'm997', 'm998', 'm999']);
  // Those that were there leave when they come; the rest was pushed out before anybody saw it.
  assert.deepEqual(ids(chat, true), ['m0', 'm1', 'm2', 'm3', 'm4']);
  const comesAtMs = chat.messages.at(-1)?.atMs;
  assert.ok(
    chat.messages.every(({ id, removedAtMs }) => id >= 'm995' || removedAtMs === comesAtMs),
  );
  ChatLayerSchema.parse(chat);
});

test('as many stay in sight during a flood as there may be, until others come on air', () => {
  let chat = chatOf({ maxMessages: 20 });
  const inSight = (nowMs: number): number =>
    chat.messages.filter(
      ({ atMs, removedAtMs }) => atMs <= nowMs && (removedAtMs ?? Infinity) > nowMs,
    ).length;
  for (let nowMs = 1_000_000; nowMs < 1_003_000; nowMs += 5) {
    chat = appended(chat, messageOf(`m${nowMs}`, nowMs), nowMs);
    assert.ok(chat.messages.length <= 80, `${chat.messages.length} messages are kept`);
    if (nowMs >= 1_000_800) assert.equal(inSight(nowMs), 20, `at ${nowMs}`);
  }
});

test('a message comes, stays, and goes by its age', () => {
  const chat = chatOf({ ttlMs: 5000, messageEnter: { type: 'fade', easing: 'linear' } });
  const message = messageOf('a', 1000);
  assert.equal(presenceAt(message, chat, 999), null);
  assert.equal(presenceAt(message, chat, 1000)?.opacity, 0);
  assert.equal(presenceAt(message, chat, 1175)?.entered, 0.5);
  assert.deepEqual(presenceAt(message, chat, 3000), { entered: 1, room: 1, opacity: 1, aside: 0 });
  assert.equal(presenceAt(message, chat, 6200)?.opacity, 0);
  assert.equal(presenceAt(message, chat, 6200)?.room, 1);
  assert.equal(presenceAt(message, chat, 6400), null);
});

test('presence is within its bounds at all times, whatever the times are', () => {
  const types = fc.constantFrom('slide', 'fade', 'none');
  fc.assert(
    fc.property(
      ...[types, types, fc.nat({ max: 5000 }), fc.nat({ max: 9000 })],
      fc.option(fc.nat({ max: 5000 })),
      (enter, exit, atMs, nowMs, removedAtMs) => {
        const chat = chatOf({ messageEnter: { type: enter }, messageExit: { type: exit } });
        const presence = presenceAt({ atMs, removedAtMs }, chat, nowMs);
        if (presence === null) return;
        for (const share of [presence.room, presence.opacity])
          assert.ok(share >= 0 && share <= 1, String(share));
        assert.ok(nowMs >= atMs);
      },
    ),
  );
});

test('messages of which nobody could read each come together, in order, soon after they were sent', () => {
  const quiet = filled(chatOf(), ['a', 'b', 'c'], 200);
  assert.deepEqual(
    quiet.messages.map(({ atMs }) => atMs),
    [200, 400, 600],
  );
  let chat = chatOf({ maxMessages: 30 });
  const delaysMs: number[] = [];
  for (let i = 0; i < 300; i++) {
    const nowMs = 1_000_000 + i * 10;
    chat = appended(chat, messageOf(`m${i}`, nowMs), nowMs);
    delaysMs.push((chat.messages.at(-1)?.atMs ?? 0) - nowMs);
  }
  assert.ok(delaysMs.slice(0, 10).every((delayMs) => delayMs === 0));
  // Which of them do is known a while before, and they are there within six tenths of a second.
  assert.ok(delaysMs.slice(10).every((delayMs) => delayMs >= FLOOD_AHEAD_MS && delayMs <= 600));
  const moments = chat.messages.map(({ atMs }) => atMs);
  assert.deepEqual(
    moments,
    moments.toSorted((a, b) => a - b),
  );
  // Three seconds of it come in some eight moments, not in three hundred.
  assert.ok(new Set(moments).size <= 4, `${new Set(moments).size} moments`);
  // A message that somebody has dated ahead by far keeps none of those that are sent.
  const dated = appended(chatOf({ messages: [messageOf('x', 9_000_000)] }), messageOf('y', 5), 5);
  assert.equal(dated.messages.at(-1)?.atMs, 5);
  // When it is quiet again, the next comes at once.
  const later = appended(chat, messageOf('later', 1_010_000), 1_010_000);
  assert.equal(later.messages.at(-1)?.atMs, 1_010_000);
});
