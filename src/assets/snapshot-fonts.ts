import { createHash } from 'node:crypto';
import { familiesIn, namesOfFont, withFontFamilies } from '../scene/font-families.js';
import type { FontSource, SceneSnapshot } from '../scene/snapshot.js';
import type { Asset } from '../state/model.js';

type Shown = Pick<SceneSnapshot, 'scene' | 'nested'>;

/** A name for a set of files, the same as long as they are: the renderer never forgets what it has once registered. */
function familyOf(files: readonly { readonly contentHash: string }[]): string {
  const hash = createHash('sha256');
  for (const { contentHash } of files.toSorted((a, b) => (a.contentHash < b.contentHash ? -1 : 1)))
    hash.update(contentHash);
  return `font-${hash.digest('hex').slice(0, 24)}`;
}

type FontFile = { readonly path: string; readonly contentHash: string };

/** The files of uploaded fonts by the names that a part of a scene uses for them. */
function filesByName(
  part: unknown,
  assets: readonly Asset[],
  fontPathOf: (asset: Asset) => string | null,
): Map<string, FontFile[]> {
  const used = familiesIn(part);
  const byName = new Map<string, FontFile[]>();
  for (const asset of assets) {
    const { id, font, contentHash } = asset;
    const path = font === null ? null : fontPathOf(asset);
    if (font === null || contentHash === null || path === null) continue;
    for (const name of namesOfFont(id, font.family)) {
      if (used.has(name)) byName.set(name, [...(byName.get(name) ?? []), { path, contentHash }]);
    }
  }
  return byName;
}

/** What uploaded fonts are registered as, by the names that a part of a scene uses for them. */
export function fontNamesOf(part: unknown, assets: readonly Asset[]): Map<string, string> {
  const files = filesByName(part, assets, () => '');
  return new Map([...files].map(([name, own]) => [name, familyOf(own)]));
}

/**
 * What a snapshot draws with the names of uploaded fonts replaced by those that they are registered as, and the
 * fonts. Several assets of one family are one family: its weights and styles.
 */
export function withFonts<T extends Shown>(
  shown: T,
  assets: readonly Asset[],
  fontPathOf: (asset: Asset) => string | null,
): T & Pick<SceneSnapshot, 'fonts'> {
  const byName = filesByName(shown, assets, fontPathOf);
  const names = new Map([...byName].map(([name, files]) => [name, familyOf(files)]));
  const fonts = new Map<string, FontSource>();
  for (const files of byName.values()) {
    const family = familyOf(files);
    for (const { path } of files) fonts.set(`${family} ${path}`, { family, path });
  }
  return { ...withFontFamilies(shown, names), fonts: [...fonts.values()] };
}
