import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../limits.js';
import { TEXT_STYLE, TextBoxSchema, TextStrokeSchema } from '../text-style.js';
import {
  ColorSchema,
  EasingSchema,
  ExtentPxSchema,
  IdSchema,
  MomentMsSchema,
  numberBetween,
} from '../values.js';
import { BASE_FIELDS } from './base.js';

/** Ids of messages are those of the platforms they come from. */
export const ChatMessageIdSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/,
    'must be 1 to 128 letters, digits, . _ ~ or -, and begin with a letter or digit',
  )
  .meta({ example: 'b34ccfc7-4977' });

/** What a message says, without the book-keeping. */
export const CHAT_MESSAGE_CONTENT = {
  author: z.string().max(LIMITS.chatAuthorChars).default(''),
  authorColor: ColorSchema.nullable().default(null).meta({
    description: 'Null: one that is always the same for this author.',
  }),
  text: z.string().max(LIMITS.chatTextChars),
  emotes: z
    .array(
      z.strictObject({
        token: z
          .string()
          .max(64)
          .regex(/^\S+$/, 'must be a word without spaces')
          .meta({ description: 'The word that the picture stands for.', example: 'Kappa' }),
        asset: IdSchema,
      }),
    )
    .max(LIMITS.chatEmotesPerMessage)
    .default([])
    .meta({
      description: 'Pictures that take the place of words. Of a missing one the word is shown.',
    }),
  badges: z
    .array(IdSchema)
    .max(LIMITS.chatBadgesPerMessage)
    .default([])
    .meta({ description: 'Assets that are shown before the author.' }),
};

/** A message of a chat, as it is kept. */
export const ChatMessageSchema = z
  .strictObject({
    id: ChatMessageIdSchema,
    ...CHAT_MESSAGE_CONTENT,
    atMs: MomentMsSchema.default(0).meta({
      description:
        'When it comes on air, milliseconds since 1970. Where twenty a second and more are sent, they come together, up to 400 ms after they were sent.',
    }),
    removedAtMs: MomentMsSchema.nullable().default(null).meta({
      description: 'When it was removed: it is kept until it has gone out of sight.',
    }),
  })
  .meta({ id: 'ChatMessage' });
export type ChatMessage = z.infer<typeof ChatMessageSchema>;

const DurationMsSchema = numberBetween(0, LIMITS.chatMotionMs);

/** Messages of people, newest at one edge; they come and go by operations, and by age. */
export const ChatLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('chat'),
  width: ExtentPxSchema,
  height: ExtentPxSchema,
  ...TEXT_STYLE,
  fontSize: numberBetween(1, LIMITS.fontSizePx).default(28),
  lineHeight: numberBetween(0.5, 5)
    .default(1.3)
    .meta({ description: 'Multiple of the font size.' }),
  stroke: TextStrokeSchema.nullable().default(null),
  authorStyle: z
    .strictObject({
      fontWeight: z.int().min(100).max(900).default(700),
      color: ColorSchema.nullable().default(null).meta({
        description: 'Of all authors; null: each has a colour of their own.',
      }),
      separator: z.string().max(8).default(': '),
    })
    .prefault({}),
  box: TextBoxSchema.nullable().default(null).meta({ description: 'Behind each message.' }),
  spacing: numberBetween(0, LIMITS.spacingPx).default(10).meta({
    description: 'Pixels between messages.',
  }),
  maxLines: numberBetween(1, LIMITS.textLines).default(6).meta({
    description: 'Lines of a message; what does not fit is left out, and … says so.',
  }),
  order: z.enum(['bottom-up', 'top-down']).default('bottom-up').meta({
    description: 'Whether the newest message is at the bottom or at the top.',
  }),
  maxMessages: z.int().min(1).max(LIMITS.chatShownMessages).default(50).meta({
    description: 'With one more, the oldest leaves.',
  }),
  ttlMs: numberBetween(1, LIMITS.chatTtlMs).nullable().default(null).meta({
    description: 'How long a message stays, milliseconds; null: until others take its place.',
  }),
  messageEnter: z
    .strictObject({
      type: z.enum(['slide', 'fade', 'none']).default('slide'),
      from: z.enum(['edge', 'left', 'right']).default('edge').meta({
        description: 'Where slide comes from; edge is the one at which the newest message stands.',
      }),
      durationMs: DurationMsSchema.default(350),
      easing: EasingSchema.default('ease-out-cubic'),
    })
    .prefault({})
    .meta({ description: 'How a message comes, while the others make room for it.' }),
  messageExit: z
    .strictObject({
      type: z.enum(['slide', 'fade', 'none']).default('fade'),
      to: z.enum(['left', 'right']).default('left').meta({ description: 'Where slide goes to.' }),
      durationMs: DurationMsSchema.default(400),
      easing: EasingSchema.default('ease-in-out'),
    })
    .prefault({})
    .meta({ description: 'How a message goes, before the others take its room.' }),
  messages: z.array(ChatMessageSchema).max(LIMITS.chatMessages).default([]).meta({
    description: 'Oldest first.',
  }),
});
