import { appendMessage, clearChat, removeMessage } from './chat/commands.js';
import { controlStopwatch } from './stopwatch/commands.js';
import { pushItems, removeItems } from './ticker/commands.js';
import { controlVideo } from './video/commands.js';

/** How the state takes commands that are for layers of one kind alone. */
export const KIND_COMMANDS = {
  'stopwatch.control': controlStopwatch,
  'video.control': controlVideo,
  'ticker.push': pushItems,
  'ticker.remove': removeItems,
  'chat.append': appendMessage,
  'chat.remove': removeMessage,
  'chat.clear': clearChat,
} as const;
