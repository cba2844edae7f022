import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['/usr/share/fonts', '/usr/local/share/fonts'];

/** Path of a font file of the system. @throws Error when no folder of fonts has it */
export function findSystemFont(file: string): string {
  for (const folder of FOLDERS) {
    const found = listFiles(folder).find((path) => path === file || path.endsWith(`/${file}`));
    if (found !== undefined) return join(folder, found);
  }
  throw new Error(`${file} is missing: apt-get install fonts-noto-core fonts-noto-cjk`);
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}
