/** https://learn.microsoft.com/typography/opentype/spec/name and …/os2: what is written of them. */
const FAMILY = 1;
const WINDOWS = 3;
const OS2_ITALIC = 1;
const OS2_OBLIQUE = 512;
const NORMAL_WEIGHT = 400;

/** The family that text is set in when it names none that is there. */
export const DEFAULT_FAMILY = 'Inter';

/** A `name` table that says a family only. */
export function makeNameTable(family: string): Buffer {
  const text = Buffer.from(family, 'utf16le').swap16();
  const head = Buffer.alloc(6 + 2 * 12);
  head.writeUInt16BE(2, 2);
  head.writeUInt16BE(head.length, 4);
  [FAMILY, 6].forEach((id, i) => {
    const at = 6 + 12 * i;
    head.writeUInt16BE(WINDOWS, at);
    head.writeUInt16BE(1, at + 2);
    head.writeUInt16BE(0x409, at + 4);
    head.writeUInt16BE(id, at + 6);
    head.writeUInt16BE(text.length, at + 8);
  });
  return Buffer.concat([head, text]);
}

/** An `OS/2` table that says an upright face of normal weight and width. */
export function plainOs2(table: Buffer): Buffer {
  const plain = Buffer.from(table);
  plain.writeUInt16BE(NORMAL_WEIGHT, 4);
  plain.writeUInt16BE(5, 6);
  plain.writeUInt16BE(plain.readUInt16BE(62) & ~(OS2_ITALIC | OS2_OBLIQUE | 32), 62);
  return plain;
}
