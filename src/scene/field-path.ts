/** The value at a path of names and indices with dots between (`filters.0.amount`); undefined when there is none. */
export function valueAt(target: unknown, path: string): unknown {
  let value = target;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** A copy of an object or a list with the value at the end of a path replaced. What is beside the path is shared. */
export function withValue(
  target: unknown,
  [key = '', ...rest]: readonly string[],
  value: unknown,
): unknown {
  if (Array.isArray(target)) {
    return target.map((item: unknown, i) =>
      i !== Number(key) ? item : rest.length === 0 ? value : withValue(item, rest, value),
    );
  }
  const fields = typeof target === 'object' && target !== null ? target : {};
  const entries = new Map<string, unknown>(Object.entries(fields));
  entries.set(key, rest.length === 0 ? value : withValue(entries.get(key), rest, value));
  return Object.fromEntries(entries);
}
