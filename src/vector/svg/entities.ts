import { brokenSvg, SVG_LIMITS } from './errors.js';

const ENTITY = /<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"]*)"|'([^']*)')\s*>/g;
const CHARACTER = /&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi;
const REFERENCE = /&([A-Za-z_][\w.-]*);/g;
const MAX_ENTITIES = 200;

function characterOf(whole: string, hex: string | undefined, decimal: string | undefined): string {
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}

/**
 * What a document type declares as short for something else: drawing programs do so for names of namespaces. Those
 * that stand for files or addresses are left out, so that naming one is an error.
 * @param doctype - the declaration without `<!DOCTYPE` and `>`
 * @throws AppError SM_ASSET_BROKEN when they would become too much
 */
export function entitiesOf(doctype: string): ReadonlyMap<string, string> {
  const entities = new Map<string, string>();
  let length = 0;
  for (const [, name = '', double, single] of doctype.matchAll(ENTITY)) {
    if (entities.has(name)) continue;
    const value = (double ?? single ?? '')
      .replace(CHARACTER, characterOf)
      .replace(REFERENCE, (whole, inner: string) => entities.get(inner) ?? whole);
    length += value.length;
    if (length > SVG_LIMITS.entityText || entities.size >= MAX_ENTITIES)
      throw brokenSvg('its document type declares too much. Save it as plain SVG.');
    entities.set(name, value);
  }
  return entities;
}
