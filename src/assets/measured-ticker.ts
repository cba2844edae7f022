import type { LayerOf } from '../scene/schema/layer.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { Asset } from '../state/model.js';
import { fontNamesOf } from './snapshot-fonts.js';
import { withFontFamilies } from '../scene/font-families.js';

type Ticker = LayerOf<'ticker'>;

/**
 * A ticker as it is drawn with the pictures and fonts of assets, for whoever measures it: what has no content yet is not
 * there. Files are not looked at.
 */
export function measuredTicker(
  layer: Ticker,
  assets: readonly Asset[],
): { readonly layer: Ticker; readonly pictures: SceneSnapshot['pictures'] } {
  const shown = new Set((layer.items ?? []).map(({ image }) => image));
  const pictures = assets.flatMap((asset): [string, SceneSnapshot['pictures'][string]][] => {
    const { id, contentHash, width, height, kind } = asset;
    if (!shown.has(id) || contentHash === null || width === null || height === null) return [];
    const source = { contentHash, path: '', width, height };
    return [[id, kind === 'lottie' ? null : source]];
  });
  const hasContent = ({ kind, contentHash }: Asset): boolean =>
    kind === 'font' && contentHash !== null;
  const names = fontNamesOf(layer, assets.filter(hasContent));
  return { layer: withFontFamilies(layer, names), pictures: Object.fromEntries(pictures) };
}
