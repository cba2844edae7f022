import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from './logger.js';

/**
 * Folders for files that are needed for a moment. Their names say whose they are, so that the next start can remove what a
 * process left behind that was killed: `stream-manager-<pid>-<start>-<namespace>-<random>`.
 */
const NAME = /^stream-manager-(\d+)-(\d+)-(\d+)-[^-]+$/;

/** Where `starttime` stands in /proc/<pid>/stat behind the program's name, which may hold anything (proc(5)). */
const START_FIELD = 19;

/** When a process started, in ticks since the system did: with it a number that is used again is another process. */
function startTicks(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[START_FIELD] ?? null;
  } catch {
    return null;
  }
}

/** The namespace in which process numbers count; 0 where the system does not tell. */
function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Makes a folder in `parent` that only this user can read. The caller removes it. */
export function makeScratchFolder(parent: string): Promise<string> {
  const { pid } = process;
  const owner = `${pid}-${startTicks(pid) ?? '0'}-${pidNamespace()}`;
  return mkdtemp(join(parent, `stream-manager-${owner}-`));
}

/** Whether the process that made a folder of this name has certainly ended. Names that are not ours are of no dead one. */
function isOfDeadProcess(name: string): boolean {
  const [, pid = '', start = '', namespace = ''] = NAME.exec(name) ?? [];
  if (pid === '' || namespace !== pidNamespace()) return false;
  if (!isRunning(Number(pid))) return true;
  const now = startTicks(Number(pid));
  return now !== null && start !== '0' && now !== start;
}

/** Removes the folders in `parent` whose processes have ended; never one of a process that runs. Answers their names. */
export async function sweepScratchFolders(parent: string): Promise<string[]> {
  const dead = (await readdir(parent)).filter(isOfDeadProcess);
  const removed = await Promise.allSettled(
    dead.map(async (name) => {
      await rm(join(parent, name), { recursive: true, force: true });
      return name;
    }),
  );
  // What another user has left is not ours to remove.
  return removed.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** Removes what killed processes have left in the folder for temporary files. Never rejects: what fails is logged. */
export async function removeLeftovers(logger: Logger): Promise<void> {
  try {
    const names = await sweepScratchFolders(tmpdir());
    if (names.length > 0) logger.info({ names }, 'removed temporary files of a killed process');
  } catch (error) {
    logger.warn({ err: error }, 'temporary files of killed processes could not be removed');
  }
}
