import { closeSync, openSync, readSync } from 'node:fs';

/** Reads and writes the container of TrueType and OpenType (https://learn.microsoft.com/typography/opentype/spec/otff). */

const HEADER_BYTES = 12;
const ENTRY_BYTES = 16;
const MAX_TABLES = 64;
const MAX_FACES = 64;
const COLLECTION = 'ttcf';
const SIGNATURES = new Set(['00010000', '4f54544f', '74727565']);

/** One face in an open file. */
export type SfntFile = {
  /** The bytes of a table; null: there is none, or it is not whole. */
  read(tag: string): Buffer | null;
  readonly tags: readonly string[];
  /** Faces in the file. */
  readonly faces: number;
  close(): void;
};

/**
 * Opens a face of a font; only its list of tables is read.
 * @param index - of the face in a collection
 * @throws Error when the file cannot be read or is no plain font
 */
export function openSfnt(path: string, index = 0): SfntFile {
  const fd = openSync(path, 'r');
  const readAt = (start: number, bytes: number): Buffer => {
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(fd, buffer, 0, bytes, start));
  };
  try {
    const head = readAt(0, HEADER_BYTES + 4 * MAX_FACES);
    let start = 0;
    let faces = 1;
    if (head.toString('latin1', 0, 4) === COLLECTION) {
      faces = Math.min(MAX_FACES, head.readUInt32BE(8));
      if (index >= faces) throw new Error(`There is no face ${index} in ${path}.`);
      start = head.readUInt32BE(HEADER_BYTES + 4 * index);
    } else if (!SIGNATURES.has(head.toString('hex', 0, 4)))
      throw new Error(`${path} is no plain font.`);
    const count = Math.min(MAX_TABLES, readAt(start, HEADER_BYTES).readUInt16BE(4));
    const list = readAt(start + HEADER_BYTES, count * ENTRY_BYTES);
    const places = new Map<string, { at: number; bytes: number }>();
    for (let at = 0; at + ENTRY_BYTES <= list.length; at += ENTRY_BYTES) {
      const place = { at: list.readUInt32BE(at + 8), bytes: list.readUInt32BE(at + 12) };
      places.set(list.toString('latin1', at, at + 4), place);
    }
    return {
      faces,
      tags: [...places.keys()],
      read(tag) {
        const place = places.get(tag);
        if (place === undefined) return null;
        const table = readAt(place.at, place.bytes);
        return table.length === place.bytes ? table : null;
      },
      close: () => {
        closeSync(fd);
      },
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Lays out tables as a font. */
export function writeSfnt(tables: ReadonlyMap<string, Buffer>): Buffer {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const header = Buffer.alloc(HEADER_BYTES + sorted.length * ENTRY_BYTES);
  const log2 = Math.floor(Math.log2(sorted.length));
  header.writeUInt32BE(tables.has('CFF ') || tables.has('CFF2') ? 0x4f54544f : 0x00010000, 0);
  header.writeUInt16BE(sorted.length, 4);
  header.writeUInt16BE(2 ** log2 * ENTRY_BYTES, 6);
  header.writeUInt16BE(log2, 8);
  header.writeUInt16BE((sorted.length - 2 ** log2) * ENTRY_BYTES, 10);
  const parts: Buffer[] = [header];
  let start = header.length;
  sorted.forEach(([tag, bytes], i) => {
    const entry = HEADER_BYTES + i * ENTRY_BYTES;
    header.write(tag, entry, 'latin1');
    header.writeUInt32BE(start, entry + 8);
    header.writeUInt32BE(bytes.length, entry + 12);
    const padding = Buffer.alloc((4 - (bytes.length % 4)) % 4);
    parts.push(bytes, padding);
    start += bytes.length + padding.length;
  });
  return Buffer.concat(parts);
}
