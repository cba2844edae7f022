import { z } from 'zod';
import { SCENE_LIMITS } from '../../scene/limits.js';
import { toSafeText } from './safe-text.js';
import {
  CHAT_MESSAGE_CONTENT,
  ChatMessageIdSchema,
  ChatMessageSchema,
  type ChatMessage,
} from '../../scene/schema/chat-message.js';
import { jsonOperation, NO_BODY, NO_CONTENT, type Operation } from '../../api/operation.js';
import { readOnly } from '../../api/read-only.js';
import { createId, momentOf } from '../../api/operations/deps.js';
import { LAYER_PARAMS, resolveSceneId } from '../../api/operations/scene-lookup.js';

const PATH = '/api/scenes/{sceneId}/layers/{layerId}/messages';

const NewMessageSchema = z
  .strictObject({
    id: ChatMessageIdSchema.optional(),
    ...CHAT_MESSAGE_CONTENT,
    atMs: readOnly(ChatMessageSchema.shape.atMs),
    removedAtMs: readOnly(ChatMessageSchema.shape.removedAtMs),
  })
  .meta({ id: 'NewChatMessage' });

const CLEAR_PARAMS = LAYER_PARAMS.extend({
  author: z
    .string()
    .max(SCENE_LIMITS.chatAuthorChars)
    .optional()
    .meta({ description: 'Removes only messages of this author. Default: all messages.' }),
});

/** A message as it is kept: names and words without what only steers them. */
function toMessage(sent: z.output<typeof NewMessageSchema>, atMs: number): ChatMessage {
  return {
    ...sent,
    id: sent.id ?? createId(),
    author: toSafeText(sent.author),
    text: toSafeText(sent.text),
    atMs,
    removedAtMs: null,
  };
}

const APPEND = jsonOperation({
  name: 'chat.append',
  summary: 'Add a message to a chat',
  description:
    'A message with an existing id replaces that message. Control characters, bidirectional overrides and stacked combining marks are removed from names and texts.',
  tag: 'scenes',
  method: 'POST',
  transactional: true,
  path: PATH,
  status: 201,
  params: LAYER_PARAMS,
  body: NewMessageSchema,
  output: ChatMessageSchema,
  errors: ['SM_SCENE_UNKNOWN', 'SM_LAYER_UNKNOWN', 'SM_LAYER_KIND'],
  example: {
    author: 'Mira',
    text: 'Sold! PogChamp',
    emotes: [{ token: 'PogChamp', asset: 'emote-pog' }],
  },
  handle: async (context, { layerId, ...params }, sent) => {
    const sceneId = resolveSceneId(context.state, params.sceneId);
    const message = toMessage(sent, momentOf(context.now(), undefined).atMs);
    await context.dispatch({ type: 'chat.append', sceneId, layerId, message });
    return message;
  },
});

const REMOVE = jsonOperation({
  name: 'chat.remove',
  summary: 'Remove a message from a chat',
  description: 'The message leaves with the animation set in `messageExit`.',
  tag: 'scenes',
  method: 'DELETE',
  transactional: true,
  path: `${PATH}/{messageId}`,
  status: 204,
  params: LAYER_PARAMS.extend({ messageId: ChatMessageIdSchema }),
  body: NO_BODY,
  output: NO_CONTENT,
  errors: ['SM_SCENE_UNKNOWN', 'SM_LAYER_UNKNOWN', 'SM_LAYER_KIND', 'SM_MESSAGE_UNKNOWN'],
  example: {},
  handle: async (context, { layerId, messageId, ...params }) => {
    const sceneId = resolveSceneId(context.state, params.sceneId);
    const { atMs } = momentOf(context.now(), undefined);
    await context.dispatch({ type: 'chat.remove', sceneId, layerId, messageId, atMs });
    return null;
  },
});

const CLEAR = jsonOperation({
  name: 'chat.clear',
  summary: 'Remove all messages of a chat, or all messages of one author',
  tag: 'scenes',
  method: 'DELETE',
  transactional: true,
  path: PATH,
  status: 204,
  params: CLEAR_PARAMS,
  body: NO_BODY,
  output: NO_CONTENT,
  errors: ['SM_SCENE_UNKNOWN', 'SM_LAYER_UNKNOWN', 'SM_LAYER_KIND'],
  example: {},
  handle: async (context, { layerId, author, ...params }) => {
    const sceneId = resolveSceneId(context.state, params.sceneId);
    const { atMs } = momentOf(context.now(), undefined);
    const whose = author === undefined ? null : toSafeText(author);
    await context.dispatch({ type: 'chat.clear', sceneId, layerId, author: whose, atMs });
    return null;
  },
});

/** Operations on the messages of chats. */
export const CHAT_OPERATIONS: readonly Operation[] = [APPEND, REMOVE, CLEAR];
