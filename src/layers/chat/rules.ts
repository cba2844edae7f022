import { guessedLineArea } from '../../scene/load/guessed-line.js';
import { none, type LayerRules } from '../kind-rules.js';
import type { ChatLayer } from './schema.js';

/** Messages that have room, the box behind each, and their pictures. */
function partsOf(layer: ChatLayer): number {
  const lineHeight = Math.max(1, layer.fontSize * layer.lineHeight);
  const room = 1 + Math.ceil(layer.height / (lineHeight + layer.spacing));
  const shown = layer.messages.slice(-Math.min(layer.maxMessages, room));
  const pictures = shown.reduce(
    (sum, { emotes, badges }) => sum + emotes.length + badges.length,
    0,
  );
  return 1 + 2 * shown.length + pictures;
}

/** Messages of people, as documents know them. What strangers write is no template. */
export const CHAT_RULES: LayerRules<ChatLayer> = {
  textFields: [],
  fixedFields: [
    'maxMessages',
    'ttlMs',
    'authorStyle.fontWeight',
    'messages',
    'messageEnter',
    'messageExit',
  ],
  itemsById: null,
  check: none,
  checkWritten: none,
  assets: ({ messages }) =>
    messages.flatMap(({ emotes, badges }) => [...badges, ...emotes.map(({ asset }) => asset)]),
  parts: partsOf,
  itemsPerPart: 1,
  isMoving: true,
  hasOverlaps: false,
  coveredArea: guessedLineArea,
};
