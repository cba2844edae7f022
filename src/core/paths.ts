import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Finds the nearest folder at or above `fromUrl` that holds `name`. @throws Error when there is none. */
function findUp(fromUrl: string, name: string): string {
  let folder = dirname(fileURLToPath(fromUrl));
  while (!existsSync(join(folder, name))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`No ${name} at or above ${fileURLToPath(fromUrl)}`);
    folder = parent;
  }
  return folder;
}

/** Folder of package.json: where node_modules, fonts and the documents are. */
export const PACKAGE_ROOT = findUp(import.meta.url, 'package.json');

/** Folder of the compiled code this file runs from (`dist` in production): holds `src`, `workers`, `kernels.wasm`. */
export const BUILD_ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What runs in threads and processes of its own: the names of the files in `workers/` without the ending. */
export type WorkerEntry =
  | 'compositor'
  | 'mixer'
  | 'ingest'
  | 'stitcher'
  | 'renderer'
  | 'preview'
  | 'preview-compositor'
  | 'rtmp-server'
  | 'still-renderer'
  | 'log-writer'
  | 'decoder'
  | 'frame-decoder'
  | 'browser';

/** Absolute path of the entry of a thread or process. */
export function workerEntryPath(name: WorkerEntry): string {
  return join(BUILD_ROOT, 'workers', `${name}.js`);
}
