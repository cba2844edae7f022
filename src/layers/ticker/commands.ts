import { AppError } from '../../core/errors.js';
import { SCENE_LIMITS } from '../../scene/limits.js';
import type { Layer } from '../../scene/schema/layer.js';
import { TickerItemSchema, type TickerItem } from '../../scene/schema/ticker-item.js';
import type { Change } from '../../state/change.js';
import type { CommandOf } from '../../state/command.js';
import { editLayer, type LayerKind } from '../../state/edit-layer.js';
import type { ServiceState } from '../../state/model.js';
import { spentItems, type MeasureTicker } from '../../state/ticker-anchors.js';
import { validate } from '../../state/validate.js';
import type { TickerLayer } from './schema.js';

function isTicker(layer: Layer): layer is TickerLayer {
  return layer.type === 'ticker';
}

const TICKER: LayerKind<TickerLayer> = { name: 'ticker', isOf: isTicker };

/** The items of a ticker that a change is made to, without those that will never be seen again. */
function itemsAt(
  state: ServiceState,
  { sceneId, atMs }: CommandOf<'ticker.push' | 'ticker.remove'>,
  layer: TickerLayer,
  measureTicker: MeasureTicker | null,
): readonly TickerItem[] {
  const items = layer.items ?? [];
  if (measureTicker === null) return items;
  const isOnAir = state.program.sceneId === sceneId;
  // Items without a moment begin when the scene does: as long as that is not on air, they have not begun.
  if (!isOnAir && items.some(({ atMs: cameAtMs }) => cameAtMs === null)) return items;
  const spent = spentItems(state, { sceneId, layerId: layer.id }, atMs, measureTicker);
  return items.filter((_, i) => !spent.has(i));
}

/**
 * Puts items at the end of the queue.
 * @throws AppError SM_SCENE_UNKNOWN, SM_LAYER_UNKNOWN, SM_LAYER_KIND, SM_LAYER_FULL, SM_REQUEST_INVALID
 */
export function pushItems(
  state: ServiceState,
  command: CommandOf<'ticker.push'>,
  measureTicker: MeasureTicker | null,
): Change {
  const added = command.items.map((item) => validate(TickerItemSchema, item, 'item'));
  return editLayer(state, command, TICKER, (before) => {
    if (before.items === null && before.text !== undefined) {
      throw new AppError(
        'SM_LAYER_KIND',
        `The ticker ${before.id} shows a fixed text. Convert it to a queue first: PATCH the layer with {"items": []}.`,
      );
    }
    const items = [...itemsAt(state, command, before, measureTicker), ...added];
    if (items.length > SCENE_LIMITS.tickerItems) {
      throw new AppError(
        'SM_LAYER_FULL',
        `The ticker ${before.id} would have ${items.length} items; the limit is ${SCENE_LIMITS.tickerItems}. Remove some, or wait until they have passed.`,
      );
    }
    return { layer: { ...before, items }, type: 'ticker.pushed', data: { items: added } };
  });
}

/**
 * Takes one item out of the queue, or all of them: they enter no more.
 * @throws AppError SM_SCENE_UNKNOWN, SM_LAYER_UNKNOWN, SM_LAYER_KIND, SM_ITEM_UNKNOWN
 */
export function removeItems(
  state: ServiceState,
  command: CommandOf<'ticker.remove'>,
  measureTicker: MeasureTicker | null,
): Change {
  const { itemId, atMs } = command;
  return editLayer(state, command, TICKER, (before) => {
    const isMeant = ({ id, removedAtMs }: TickerItem): boolean =>
      removedAtMs === null && (itemId === null || id === itemId);
    if (itemId !== null && !(before.items ?? []).some(isMeant)) {
      throw new AppError(
        'SM_ITEM_UNKNOWN',
        `The ticker ${before.id} has no item ${itemId}; it may already have been removed.`,
      );
    }
    const type = itemId === null ? 'ticker.cleared' : 'ticker.removed';
    const data = itemId === null ? {} : { itemId };
    if (!(before.items ?? []).some(isMeant)) return { layer: before, type, data };
    const items = itemsAt(state, command, before, measureTicker).map((item) =>
      isMeant(item) ? { ...item, removedAtMs: atMs } : item,
    );
    return { layer: { ...before, items }, type, data };
  });
}
