import { closeSync, openSync, readSync } from 'node:fs';
import { toSfnt } from '../core/sfnt.js';

/**
 * Reads TrueType and OpenType fonts and collections of them:
 * https://learn.microsoft.com/typography/opentype/spec/otff. Only what is asked for is read from the file.
 */
const COLLECTION = 0x74746366;
const HEADER_BYTES = 12;
const ENTRY_BYTES = 16;
/** Bounds of what a file may claim. */
const MAX_TABLES = 128;
const MAX_FACES = 64;

type Place = { readonly offset: number; readonly bytes: number };

/** An open font file. */
export type SfntFile = {
  /** The tables of each face. */
  readonly faces: readonly ReadonlyMap<string, Place>[];
  /** The bytes of a table; null when the face has none of this tag. @throws RangeError when the file is cut off */
  readonly table: (face: number, tag: string) => Buffer | null;
};

type Read = (offset: number, bytes: number) => Buffer;

function readDirectory(read: Read, at: number): Map<string, Place> {
  const count = Math.min(MAX_TABLES, read(at, HEADER_BYTES).readUInt16BE(4));
  const entries = read(at + HEADER_BYTES, count * ENTRY_BYTES);
  return new Map(
    Array.from({ length: count }, (_, i): [string, Place] => {
      const entry = i * ENTRY_BYTES;
      return [
        entries.toString('latin1', entry, entry + 4),
        { offset: entries.readUInt32BE(entry + 8), bytes: entries.readUInt32BE(entry + 12) },
      ];
    }),
  );
}

function readFaces(read: Read): ReadonlyMap<string, Place>[] {
  const head = read(0, HEADER_BYTES);
  if (head.readUInt32BE(0) !== COLLECTION) return [readDirectory(read, 0)];
  const count = Math.min(MAX_FACES, head.readUInt32BE(8));
  const offsets = read(HEADER_BYTES, 4 * count);
  return Array.from({ length: count }, (_, i) => readDirectory(read, offsets.readUInt32BE(4 * i)));
}

/**
 * Opens a font file for as long as `use` runs.
 * @throws Error when it cannot be read; RangeError when it is no font or is cut off
 */
export function withSfnt<T>(path: string, use: (file: SfntFile) => T): T {
  const file = openSync(path, 'r');
  try {
    const read: Read = (offset, bytes) => {
      const buffer = Buffer.allocUnsafe(bytes);
      if (readSync(file, buffer, 0, bytes, offset) < bytes)
        throw new RangeError(`${path} is cut off`);
      return buffer;
    };
    const faces = readFaces(read);
    return use({
      faces,
      table: (face, tag) => {
        const place = faces[face]?.get(tag);
        return place === undefined ? null : read(place.offset, place.bytes);
      },
    });
  } finally {
    closeSync(file);
  }
}

/** The first word of a font of TrueType outlines. */
export const TRUE_TYPE = 0x00010000;

/** Tables that shaping and measuring need; outlines and pictures are not among them. */
export const SHAPING_TABLES = [
  ...['head', 'hhea', 'hmtx', 'maxp', 'OS/2', 'cmap', 'post', 'GSUB', 'GPOS', 'GDEF', 'kern'],
  ...['fvar', 'avar', 'HVAR', 'MVAR', 'BASE', 'kerx', 'morx', 'trak', 'feat', 'ankr'],
] as const;

/** What of a face is needed to shape text with it: a font of its own, often a tenth of the file. */
export function readShapingFont(path: string, face: number): Buffer {
  return withSfnt(path, ({ table }) =>
    toSfnt(
      TRUE_TYPE,
      SHAPING_TABLES.flatMap((tag) => {
        const bytes = table(face, tag);
        return bytes === null ? [] : [{ tag, checksum: 0, bytes }];
      }),
    ),
  );
}
