import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { ColorSchema, IdSchema, MomentMsSchema } from './values.js';

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
