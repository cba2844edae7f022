import { inflateSync } from 'node:zlib';
import { toSfnt, type SfntTable } from './sfnt.js';

/** Sizes and offsets of WOFF 1.0 (https://www.w3.org/TR/WOFF/, sections 3 and 4) and of the sfnt container in it. */
const WOFF_SIGNATURE = 0x774f4646;
const WOFF_HEADER_BYTES = 44;
const WOFF_ENTRY_BYTES = 20;

function readTables(woff: Buffer, limitBytes: number): SfntTable[] {
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
    throw new Error('The file is not a WOFF font.');
  const tables = readTables(woff, limitBytes).filter(({ tag }) => !dropped.includes(tag));
  return toSfnt(woff.readUInt32BE(4), tables);
}

function tooLarge(): Error {
  return Object.assign(new Error('The font is too large when unpacked.'), {
    code: 'ERR_BUFFER_TOO_LARGE',
  });
}
