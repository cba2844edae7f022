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
    description: 'Colour of the author name. Null: a colour derived from the name.',
  }),
  text: z.string().max(LIMITS.chatTextChars),
  emotes: z
    .array(
      z.strictObject({
        token: z
          .string()
          .max(64)
          .regex(/^\S+$/, 'must be a word without spaces')
          .meta({ description: 'Word that is replaced by the picture.', example: 'Kappa' }),
        asset: IdSchema,
      }),
    )
    .max(LIMITS.chatEmotesPerMessage)
    .default([])
    .meta({
      description: 'Pictures that replace words. If a picture is missing, the word is shown.',
    }),
  badges: z
    .array(IdSchema)
    .max(LIMITS.chatBadgesPerMessage)
    .default([])
    .meta({ description: 'Ids of assets that are shown before the author name.' }),
};

/** A message of a chat, as it is kept. */
export const ChatMessageSchema = z
  .strictObject({
    id: ChatMessageIdSchema,
    ...CHAT_MESSAGE_CONTENT,
    atMs: MomentMsSchema.default(0).meta({
      description:
        'Time at which the message appears, in milliseconds since 1970. At twenty or more messages per second, messages appear in groups, 200 to 600 ms after they were sent.',
    }),
    removedAtMs: MomentMsSchema.nullable().default(null).meta({
      description:
        'Time at which the message was removed, in milliseconds since 1970. A removed message is kept until it is no longer visible.',
    }),
  })
  .meta({ id: 'ChatMessage' });
export type ChatMessage = z.infer<typeof ChatMessageSchema>;
