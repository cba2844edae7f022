import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** `statm` counts in pages; all machines that the service runs on have pages of 4 KiB but some ARM servers. */
const PAGE_BYTES = 4096;

/** Memory of all child processes of one kind, in bytes. */
export type ChildMemory = { readonly kind: string; readonly bytes: number };

/**
 * Memory that the child processes of all threads hold, by what they do; null where the system does not tell (it needs
 * Linux with /proc/…/children).
 */
export async function readChildMemory(): Promise<ChildMemory[] | null> {
  try {
    const threads = await readdir('/proc/self/task');
    const lists = await Promise.all(
      threads.map((thread) => readOrNull(`/proc/self/task/${thread}/children`)),
    );
    if (lists.every((list) => list === null)) return null;
    const pids = lists.flatMap((list) => list?.match(/\d+/g) ?? []);
    const sums = new Map<string, number>();
    for (const { kind, bytes } of await Promise.all(pids.map(readChild)))
      sums.set(kind, (sums.get(kind) ?? 0) + bytes);
    return [...sums].map(([kind, bytes]) => ({ kind, bytes }));
  } catch {
    return null;
  }
}

async function readChild(pid: string): Promise<ChildMemory> {
  // A child that has just ended has no file any more, and no memory.
  const [statm, args] = await Promise.all([
    readOrNull(`/proc/${pid}/statm`),
    readOrNull(`/proc/${pid}/cmdline`),
  ]);
  return {
    kind: kindOf(args?.split('\0') ?? []),
    bytes: Number(statm?.split(' ')[1] ?? 0) * PAGE_BYTES,
  };
}

/** FFmpeg is recognised by an option of its own; a Node.js process is named as its script, the rest as its program. */
function kindOf(args: readonly string[]): string {
  if (args.includes('-fpre')) return 'relay';
  if (args.includes('-enc_time_base:v')) return 'encoder';
  const script = args.find((arg) => /\.[cm]?js$/.test(arg));
  return basename(script ?? args[0] ?? '', '.js') || 'other';
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
