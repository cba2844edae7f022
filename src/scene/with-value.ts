/** A copy of an object or a list with the value at the end of a path replaced. What has to lie on the way is made. */
export function withValue(
  target: unknown,
  [key = '', ...rest]: readonly (string | number)[],
  value: unknown,
): unknown {
  if (Array.isArray(target)) {
    return target.map((item: unknown, i) =>
      i !== Number(key) ? item : rest.length === 0 ? value : withValue(item, rest, value),
    );
  }
  const entries = new Map<string, unknown>(
    Object.entries(typeof target === 'object' && target !== null ? target : {}),
  );
  const name = String(key);
  entries.set(name, rest.length === 0 ? value : withValue(entries.get(name), rest, value));
  return Object.fromEntries(entries);
}
