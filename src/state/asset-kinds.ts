import { walkLayers } from '../scene/layer-tree.js';
import type { LayerComplaint } from '../scene/schema/check-layers.js';
import type { Layer, LayerType } from '../scene/schema/layer.js';
import type { Asset, ServiceState } from './model.js';

/** Which type of layer shows an asset of a kind, and what the asset is called; layer null: none shows it. */
const SHOWN_BY: Readonly<
  Record<Asset['kind'], { readonly layer: LayerType | null; readonly name: string }>
> = {
  picture: { layer: 'image', name: 'a picture' },
  film: { layer: 'image', name: 'an animated picture' },
  svg: { layer: 'image', name: 'a drawing' },
  lottie: { layer: 'lottie', name: 'a Lottie animation' },
  video: { layer: 'video', name: 'a video' },
  font: { layer: null, name: 'a font' },
  audio: { layer: null, name: 'a sound' },
};

/** What is to be done in place of showing it; null: layers of this type show it. */
function complaintAbout(type: LayerType, { id, kind }: Asset): string | null {
  const { layer, name } = SHOWN_BY[kind];
  if (layer === type) return null;
  return layer === null
    ? `must name another asset: ${id} is ${name}, which no layer shows`
    : `must name another asset: ${id} is ${name}. Use a layer of the type ${layer} for it`;
}

/**
 * Layers with assets that layers of their type do not show. What an asset is, is known once its content is there: a layer that was
 * written before fails when it is shown.
 */
export function checkAssetKinds(
  { assets }: ServiceState,
  layers: readonly Layer[],
): LayerComplaint[] {
  return [...walkLayers(layers)].flatMap(({ layer, path }) => {
    if (layer.type !== 'image' && layer.type !== 'video' && layer.type !== 'lottie') return [];
    const asset = assets.find(({ id }) => id === layer.asset);
    if (asset === undefined || asset.contentHash === null) return [];
    const message = complaintAbout(layer.type, asset);
    return message === null ? [] : [{ path: [...path, 'asset'], message }];
  });
}
