import { readdirSync, readFileSync, statSync, writeFileSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { readFaces, type Face } from './face.js';
import { FONTS_FOLDER } from './shipped-fonts.js';

/** The folders to be looked through in place of those of the system, as `PATH` lists folders. */
export const FONT_FOLDERS = 'FONT_FOLDERS';

/** Where systems keep fonts. */
const SYSTEM_FOLDERS: readonly string[] = [
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  join(homedir(), '.local', 'share', 'fonts'),
  join(homedir(), '.fonts'),
  '/System/Library/Fonts',
  '/Library/Fonts',
  join(homedir(), 'Library', 'Fonts'),
];

const FONT_FILE = /\.(ttf|otf|ttc|otc)$/i;
const MAX_DEPTH = 8;
const MAX_FILES = 5000;

/** What was found in folders, and when these changed last: as long as they did not, so do the fonts in them. */
type FontIndex = {
  readonly version: 1;
  readonly folders: readonly (readonly [path: string, changedMs: number])[];
  readonly faces: readonly Face[];
};

/** Written by the build, so that a start need not read hundreds of fonts. */
const INDEX_FILE = join(FONTS_FOLDER, 'system.json');

/** Null: there is nothing, or nothing that may be looked at, such as the home of somebody else. */
function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function changedMs(folder: string): number {
  return statOf(folder)?.mtimeMs ?? 0;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** All folders below some, and the font files in them, in an order that does not depend on the file system. */
function walk(roots: readonly string[]): { folders: [string, number][]; files: string[] } {
  const folders: [string, number][] = [];
  const files: string[] = [];
  const visit = (folder: string, depth: number): void => {
    const changed = changedMs(folder);
    folders.push([folder, changed]);
    if (changed === 0 || depth > MAX_DEPTH) return;
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      if (FONT_FILE.test(name) && files.length < MAX_FILES) files.push(path);
      else if (statOf(path)?.isDirectory() === true) visit(path, depth + 1);
    }
  };
  for (const root of roots) visit(root, 0);
  return { folders, files };
}

/** Reads all fonts of some folders: 80 ms for the 300 of Debian's Noto packages. */
function scan(roots: readonly string[]): FontIndex {
  const { folders, files } = walk(roots);
  return { version: 1, folders, faces: files.flatMap(readFaces) };
}

/** Coverages are most of the index: they are written as bytes. */
function serialize(index: FontIndex): string {
  return JSON.stringify(index, (key, value: unknown) =>
    key === 'coverage' && value instanceof Uint32Array
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
      : value,
  );
}

function isIndex(value: unknown): value is FontIndex {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1;
}

/** The index that the build has left; null when there is none, or fonts came or went since. */
function readIndex(): FontIndex | null {
  try {
    const index: unknown = JSON.parse(readFileSync(INDEX_FILE, 'utf8'), (key, value: unknown) => {
      if (key !== 'coverage' || typeof value !== 'string') return value;
      const bytes = Buffer.from(value, 'base64');
      return new Uint32Array(Uint8Array.from(bytes).buffer);
    });
    if (!isIndex(index)) return null;
    return index.folders.every(([path, changed]) => changedMs(path) === changed) ? index : null;
  } catch {
    return null;
  }
}

/** Build step: looks at the fonts of the system. */
export function writeSystemIndex(): void {
  writeFileSync(INDEX_FILE, serialize(scan(SYSTEM_FOLDERS)));
}

let known: readonly Face[] | null = null;

/**
 * The faces that are installed on the system, once a thread: 5 ms when they are those of the build, 80 ms when fonts
 * came or went since.
 */
export function systemFaces(): readonly Face[] {
  const wanted = process.env[FONT_FOLDERS];
  known ??=
    wanted === undefined || wanted === ''
      ? (readIndex() ?? scan(SYSTEM_FOLDERS)).faces
      : scan(wanted.split(delimiter).filter((folder) => folder !== '')).faces;
  return known;
}
