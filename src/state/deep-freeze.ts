/**
 * Freezes a value and all that it holds, and gives it back. A part that is frozen already is taken to be frozen all the
 * way down, so freezing the next state costs only what is new in it.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  const parts: unknown[] = Object.values(value);
  for (const part of parts) deepFreeze(part);
  return value;
}
