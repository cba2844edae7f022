import { AppError } from '../../core/errors.js';
import { appended, withoutMessages } from './messages.js';
import type { Layer } from '../../scene/schema/layer.js';
import { ChatMessageSchema } from '../../scene/schema/chat-message.js';
import type { Change } from '../../state/change.js';
import type { CommandOf } from '../../state/command.js';
import { editLayer, type LayerKind } from '../../state/edit-layer.js';
import type { ServiceState } from '../../state/model.js';
import { validate } from '../../state/validate.js';
import type { ChatLayer } from './schema.js';

function isChat(layer: Layer): layer is ChatLayer {
  return layer.type === 'chat';
}

const CHAT: LayerKind<ChatLayer> = { name: 'chat', isOf: isChat };

/** @throws AppError SM_SCENE_UNKNOWN, SM_LAYER_UNKNOWN, SM_LAYER_KIND, SM_REQUEST_INVALID */
export function appendMessage(state: ServiceState, command: CommandOf<'chat.append'>): Change {
  const message = validate(ChatMessageSchema, command.message, 'message');
  return editLayer(state, command, CHAT, (before) => {
    const layer = appended(before, message, message.atMs);
    const kept = layer.messages.findLast(({ id }) => id === message.id) ?? message;
    return { layer, type: 'chat.appended', data: { message: kept } };
  });
}

/**
 * Lets one message go.
 * @throws AppError SM_SCENE_UNKNOWN, SM_LAYER_UNKNOWN, SM_LAYER_KIND, SM_MESSAGE_UNKNOWN
 */
export function removeMessage(state: ServiceState, command: CommandOf<'chat.remove'>): Change {
  const { messageId, atMs } = command;
  return editLayer(state, command, CHAT, (before) => {
    const layer = withoutMessages(before, ({ id }) => id === messageId, atMs);
    if (layer === before) {
      throw new AppError(
        'SM_MESSAGE_UNKNOWN',
        `The chat ${before.id} has no message ${messageId}; it may already have been removed.`,
      );
    }
    return { layer, type: 'chat.removed', data: { messageId } };
  });
}

/**
 * Lets all messages go, or those of one author.
 * @throws AppError SM_SCENE_UNKNOWN, SM_LAYER_UNKNOWN, SM_LAYER_KIND
 */
export function clearChat(state: ServiceState, command: CommandOf<'chat.clear'>): Change {
  const { author, atMs } = command;
  return editLayer(state, command, CHAT, (before) => ({
    layer: withoutMessages(before, (one) => author === null || one.author === author, atMs),
    type: 'chat.cleared',
    data: { author },
  }));
}
