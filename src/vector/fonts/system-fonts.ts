import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { FALLBACK_FAMILIES } from '../../render/fallback-families.js';
import type { FontFile } from './font-set.js';
import { readNames } from './names.js';
import { openSfnt } from './sfnt.js';

/** Where systems keep fonts. */
const FOLDERS = [
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  join(homedir(), '.fonts'),
  join(homedir(), '.local/share/fonts'),
  '/Library/Fonts',
  '/System/Library/Fonts',
];
const MAX_FILES = 5000;
const MAX_DEPTH = 6;

function filesBelow(folder: string, depth: number): string[] {
  if (depth > MAX_DEPTH) return [];
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path, depth + 1);
      return /\.(ttf|otf|ttc|otc)$/i.test(entry.name) ? [path] : [];
    });
  } catch {
    return [];
  }
}

function facesIn(path: string): FontFile[] {
  const faces: FontFile[] = [];
  for (let index = 0, count = 1; index < count; index++) {
    try {
      const file = openSfnt(path, index);
      try {
        count = file.faces;
        faces.push({ path, index, ...readNames(file) });
      } finally {
        file.close();
      }
    } catch {
      // One that cannot be read is passed over.
    }
  }
  return faces;
}

let known: readonly FontFile[] | null = null;

/** The fonts of the system, in an order that does not depend on how it lists them. Looked for once a process. */
export function systemFonts(): readonly FontFile[] {
  const rankOf = ({ families }: FontFile): number => {
    const ranks = families
      .map((family) => FALLBACK_FAMILIES.indexOf(family))
      .filter((rank) => rank >= 0);
    return ranks.length === 0 ? FALLBACK_FAMILIES.length : Math.min(...ranks);
  };
  known ??= FOLDERS.flatMap((folder) => filesBelow(folder, 0))
    .sort()
    .slice(0, MAX_FILES)
    .flatMap(facesIn)
    .map((font) => ({ font, rank: rankOf(font) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ font }) => font);
  return known;
}
