/**
 * Animated files as browsers take them: what follows the end is left out, and a file that was cut plays as far as its last
 * whole frame goes. Decoders are stricter, so they get a file that ends as it should.
 */

/** https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
const GIF_HEAD_BYTES = 13;
const GIF_EXTENSION = 0x21;
const GIF_IMAGE = 0x2c;
const GIF_TRAILER = 0x3b;
const GIF_IMAGE_HEAD_BYTES = 10;

/** Bytes of a table of colours, by the flags that announce it. */
function colorTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1);
}

/** The end of a row of sub-blocks; null when the file ends before it does. */
function skipSubBlocks(bytes: Uint8Array, start: number): number | null {
  for (let at = start; ;) {
    const length = bytes[at];
    if (length === undefined) return null;
    at += 1 + length;
    if (length === 0) return at;
  }
}

/** A GIF that ends with its last whole frame; the bytes themselves when nothing is wrong with them. */
export function mendGif(bytes: Buffer): Buffer {
  let at = GIF_HEAD_BYTES + colorTableBytes(bytes[10] ?? 0);
  let wholeEnd = 0;
  for (;;) {
    const kind = bytes[at];
    if (kind === GIF_TRAILER) return at + 1 === bytes.length ? bytes : bytes.subarray(0, at + 1);
    const isImage = kind === GIF_IMAGE;
    if (!isImage && kind !== GIF_EXTENSION) break;
    const flags = bytes[at + GIF_IMAGE_HEAD_BYTES - 1] ?? 0;
    // An image has its colours and the size of its first codes before its sub-blocks, an extension its label.
    const head = isImage ? GIF_IMAGE_HEAD_BYTES + colorTableBytes(flags) + 1 : 2;
    const end = skipSubBlocks(bytes, at + head);
    if (end === null) break;
    at = end;
    if (isImage) wholeEnd = end;
  }
  if (wholeEnd === 0) return bytes;
  return Buffer.concat([bytes.subarray(0, wholeEnd), Buffer.of(GIF_TRAILER)]);
}

/** https://developers.google.com/speed/webp/docs/riff_container */
const RIFF_HEAD_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;

/** An animated WebP that ends with its last whole chunk; other bytes as they are. */
export function mendWebp(bytes: Buffer): Buffer {
  if (bytes.toString('latin1', 12, 16) !== 'VP8X') return bytes;
  let at = RIFF_HEAD_BYTES;
  let isMoving = false;
  while (at + CHUNK_HEAD_BYTES <= bytes.length) {
    const length = bytes.readUInt32LE(at + 4);
    const end = at + CHUNK_HEAD_BYTES + length + (length & 1);
    if (end > bytes.length) break;
    isMoving ||= bytes.toString('latin1', at, at + 4) === 'ANMF';
    at = end;
  }
  const declared = bytes.readUInt32LE(4) + CHUNK_HEAD_BYTES;
  if (!isMoving || declared <= at) return bytes;
  const mended = Buffer.from(bytes.subarray(0, at));
  mended.writeUInt32LE(at - CHUNK_HEAD_BYTES, 4);
  return mended;
}

/** What decoders get of a picture that may move. */
export function mendFilm(bytes: Buffer, mediaType: string): Buffer {
  if (mediaType === 'image/gif') return mendGif(bytes);
  return mediaType === 'image/webp' ? mendWebp(bytes) : bytes;
}
