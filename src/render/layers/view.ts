import type { CompiledLayer } from '../../scene/resolve.js';
import type { Layer } from '../../scene/schema/layer.js';
import { createChatView } from './chat.js';
import { viewImage } from './image.js';
import { viewLottie } from './lottie.js';
import type { LayerView, ViewContext } from './piece.js';
import { viewPattern } from './pattern.js';
import { createProgressView } from './progress.js';
import { viewQr } from './qr.js';
import { createShapeView } from './shape.js';
import { createTableView } from './table.js';
import { viewText } from './text.js';
import { createTickerView } from './ticker.js';
import { createTimeView } from './time.js';

/** What any layer shows at a moment. */
export type ViewLayer = (layer: Layer, context: ViewContext, compiled: CompiledLayer) => LayerView;

/** The table of layer kinds: a new kind is a file beside this one and a line below. */
export function createLayerViews(): ViewLayer {
  const viewChat = createChatView();
  const viewProgress = createProgressView();
  const viewShape = createShapeView();
  const viewTable = createTableView();
  const viewTicker = createTickerView();
  const viewTime = createTimeView();
  return (layer, context, compiled) => {
    switch (layer.type) {
      case 'image':
        return viewImage(layer, context, compiled);
      case 'lottie':
        return viewLottie(layer, context, compiled);
      case 'text':
        return viewText(layer, context, compiled);
      case 'shape':
        return viewShape(layer, context, compiled);
      case 'pattern':
        return viewPattern(layer, context, compiled);
      case 'qr':
        return viewQr(layer, context, compiled);
      case 'progress':
        return viewProgress(layer, context);
      case 'table':
        return viewTable(layer, context);
      case 'ticker':
        return viewTicker(layer, context, compiled);
      case 'clock':
      case 'countdown':
      case 'timer':
      case 'stopwatch':
        return viewTime(layer, context, compiled);
      case 'chat':
        return viewChat(layer, context, compiled);
      case 'scene':
      case 'group':
        return { width: 0, height: 0, pieces: [] };
    }
  };
}

const TIMELESS: ReadonlySet<Layer['type']> = new Set([
  'text',
  'shape',
  'pattern',
  'qr',
  'progress',
  'table',
]);

/** Whether the view of a layer that does not move depends on nothing but the layer, so that it can be kept. */
export function isTimeless(layer: Layer): boolean {
  return TIMELESS.has(layer.type);
}

/** Whether pieces of a layer lie on each other, so that it fades as one. */
export function hasOverlaps(layer: Layer): boolean {
  return layer.type === 'progress' || layer.type === 'table';
}
