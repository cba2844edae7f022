/** How texts name an uploaded font by its asset: `asset:` and the id. */
const BY_ID = 'asset:';

/** Font families are written in fields of this name, wherever in a layer they stand. */
const FIELD = 'fontFamily';

/** A family as a text names it. */
export type FontFamily = {
  readonly name: string;
  /** Without quotes, the words of CSS such as `monospace` are no names. */
  readonly isQuoted: boolean;
};

/** A name in quotes, which may have commas, or all up to the next comma. */
const NAME = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^,"']+))\s*/gy;

/** The families of a list as CSS reads it (https://www.w3.org/TR/css-fonts-4/#font-family-prop); what is no name is left out. */
export function parseFontFamilies(list: string): FontFamily[] {
  const families: FontFamily[] = [];
  for (let at = 0; at < list.length;) {
    NAME.lastIndex = at;
    const match = NAME.exec(list);
    if (match === null) {
      at++;
      continue;
    }
    at += match[0].length;
    const quoted = match[1] ?? match[2];
    const name = (quoted ?? match[3] ?? '').replace(/\\(.)/g, '$1').replace(/\s+/g, ' ').trim();
    if (name !== '') families.push({ name, isQuoted: quoted !== undefined });
  }
  return families;
}

/** What is the same for names that CSS takes for the same: it has no regard to case. Ids of assets are case-sensitive. */
function keyOf(name: string): string {
  return name.startsWith(BY_ID) ? name : name.toLowerCase();
}

function toList(families: readonly FontFamily[], names: ReadonlyMap<string, string>): string {
  return families
    .map(({ name, isQuoted }) => names.get(keyOf(name)) ?? (isQuoted ? JSON.stringify(name) : name))
    .join(', ');
}

function rename(node: unknown, names: ReadonlyMap<string, string>): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === FIELD && typeof value === 'string')
      Reflect.set(node, key, toList(parseFontFamilies(value), names));
    else rename(value, names);
  }
}

const known = new WeakMap<object, ReadonlySet<string>>();
const NONE: ReadonlySet<string> = new Set();

/**
 * The families that are named anywhere in scenes or parts of them, as `namesOfFont` writes them. What is asked for is
 * immutable.
 */
export function familiesIn(part: unknown): ReadonlySet<string> {
  if (typeof part !== 'object' || part === null) return NONE;
  const before = known.get(part);
  if (before !== undefined) return before;
  const families = new Set<string>();
  for (const [key, value] of Object.entries(part)) {
    const inside =
      key === FIELD && typeof value === 'string'
        ? parseFontFamilies(value).map(({ name }) => keyOf(name))
        : familiesIn(value);
    for (const name of inside) families.add(name);
  }
  const found = families.size === 0 ? NONE : families;
  known.set(part, found);
  return found;
}

/** Scenes or parts of them with families renamed, by what `namesOfFont` calls them; the very ones when they name none of these. */
export function withFontFamilies<T>(part: T, names: ReadonlyMap<string, string>): T {
  const used = familiesIn(part);
  if (![...names.keys()].some((name) => used.has(name))) return part;
  const copy = structuredClone(part);
  rename(copy, names);
  return copy;
}

/** Ids of the assets that families name. */
export function assetsInFamilies(families: ReadonlySet<string>): string[] {
  return [...families].flatMap((name) =>
    name.startsWith(BY_ID) ? [name.slice(BY_ID.length)] : [],
  );
}

/** Families that come with the service: an uploaded font of such a name does not take their place in every text. */
const SHIPPED = new Set(['inter', 'noto color emoji']);

/** The names by which texts may call a font: that of its asset, and its own in small letters if that is free. */
export function namesOfFont(assetId: string, family: string): string[] {
  const own = keyOf(family);
  return [`${BY_ID}${assetId}`, ...(SHIPPED.has(own) ? [] : [own])];
}

/** Whether texts name a font by its own family. */
export function isNamed(family: string, families: ReadonlySet<string>): boolean {
  return families.has(keyOf(family)) && !SHIPPED.has(keyOf(family));
}
