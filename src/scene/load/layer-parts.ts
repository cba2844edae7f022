import type { Layer, LayerOf } from '../schema/layer.js';
import { isCutByMask, opensBuffer } from './layer-work.js';

/** How many parts a layer is drawn in at the most: cells, messages and items count as layers do. */
export function partsOf(layer: Layer): number {
  switch (layer.type) {
    case 'table':
      return tableParts(layer);
    case 'chat':
      return chatParts(layer);
    case 'ticker':
      return 1 + 2 * Math.max(1, layer.items?.length ?? 0);
    case 'progress':
      return layer.style === 'segments' ? 1 + layer.segments : 3;
    default:
      return 1;
  }
}

/** Rows that are shown, each with an area behind it and a text for each column. */
function tableParts(layer: LayerOf<'table'>): number {
  const step = Math.max(1, layer.rowHeight + layer.rowGap);
  const room = layer.height === undefined ? Infinity : Math.ceil(layer.height / step);
  const rows = Math.min(layer.rows.length, layer.maxRows ?? Infinity, room);
  const columns = layer.columns.length + (layer.rank ? 1 : 0);
  return 1 + (rows + (layer.header.visible ? 1 : 0)) * (1 + columns);
}

/** Messages that have room, the box behind each, and their pictures. */
function chatParts(layer: LayerOf<'chat'>): number {
  const lineHeight = Math.max(1, layer.fontSize * layer.lineHeight);
  const room = 1 + Math.ceil(layer.height / (lineHeight + layer.spacing));
  const shown = layer.messages.slice(-Math.min(layer.maxMessages, room));
  const pictures = shown.reduce(
    (sum, { emotes, badges }) => sum + emotes.length + badges.length,
    0,
  );
  return 1 + 2 * shown.length + pictures;
}

/** Digits of a time that are drawn one by one. */
const TIME_ITEMS = 12;

/** Draw items of a layer: its parts, and what buffers, masks and filters add. */
export function itemsOf(layer: Layer): number {
  const filters = layer.filters.filter(({ type }) => type !== 'blur').length;
  return (
    partsOf(layer) * (isTime(layer) ? TIME_ITEMS : 1) +
    (opensBuffer(layer) ? 2 + filters : 0) +
    (layer.mask === null ? 0 : 3) +
    (isCutByMask(layer) ? 5 : 0)
  );
}

/** Whether a layer is another one, or elsewhere, in every frame. */
export function isMoving(layer: Layer): boolean {
  return (
    layer.animations.length > 0 ||
    isTime(layer) ||
    layer.type === 'ticker' ||
    layer.type === 'lottie' ||
    layer.type === 'chat'
  );
}

function isTime({ type }: Layer): boolean {
  return type === 'clock' || type === 'countdown' || type === 'timer' || type === 'stopwatch';
}
