import { rulesOf } from '../../layers/rules.js';
import type { Layer } from '../schema/layer.js';

/** A text of a layer and where it stands. */
export type TextField = { readonly path: readonly (string | number)[]; readonly text: string };

/** The texts of a layer that may hold placeholders. */
export function textFieldsOf(layer: Layer): TextField[] {
  return rulesOf(layer).textFields.flatMap((pattern) => find(layer, pattern.split('.'), []));
}

function find(
  value: unknown,
  [key, ...rest]: readonly string[],
  path: readonly (string | number)[],
): TextField[] {
  if (key === undefined) return typeof value === 'string' ? [{ path, text: value }] : [];
  if (key === '*' && Array.isArray(value)) {
    const items: unknown[] = value;
    return items.flatMap((item, i) => find(item, rest, [...path, i]));
  }
  if (key === '*' && typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, item]) => find(item, rest, [...path, name]));
  if (typeof value !== 'object' || value === null) return [];
  const inner = new Map<string, unknown>(Object.entries(value)).get(key);
  return find(inner, rest, [...path, key]);
}
