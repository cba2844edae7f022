import type { SfntFile } from './sfnt.js';

/** https://learn.microsoft.com/typography/opentype/spec/name and …/os2: what is read of them. */
const FAMILY = 1;
const TYPOGRAPHIC_FAMILY = 16;
const WINDOWS = 3;
const UNICODE = 0;
const OS2_ITALIC = 1;
const OS2_OBLIQUE = 512;
const NORMAL_WEIGHT = 400;

/** What a face calls itself. */
export type FaceNames = {
  readonly families: readonly string[];
  readonly weight: number;
  readonly isItalic: boolean;
};

/** The names of a face, in all languages. @throws Error (RangeError) when its tables are damaged */
export function readNames(file: SfntFile): FaceNames {
  const [names, os2] = [file.read('name'), file.read('OS/2')];
  const families = new Set<string>();
  if (names !== null) {
    const texts = names.readUInt16BE(4);
    for (let i = 0; i < names.readUInt16BE(2); i++) {
      const at = 6 + 12 * i;
      const [platform, id] = [names.readUInt16BE(at), names.readUInt16BE(at + 6)];
      if (id !== FAMILY && id !== TYPOGRAPHIC_FAMILY) continue;
      const start = texts + names.readUInt16BE(at + 10);
      const raw = Buffer.from(names.subarray(start, start + (names.readUInt16BE(at + 8) & ~1)));
      if (platform === WINDOWS || platform === UNICODE)
        families.add(raw.swap16().toString('utf16le'));
    }
  }
  const selection = os2?.readUInt16BE(62) ?? 0;
  return {
    families: [...families],
    weight: os2?.readUInt16BE(4) ?? NORMAL_WEIGHT,
    isItalic: (selection & (OS2_ITALIC | OS2_OBLIQUE)) !== 0,
  };
}

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
