/** EBML, the binary form of Matroska (RFC 8794): an element is its id, the length of its content, the content. */

/** Length field that says: this element goes on until the stream ends. */
const UNKNOWN_LENGTH = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  let start = 0;
  while (start < 7 && bytes[start] === 0) start += 1;
  return bytes.subarray(start);
}

/** An element length as the 8-byte variable-size integer; `bytes` up to 2^53. */
export function ebmlLength(bytes: number): Buffer {
  const field = Buffer.alloc(8);
  field.writeBigUInt64BE((1n << 56n) | BigInt(bytes));
  return field;
}

/** Bytes of an element's id, which carries its own length mark. */
export function ebmlId(id: number): Buffer {
  return bigEndian(id);
}

/** An element that holds raw bytes or other elements. */
export function ebmlElement(id: number, ...content: readonly Uint8Array[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.byteLength, 0);
  return Buffer.concat([ebmlId(id), ebmlLength(length), ...content]);
}

/** An element that holds an unsigned integer up to 2^53. */
export function ebmlUint(id: number, value: number): Buffer {
  return ebmlElement(id, bigEndian(value));
}

/** An element that holds a 64-bit float. */
export function ebmlFloat(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return ebmlElement(id, bytes);
}

/** An element that holds ASCII text. */
export function ebmlText(id: number, text: string): Buffer {
  return ebmlElement(id, Buffer.from(text, 'ascii'));
}

/** The opening of an element whose end is not known yet: its content follows. */
export function ebmlOpen(id: number): Buffer {
  return Buffer.concat([ebmlId(id), UNKNOWN_LENGTH]);
}
