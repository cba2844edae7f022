/** Null where its binary is missing: then pages stay, and all else goes on. */
const koffi = await import('koffi').then(
  (module) => module.default,
  () => null,
);

/** Of Linux, see madvise(2): the pages go back at once, and read as zeros when they are touched again. */
const MADV_DONTNEED = 4;

type Advise = (address: Uint8Array, bytes: number, advice: number) => unknown;

let advise: Advise | null | undefined;

function findAdvise(): Advise | null {
  if (koffi === null || process.platform !== 'linux') return null;
  try {
    const found = koffi.load(null).func('int madvise(void *address, size_t bytes, int advice)');
    return (address, bytes, advice): unknown => found(address, bytes, advice);
  } catch {
    return null;
  }
}

/**
 * Gives the pages of a range of shared memory back to the system, which neither WebAssembly nor Node.js can: 0.1 ms for each
 * megabyte that was written. Nobody may use the range meanwhile; it reads as zeros afterwards.
 * @param start - of the range, bytes, a multiple of the size of a page, as is `bytes`
 * @returns whether it was done; where the system has no such call, pages stay
 */
export function giveBackPages(memory: WebAssembly.Memory, start: number, bytes: number): boolean {
  advise ??= findAdvise();
  if (advise === null) return false;
  return advise(new Uint8Array(memory.buffer, start, bytes), bytes, MADV_DONTNEED) === 0;
}
