import { readdir, readFile } from 'node:fs/promises';

/** `statm` counts in pages; all machines that the service runs on have pages of 4 KiB but some ARM servers. */
const PAGE_BYTES = 4096;

/**
 * Memory that the child processes of all threads (encoder, relays) hold, in bytes; null where the system does not tell
 * (it needs Linux with /proc/…/children).
 */
export async function readChildMemoryBytes(): Promise<number | null> {
  try {
    const threads = await readdir('/proc/self/task');
    const lists = await Promise.all(
      threads.map((thread) => readOrNull(`/proc/self/task/${thread}/children`)),
    );
    if (lists.every((list) => list === null)) return null;
    const children = lists.flatMap((list) => list?.match(/\d+/g) ?? []);
    const pages = await Promise.all(
      children.map(async (pid) => {
        // A child that has just ended has no file any more, and no memory.
        const statm = await readOrNull(`/proc/${pid}/statm`);
        return Number(statm?.split(' ')[1] ?? 0);
      }),
    );
    return pages.reduce((sum, count) => sum + count, 0) * PAGE_BYTES;
  } catch {
    return null;
  }
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
