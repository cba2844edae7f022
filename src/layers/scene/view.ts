import type { LayerView } from '../../render/piece.js';
import type { LayerOf } from '../../scene/schema/layer.js';
import { noSpans, type KindView } from '../kind-view.js';

/** What is in it is drawn, layer by layer: it has no pieces of its own. */
const view = (): LayerView => ({ width: 0, height: 0, pieces: [] });

/** How the kind is drawn. */
export const SCENE_VIEW: KindView<LayerOf<'scene'>> = {
  create: () => view,
  dependsOn: 'moment',
  pictures: null,
  spans: noSpans,
  size: 'shape',
  isStretched: false,
};
