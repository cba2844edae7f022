import { CHAT_VIEW } from './chat/view.js';
import { CLOCK_VIEW } from './clock/view.js';
import { COUNTDOWN_VIEW } from './countdown/view.js';
import { GROUP_VIEW } from './group/view.js';
import { IMAGE_VIEW } from './image/view.js';
import { INPUT_VIEW } from './input/view.js';
import { LOTTIE_VIEW } from './lottie/view.js';
import { METER_VIEW } from './meter/view.js';
import { PATTERN_VIEW } from './pattern/view.js';
import { PROGRESS_VIEW } from './progress/view.js';
import { QR_VIEW } from './qr/view.js';
import { SCENE_VIEW } from './scene/view.js';
import { SHAPE_VIEW } from './shape/view.js';
import { SPECTRUM_VIEW } from './spectrum/view.js';
import { STOPWATCH_VIEW } from './stopwatch/view.js';
import { TABLE_VIEW } from './table/view.js';
import { TEXT_VIEW } from './text/view.js';
import { TICKER_VIEW } from './ticker/view.js';
import { TIMER_VIEW } from './timer/view.js';
import { VIDEO_VIEW } from './video/view.js';
import { VOTE_VIEW } from './vote/view.js';
import type { LayerView, ViewContext } from '../render/piece.js';
import type { CompiledLayer } from '../scene/resolve.js';
import type { Layer, LayerOf, LayerType } from '../scene/schema/layer.js';
import type { KindView } from './kind-view.js';

/** How each kind of layer is drawn: the compiler asks for those that are missing. */
const VIEWS: { readonly [T in LayerType]: KindView<LayerOf<T>> } = {
  image: IMAGE_VIEW,
  lottie: LOTTIE_VIEW,
  video: VIDEO_VIEW,
  input: INPUT_VIEW,
  text: TEXT_VIEW,
  shape: SHAPE_VIEW,
  pattern: PATTERN_VIEW,
  qr: QR_VIEW,
  progress: PROGRESS_VIEW,
  table: TABLE_VIEW,
  vote: VOTE_VIEW,
  meter: METER_VIEW,
  spectrum: SPECTRUM_VIEW,
  ticker: TICKER_VIEW,
  clock: CLOCK_VIEW,
  countdown: COUNTDOWN_VIEW,
  timer: TIMER_VIEW,
  stopwatch: STOPWATCH_VIEW,
  chat: CHAT_VIEW,
  scene: SCENE_VIEW,
  group: GROUP_VIEW,
};

/** How the kind of a layer is drawn. */
export function kindViewOf<T extends LayerType>(layer: { readonly type: T }): KindView<LayerOf<T>> {
  return VIEWS[layer.type];
}

/** What any layer shows at a moment. */
export type ViewLayer = (layer: Layer, context: ViewContext, compiled: CompiledLayer) => LayerView;

/** Views of layers of all kinds. */
export function createLayerViews(): ViewLayer {
  const views = new Map<LayerType, ViewLayer>();
  return (layer, context, compiled) => {
    const view = views.get(layer.type) ?? kindViewOf(layer).create();
    views.set(layer.type, view);
    return view(layer, context, compiled);
  };
}
