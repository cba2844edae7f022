/** An object of JSON of which nothing is known yet. */
export type JsonObject = { [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects in a list; none when it is no list. */
export function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** All objects in a value, each before what it contains. */
export function* allObjects(value: unknown): Generator<JsonObject> {
  if (typeof value !== 'object' || value === null) return;
  if (isObject(value)) yield value;
  for (const inner of Object.values(value)) yield* allObjects(inner);
}

/** The layers of the animation and of all its compositions. */
export function allLayers({ layers, assets }: JsonObject): JsonObject[] {
  return [
    ...objectsIn(layers),
    ...objectsIn(assets).flatMap((asset) => objectsIn(asset['layers'])),
  ];
}
