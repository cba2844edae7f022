import { z } from 'zod';
import { type Layer, type LayerType, LayerSchema } from './layer.js';

/** The least and the most that a number may be. */
export type Bounds = {
  readonly lowest: number;
  readonly highest: number;
  readonly isWhole: boolean;
};

/** For what no schema bounds: small enough to be reckoned with exactly. */
const WIDEST: Bounds = { lowest: -1_000_000, highest: 1_000_000, isWhole: false };

/** The schema below defaults and the like. */
function unwrapped(schema: unknown): unknown {
  let inner = schema;
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodLazy
  )
    inner = inner.unwrap();
  return inner;
}

/** Whether an option of a union can be meant by a value. Only the outline counts: the value is a valid one. */
function fits(option: unknown, value: unknown): boolean {
  const inner = unwrapped(option);
  if (inner instanceof z.ZodUnion) return inner.options.some((one: unknown) => fits(one, value));
  if (inner instanceof z.ZodArray) return Array.isArray(value);
  if (inner instanceof z.ZodNumber) return typeof value === 'number';
  if (!(inner instanceof z.ZodObject)) return false;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const kind: unknown = inner.shape['type'];
  const own: unknown = Reflect.get(value, 'type');
  const isOfKind = !(kind instanceof z.ZodLiteral) || [...kind.values].some((one) => one === own);
  return isOfKind && Object.keys(value).every((key) => Object.hasOwn(inner.shape, key));
}

function numberAt(schema: unknown, value: unknown, keys: readonly string[]): z.ZodNumber | null {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodUnion) {
    const option: unknown = inner.options.find((one: unknown) => fits(one, value));
    return option === undefined ? null : numberAt(option, value, keys);
  }
  const [key, ...rest] = keys;
  if (key === undefined) return inner instanceof z.ZodNumber ? inner : null;
  const next: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  if (inner instanceof z.ZodArray) return numberAt(inner.element, next, rest);
  if (inner instanceof z.ZodObject) return numberAt(inner.shape[key], next, rest);
  return null;
}

const layerSchemas = new Map<LayerType, unknown>(
  LayerSchema.options.flatMap((option) =>
    [...option.shape.type.values].map((type): [LayerType, unknown] => [type, option]),
  ),
);

/** What a numeric field of a layer may be while it moves, by its path: what its schema says. */
export function boundsOf(layer: Layer, path: string): Bounds {
  const number = numberAt(layerSchemas.get(layer.type), layer, path.split('.'));
  if (number === null) return WIDEST;
  return {
    lowest: Math.max(number.minValue ?? WIDEST.lowest, WIDEST.lowest),
    highest: Math.min(number.maxValue ?? WIDEST.highest, WIDEST.highest),
    isWhole: number.format === 'safeint' || number.format === 'int32',
  };
}

/** The number nearest to one that is within bounds. */
export function bounded({ lowest, highest, isWhole }: Bounds, value: number): number {
  const within = Math.min(highest, Math.max(lowest, value));
  return isWhole ? Math.round(within) : within;
}
