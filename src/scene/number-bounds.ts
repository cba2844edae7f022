import { SCHEMA_FACTS, type NumberOutline, type Outline } from './schema-facts.js';
import type { Layer } from './schema/layer.js';

/** The least and the most that a number may be. */
export type Bounds = {
  readonly lowest: number;
  readonly highest: number;
  readonly isWhole: boolean;
};

/** For what no schema bounds: small enough to be reckoned with exactly. */
const WIDEST: Bounds = { lowest: -1_000_000, highest: 1_000_000, isWhole: false };

/** Whether an option of a union can be meant by a value. Only the outline counts: the value is a valid one. */
function fits(option: Outline, value: unknown): boolean {
  switch (option?.kind) {
    case 'union':
      return option.options.some((one) => fits(one, value));
    case 'list':
      return Array.isArray(value);
    case 'number':
      return typeof value === 'number';
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
      const type: unknown = Reflect.get(value, 'type');
      const isOfKind = option.types === null || option.types.some((one) => one === type);
      return isOfKind && Object.keys(value).every((key) => Object.hasOwn(option.fields, key));
    }
    default:
      return false;
  }
}

function numberAt(outline: Outline, value: unknown, keys: readonly string[]): NumberOutline | null {
  if (outline?.kind === 'union') {
    const option = outline.options.find((one) => fits(one, value));
    return option === undefined ? null : numberAt(option, value, keys);
  }
  const [key, ...rest] = keys;
  if (key === undefined) return outline?.kind === 'number' ? outline : null;
  const next: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  if (outline?.kind === 'list') return numberAt(outline.element, next, rest);
  if (outline?.kind === 'object') return numberAt(outline.fields[key] ?? null, next, rest);
  return null;
}

/** What a numeric field of a layer may be while it moves, by its path: what its schema says. */
export function boundsOf(layer: Layer, path: string): Bounds {
  const number = numberAt(SCHEMA_FACTS.layers[layer.type], layer, path.split('.'));
  if (number === null) return WIDEST;
  return {
    lowest: Math.max(number.lowest ?? WIDEST.lowest, WIDEST.lowest),
    highest: Math.min(number.highest ?? WIDEST.highest, WIDEST.highest),
    isWhole: number.isWhole,
  };
}

/** The number nearest to one that is within bounds. */
export function bounded({ lowest, highest, isWhole }: Bounds, value: number): number {
  const within = Math.min(highest, Math.max(lowest, value));
  return isWhole ? Math.round(within) : within;
}
