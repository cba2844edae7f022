import type { LayerDocument } from '../document.js';
import { ChatLayerSchema } from './schema.js';

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
};
