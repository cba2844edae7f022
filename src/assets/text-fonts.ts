import { namesOfFont } from '../scene/font-families.js';
import type { Asset } from '../state/model.js';
import type { NamedFont } from '../fonts/catalogue.js';

/** The uploaded fonts that texts in drawings and animations may name. */
export function textFonts(
  assets: readonly Asset[],
  fontPathOf: (asset: Asset) => string | null,
): NamedFont[] {
  return assets.flatMap((asset) => {
    const path = fontPathOf(asset);
    if (asset.font === null || path === null) return [];
    return namesOfFont(asset.id, asset.font.family).map((family) => ({ family, path }));
  });
}

/** The names of fonts that are there in one of two states of the assets, or are another font in them. */
export function changedFamilies(
  before: readonly Asset[],
  after: readonly Asset[],
): ReadonlySet<string> {
  const namesIn = (assets: readonly Asset[]): Map<string, string> => {
    const names = new Map<string, string>();
    for (const { id, font, contentHash, renditionHash } of assets) {
      if (font === null || contentHash === null) continue;
      for (const name of namesOfFont(id, font.family)) {
        const key = name.toLowerCase();
        names.set(key, `${names.get(key) ?? ''} ${contentHash} ${renditionHash}`);
      }
    }
    return names;
  };
  const [old, now] = [namesIn(before), namesIn(after)];
  return new Set([...old.keys(), ...now.keys()].filter((name) => old.get(name) !== now.get(name)));
}
