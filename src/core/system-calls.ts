/** Null where its binary is missing: then there are no such calls, and all else goes on. */
const koffi = await import('koffi').then(
  (module) => module.default,
  () => null,
);

type Argument = Uint8Array | number | string | readonly (string | null)[] | null;
export type SystemCall = (...args: readonly Argument[]) => number;

/**
 * A function of the C library that Node.js has none for; null where there is none. The one owner of koffi.
 * @param prototype - as C declares it, with `void *` for what is a `Uint8Array`, or null, and `const char **` for a list of texts
 * that ends with null
 */
export function systemCall(prototype: string): SystemCall | null {
  if (koffi === null || process.platform !== 'linux') return null;
  try {
    const found = koffi.load(null).func(prototype);
    return (...args) => Number(found(...args));
  } catch {
    return null;
  }
}
