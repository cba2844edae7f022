import { systemCall } from '../core/system-calls.js';

/** Of Linux, see madvise(2): the pages go back at once, and read as zeros when they are touched again. */
const MADV_DONTNEED = 4;

const advise = systemCall('int madvise(void *address, size_t bytes, int advice)');

/**
 * Gives the pages of a range of shared memory back to the system, which neither WebAssembly nor Node.js can: 0.1 ms for each
 * megabyte that was written. Nobody may use the range meanwhile; it reads as zeros afterwards.
 * @param start - of the range, bytes, a multiple of the size of a page, as is `bytes`
 * @returns whether it was done; where the system has no such call, pages stay
 */
export function giveBackPages(memory: WebAssembly.Memory, start: number, bytes: number): boolean {
  if (advise === null) return false;
  return advise(new Uint8Array(memory.buffer, start, bytes), bytes, MADV_DONTNEED) === 0;
}
