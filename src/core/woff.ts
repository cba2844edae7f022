import { inflateSync } from 'node:zlib';

/** Sizes and offsets of WOFF 1.0 (https://www.w3.org/TR/WOFF/, sections 3 and 4) and of the sfnt container in it. */
const WOFF_SIGNATURE = 0x774f4646;
const WOFF_HEADER_BYTES = 44;
const WOFF_ENTRY_BYTES = 20;
const SFNT_HEADER_BYTES = 12;
const SFNT_ENTRY_BYTES = 16;

type Table = { readonly tag: string; readonly checksum: number; readonly bytes: Buffer };

function readTables(woff: Buffer, limitBytes: number): Table[] {
  let leftBytes = limitBytes;
  return Array.from({ length: woff.readUInt16BE(12) }, (_, i) => {
    const entry = WOFF_HEADER_BYTES + i * WOFF_ENTRY_BYTES;
    const offset = woff.readUInt32BE(entry + 4);
    const packedBytes = woff.readUInt32BE(entry + 8);
    const plainBytes = woff.readUInt32BE(entry + 12);
    const packed = woff.subarray(offset, offset + packedBytes);
    if (plainBytes > leftBytes) throw tooLarge();
    leftBytes -= plainBytes;
    return {
      tag: woff.toString('latin1', entry, entry + 4),
      checksum: woff.readUInt32BE(entry + 16),
      bytes:
        packedBytes < plainBytes ? inflateSync(packed, { maxOutputLength: plainBytes }) : packed,
    };
  });
}

/**
 * A WOFF font as plain TrueType or OpenType, without the tables named in `dropped`. A plain font is mapped into
 * memory as it is, where a packed one is unpacked at its first use.
 * @param limitBytes - how large it may become
 * @throws Error when the bytes are no WOFF font, or (code ERR_BUFFER_TOO_LARGE) one that is larger
 */
export function woffToSfnt(
  woff: Buffer,
  dropped: readonly string[],
  limitBytes = Infinity,
): Buffer {
  if (woff.length < WOFF_HEADER_BYTES || woff.readUInt32BE(0) !== WOFF_SIGNATURE)
    throw new Error('This is no WOFF font.');
  const tables = readTables(woff, limitBytes).filter(({ tag }) => !dropped.includes(tag));
  const header = Buffer.alloc(SFNT_HEADER_BYTES + tables.length * SFNT_ENTRY_BYTES);
  const log2 = Math.floor(Math.log2(tables.length));
  header.writeUInt32BE(woff.readUInt32BE(4), 0);
  header.writeUInt16BE(tables.length, 4);
  // The search fields of the sfnt header: largest power of two of entries, its logarithm, and the rest.
  header.writeUInt16BE(2 ** log2 * SFNT_ENTRY_BYTES, 6);
  header.writeUInt16BE(log2, 8);
  header.writeUInt16BE((tables.length - 2 ** log2) * SFNT_ENTRY_BYTES, 10);
  const parts: Buffer[] = [header];
  let offset = header.length;
  tables.forEach(({ tag, checksum, bytes }, i) => {
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

function tooLarge(): Error {
  return Object.assign(new Error('The font is too large when it is unpacked.'), {
    code: 'ERR_BUFFER_TOO_LARGE',
  });
}
