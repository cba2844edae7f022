import { guessedLineArea } from '../../scene/load/guessed-line.js';
import { none, type LayerDocument } from '../document.js';
import { ChatLayerSchema, type ChatLayer } from './schema.js';

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
export const CHAT: LayerDocument<typeof ChatLayerSchema> = {
  schema: ChatLayerSchema,
  example: {
    id: 'chat',
    type: 'chat',
    x: 1400,
    y: 200,
    width: 460,
    height: 780,
    ttlMs: 120_000,
    box: { color: '#00000099', padding: { x: 14, y: 8 }, cornerRadius: 12 },
    messages: [{ id: 'welcome', author: 'Mira', text: 'Good evening!' }],
  },
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
