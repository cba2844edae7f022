import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Only for the service's own user: the state holds stream keys. */
const FILE_MODE = 0o600;

/**
 * Puts a text in a file so that a crash or a power cut at any moment leaves the old text or the new one, whole: written
 * next to it, synced, renamed, and the folder synced so that the new name survives too. `beforeRename` runs in between.
 * A write that stops half way on a full disk is an error here and leaves the file as it was (write-file-atomic 7 does
 * not look at how much was written, and puts the truncated text in its place).
 */
export async function writeDurably(
  path: string,
  text: string,
  beforeRename: () => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  const temporaryPath = `${path}.writing`;
  try {
    await writeSynced(temporaryPath, text).catch(async (error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      await mkdir(folder, { recursive: true });
      await writeSynced(temporaryPath, text);
    });
    await beforeRename();
    await rename(temporaryPath, path);
  } catch (error) {
    // On a full disk, half a file takes the room that others need.
    await rm(temporaryPath, { force: true }).catch(() => undefined);
    throw error;
  }
  const folderHandle = await open(folder);
  try {
    await folderHandle.sync();
  } finally {
    await folderHandle.close();
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', FILE_MODE);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
