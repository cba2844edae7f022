import type { Scene } from './schema/scene.js';

/** How texts name an uploaded font by its asset: `asset:` and the id. */
const BY_ID = 'asset:';

type Rename = (family: string) => string;

/** Font families are written in fields of this name, wherever in a layer they stand. */
const FIELD = 'fontFamily';

function visit(node: unknown, rename: Rename): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === FIELD && typeof value === 'string')
      Reflect.set(node, key, value.split(',').map(rename).join(','));
    else visit(value, rename);
  }
}

const known = new WeakMap<Scene, ReadonlySet<string>>();

/** The families that texts of a scene name, scenes in it left out. */
export function fontFamiliesOf(scene: Scene): ReadonlySet<string> {
  const before = known.get(scene);
  if (before !== undefined) return before;
  const families = familiesIn(scene.layers);
  known.set(scene, families);
  return families;
}

/** The families that are named anywhere in a part of a scene. */
export function familiesIn(part: unknown): ReadonlySet<string> {
  const families = new Set<string>();
  // In a copy, since scenes are frozen: each name is put back as it was.
  visit(structuredClone(part), (name) => {
    families.add(name.trim());
    return name;
  });
  return families;
}

/** A scene with families renamed; the very scene when it names none of these. */
export function withFontFamilies(scene: Scene, names: ReadonlyMap<string, string>): Scene {
  const used = fontFamiliesOf(scene);
  if (![...names.keys()].some((name) => used.has(name))) return scene;
  const copy = structuredClone(scene);
  visit(copy.layers, (name) => names.get(name.trim()) ?? name);
  return copy;
}

/** Ids of the assets that families name. */
export function assetsInFamilies(families: ReadonlySet<string>): string[] {
  return [...families].flatMap((name) =>
    name.startsWith(BY_ID) ? [name.slice(BY_ID.length)] : [],
  );
}

/** Families that come with the service: an uploaded font of such a name does not take their place in every text. */
const SHIPPED = new Set(['Inter', 'Noto Color Emoji']);

/** The names by which texts may call a font: that of its asset, and its own if that is free. */
export function namesOfFont(assetId: string, family: string): string[] {
  return [`${BY_ID}${assetId}`, ...(SHIPPED.has(family) ? [] : [family])];
}

/** Whether texts name a font by its own family. */
export function isNamed(family: string, families: ReadonlySet<string>): boolean {
  return families.has(family) && !SHIPPED.has(family);
}
