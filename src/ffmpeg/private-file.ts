import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In memory where there is such a folder; else where temporary files are. */
const FOLDERS = ['/dev/shm', tmpdir()];

/**
 * A file that holds `text` and has no name: whoever inherits its descriptor can read it from the start, nobody else can.
 * The caller closes it. It is how a child process gets what its arguments would show to everybody on the machine.
 * @throws Error when no folder for temporary files can be written
 */
export function openPrivateFile(text: string): number {
  const file = openUnnamed();
  const bytes = Buffer.from(text);
  try {
    // At given places: the descriptor itself stays at the start of the file.
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, at);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function openUnnamed(): number {
  const { O_RDWR, O_CREAT, O_EXCL } = constants;
  let problem: unknown = null;
  for (const folder of FOLDERS) {
    const path = join(folder, `stream-manager-${randomUUID()}`);
    try {
      const file = openSync(path, O_RDWR | O_CREAT | O_EXCL, 0o600);
      unlinkSync(path);
      return file;
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}
