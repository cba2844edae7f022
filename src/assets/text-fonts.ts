import { namesOfFont } from '../scene/font-families.js';
import type { Asset } from '../state/model.js';
import type { FontFile } from '../vector/fonts/font-set.js';
import { shippedFontFiles } from '../vector/fonts/shipped.js';

/** The fonts that texts in drawings and animations may name: shipped ones, then uploaded ones. */
export function textFonts(
  assets: readonly Asset[],
  fontPathOf: (asset: Asset) => string | null,
): FontFile[] {
  const uploaded = assets.flatMap((asset): FontFile[] => {
    const path = fontPathOf(asset);
    if (asset.font === null || path === null) return [];
    const { family, weight, style } = asset.font;
    return [
      {
        path,
        index: 0,
        families: namesOfFont(asset.id, family),
        weight,
        isItalic: style === 'italic',
      },
    ];
  });
  return [...shippedFontFiles(), ...uploaded];
}

/** The names of fonts that are there in one of two states of the assets, or are another font in them. */
export function changedFamilies(
  before: readonly Asset[],
  after: readonly Asset[],
): ReadonlySet<string> {
  const namesIn = (assets: readonly Asset[]): Map<string, string> => {
    const names = new Map<string, string>();
    for (const { id, font, contentHash } of assets) {
      if (font === null || contentHash === null) continue;
      for (const name of namesOfFont(id, font.family)) {
        const key = name.toLowerCase();
        names.set(key, `${names.get(key) ?? ''} ${contentHash}`);
      }
    }
    return names;
  };
  const [old, now] = [namesIn(before), namesIn(after)];
  return new Set([...old.keys(), ...now.keys()].filter((name) => old.get(name) !== now.get(name)));
}
