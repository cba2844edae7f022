/**
 * Merges a patch into a document as in RFC 7396, and mutates neither. Where the RFC removes a member (null), the result
 * has it as `undefined`: to a schema that is the same as missing, but the name is still seen, so that a misspelt one is
 * refused rather than ignored. Members of the patch that are `undefined` count as omitted.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    merged.set(name, value === null ? undefined : mergePatch(merged.get(name), value));
  }
  // fromEntries defines members rather than assigning them, so `__proto__` is a name like any other.
  return Object.fromEntries(merged);
}

/** Merges a patch into a value just as RFC 7396 says: what is null in the patch is gone, also deep inside. */
export function mergeValue(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else if (value !== undefined) merged.set(name, mergeValue(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

/** Takes out, in place, the members of a fresh object that are there but undefined. */
export function dropUndefined<T extends object>(fresh: T): T {
  for (const [name, value] of Object.entries(fresh)) {
    if (value === undefined) Reflect.deleteProperty(fresh, name);
  }
  return fresh;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
