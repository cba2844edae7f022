import type { LayerInput } from '../../src/scene/schema/layer.js';
import { sheet, TAKEN_AT_MS } from './sheet.js';

type ChatInput = Extract<LayerInput, { type: 'chat' }>;
type MessageInput = NonNullable<ChatInput['messages']>[number];

let count = 0;

/** A message that came so many milliseconds after the scene. */
function says(
  author: string,
  text: string,
  afterMs = -60_000,
  fields: Partial<MessageInput> = {},
): MessageInput {
  return { id: `m${++count}`, author, text, atMs: TAKEN_AT_MS + afterMs, ...fields };
}

const EMOTES = [
  { token: 'GlowHeart', asset: 'glow' },
  { token: ':card:', asset: 'card' },
];

const TALK = [
  says('Mira', 'Good evening from Lisbon!'),
  says(
    'kestrel_91',
    'that frame GlowHeart GlowHeart is worth more than the painting :card:',
    -50_000,
    {
      emotes: EMOTES,
      badges: ['card'],
    },
  ),
  says('Jonas', '14 ETH', -40_000),
  says('أمل', 'مساء الخير (14 ETH) لكم', -30_000),
  says('さくら', '今日の作品はとても素敵ですね！', -20_000),
];

function chat(x: number, y: number, fields: Partial<ChatInput>): LayerInput {
  return {
    id: `chat${x}-${y}`,
    type: 'chat',
    x,
    y,
    width: 145,
    height: 160,
    fontSize: 13,
    spacing: 5,
    messages: TALK,
    ...fields,
  };
}

sheet('chat-orders', [
  chat(10, 10, {}),
  chat(165, 10, {
    order: 'top-down',
    box: { color: '#00000080', padding: { x: 8, y: 4 }, cornerRadius: 8 },
    authorStyle: { separator: '  ' },
  }),
]);

const HOSTILE = [
  says(
    `Z${'\u0337\u0321\u0302\u0346\u0310'.repeat(12)}algo`,
    `up${'\u030d\u030e\u0304'.repeat(40)} down`,
  ),
  says('\u202eevil', 'turns \u202eeverything\u2069\u2069 round', -50_000),
  says('flood', 'A'.repeat(300), -40_000),
  says('lines', 'one\n\n\n\n\ntwo\ttabbed\u0000', -30_000),
  says('<b>', '{{bid.amount}} & <script>', -20_000, { authorColor: '#ff8080' }),
];

sheet('chat-hostile', [
  chat(10, 10, { messages: HOSTILE, maxLines: 3 }),
  chat(165, 10, {
    messages: HOSTILE.slice(3),
    stroke: { width: 1.5 },
    fontWeight: 600,
    border: { width: 1, color: '#ffffff40' },
  }),
]);

/** One comes from each side, one is removed in the middle, the first one grows too old. */
function lively(enter: ChatInput['messageEnter'], exit: ChatInput['messageExit']): ChatInput {
  return {
    id: 'lively',
    type: 'chat',
    x: 10,
    y: 10,
    width: 300,
    height: 160,
    fontSize: 15,
    box: { color: '#304060', padding: { x: 8, y: 4 }, cornerRadius: 10 },
    spacing: 6,
    ttlMs: 30_000,
    messageEnter: enter,
    messageExit: exit,
    messages: [
      says('old', 'I am about to go of old age', -29_600),
      says('Mira', 'still here', -20_000),
      says('spam', 'BUY FOLLOWERS', -10_000, { removedAtMs: TAKEN_AT_MS + 300 }),
      says('Jonas', 'and I stay', -5000),
      says('kestrel', 'just came, and takes two lines because of all that it says in here', 200),
      says('late', 'right behind', 350),
    ],
  };
}

for (const timeMs of [300, 500, 700])
  sheet(
    `chat-at-${timeMs}-ms`,
    [lively({ type: 'slide', from: 'left' }, { type: 'slide', to: 'right' })],
    { timeMs },
  );

sheet('chat-fading', [lively({ type: 'fade' }, {})], { timeMs: 420 });
