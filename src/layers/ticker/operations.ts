import { z } from 'zod';
import { IdSchema } from '../../scene/schema/values.js';
import {
  TICKER_ITEM_CONTENT,
  TickerItemSchema,
  type TickerItem,
} from '../../scene/schema/ticker-item.js';
import type { OperationContext } from '../../api/context.js';
import { jsonOperation, NO_BODY, NO_CONTENT, type Operation } from '../../api/operation.js';
import { readOnly } from '../../api/read-only.js';
import { createId, momentOf } from '../../api/operations/deps.js';
import { LAYER_PARAMS, resolveSceneId } from '../../api/operations/scene-lookup.js';

const PATH = '/api/scenes/{sceneId}/layers/{layerId}/items';

const NewItemSchema = z.strictObject({
  id: IdSchema.optional(),
  ...TICKER_ITEM_CONTENT,
  atMs: readOnly(TickerItemSchema.shape.atMs),
  removedAtMs: readOnly(TickerItemSchema.shape.removedAtMs),
});

const PushSchema = z
  .strictObject({ items: z.array(NewItemSchema).min(1).max(50) })
  .meta({ id: 'TickerPush' });

const PushedSchema = z
  .strictObject({ items: z.array(TickerItemSchema) })
  .meta({ id: 'TickerItems' });

const ERRORS = ['SM_SCENE_UNKNOWN', 'SM_LAYER_UNKNOWN', 'SM_LAYER_KIND'] as const;

/** Takes an item off the queue; null: all of them. */
async function removeItems(
  context: OperationContext,
  params: z.output<typeof LAYER_PARAMS>,
  itemId: string | null,
): Promise<null> {
  const address = { ...params, sceneId: resolveSceneId(context.state, params.sceneId) };
  const { atMs } = momentOf(context.now(), undefined);
  await context.dispatch({ type: 'ticker.remove', ...address, itemId, atMs });
  return null;
}

const PUSH = jsonOperation({
  name: 'ticker.push',
  summary: 'Append items to a ticker',
  description:
    'Items that are already visible keep their positions. Items that have passed are removed from a ticker that does not loop.',
  tag: 'scenes',
  method: 'POST',
  transactional: true,
  path: PATH,
  status: 201,
  params: LAYER_PARAMS,
  body: PushSchema,
  output: PushedSchema,
  errors: [...ERRORS, 'SM_LAYER_FULL'],
  example: {
    items: [
      { text: 'Lot 43 opens at nine' },
      { id: 'weather', text: 'Lisbon 24 °C', color: '#ffd84a', image: 'sun' },
    ],
  },
  handle: async (context, params, { items: sent }) => {
    const address = { ...params, sceneId: resolveSceneId(context.state, params.sceneId) };
    const { atMs } = momentOf(context.now(), undefined);
    const items = sent.map((item): TickerItem => ({
      ...item,
      id: item.id ?? createId(),
      atMs,
      removedAtMs: null,
    }));
    await context.dispatch({ type: 'ticker.push', ...address, items, atMs });
    return { items };
  },
});

const REMOVE = jsonOperation({
  name: 'ticker.remove',
  summary: 'Remove an item from a ticker',
  description:
    'The item no longer enters. If it is visible, it continues until it has left the ticker.',
  tag: 'scenes',
  method: 'DELETE',
  transactional: true,
  path: `${PATH}/{itemId}`,
  status: 204,
  params: LAYER_PARAMS.extend({ itemId: IdSchema }),
  body: NO_BODY,
  output: NO_CONTENT,
  errors: [...ERRORS, 'SM_ITEM_UNKNOWN'],
  example: {},
  handle: (context, { itemId, ...params }) => removeItems(context, params, itemId),
});

const CLEAR = jsonOperation({
  name: 'ticker.clear',
  summary: 'Remove all items from a ticker',
  description: 'No further items enter. Visible items continue until they have left the ticker.',
  tag: 'scenes',
  method: 'DELETE',
  transactional: true,
  path: PATH,
  status: 204,
  params: LAYER_PARAMS,
  body: NO_BODY,
  output: NO_CONTENT,
  errors: [...ERRORS],
  example: {},
  handle: (context, params) => removeItems(context, params, null),
});

/** Operations on the queues of tickers. */
export const TICKER_OPERATIONS: readonly Operation[] = [PUSH, REMOVE, CLEAR];
