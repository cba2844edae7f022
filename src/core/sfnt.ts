/** Plain font files: https://learn.microsoft.com/typography/opentype/spec/otff#organization-of-an-opentype-font */

const SFNT_HEADER_BYTES = 12;
const SFNT_ENTRY_BYTES = 16;

/** A table and its checksum, which nobody checks. */
export type SfntTable = { readonly tag: string; readonly checksum: number; readonly bytes: Buffer };

/** A font of one face, of some tables. @param version the first word of the file */
export function toSfnt(version: number, tables: readonly SfntTable[]): Buffer {
  const header = Buffer.alloc(SFNT_HEADER_BYTES + tables.length * SFNT_ENTRY_BYTES);
  const sorted = tables.toSorted((a, b) => (a.tag < b.tag ? -1 : 1));
  const log2 = Math.floor(Math.log2(tables.length));
  header.writeUInt32BE(version, 0);
  header.writeUInt16BE(tables.length, 4);
  // The search fields of the header: largest power of two of entries, its logarithm, and the rest.
  header.writeUInt16BE(2 ** log2 * SFNT_ENTRY_BYTES, 6);
  header.writeUInt16BE(log2, 8);
  header.writeUInt16BE((tables.length - 2 ** log2) * SFNT_ENTRY_BYTES, 10);
  const parts: Buffer[] = [header];
  let offset = header.length;
  sorted.forEach(({ tag, checksum, bytes }, i) => {
    const entry = SFNT_HEADER_BYTES + i * SFNT_ENTRY_BYTES;
    header.write(tag, entry, 'latin1');
    header.writeUInt32BE(checksum, entry + 4);
    header.writeUInt32BE(offset, entry + 8);
    header.writeUInt32BE(bytes.length, entry + 12);
    const padding = Buffer.alloc((4 - (bytes.length % 4)) % 4);
    parts.push(bytes, padding);
    offset += bytes.length + padding.length;
  });
  return Buffer.concat(parts);
}
