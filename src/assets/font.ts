import { brotliDecompressSync } from 'node:zlib';
import { AppError } from '../core/errors.js';
import { SHAPING_TABLES } from '../fonts/sfnt.js';
import { woffToSfnt } from '../core/woff.js';
import type { FontMediaType } from '../decode/protocol.js';
import type { FontInfo } from '../state/model.js';

/** Bounds of a font: unpacked it is mapped into memory whole, and large fonts for Chinese have 25 MB. */
export const FONT_LIMITS = {
  bytes: 33_554_432,
  tables: 64,
  /** The table of characters: those of fonts for all of Chinese have 0.4 MB. It is read by the thread that is on air. */
  cmapBytes: 1_048_576,
  /** All that shaping needs, which that thread copies: the largest known have 4 MB. */
  shapingBytes: 8_388_608,
} as const;

/** A font that has been looked at. */
export type CheckedFont = {
  readonly info: FontInfo;
  /** The font as it is shaped and drawn with; null: it is plain already. */
  readonly plain: Buffer | null;
};

const SIGNATURES: Readonly<Record<string, FontMediaType>> = {
  '00010000': 'font/ttf',
  '74727565': 'font/ttf',
  '4f54544f': 'font/otf',
  '774f4646': 'font/woff',
  '774f4632': 'font/woff2',
};

/** What a file is by its first four bytes; null: no font that is taken. */
export function sniffFont(head: Buffer): FontMediaType | null {
  return SIGNATURES[head.toString('hex', 0, 4)] ?? null;
}

/** The bytes of a table; null when there is none of this tag. */
type FindTable = (tag: string) => Buffer | null;

const SFNT_HEADER_BYTES = 12;
const SFNT_ENTRY_BYTES = 16;

function sfntTables(sfnt: Buffer): FindTable {
  const count = sfnt.readUInt16BE(4);
  if (count < 1 || count > FONT_LIMITS.tables) throw broken('its list of tables is damaged');
  const tables = new Map<string, Buffer>();
  for (let i = 0; i < count; i++) {
    const entry = SFNT_HEADER_BYTES + i * SFNT_ENTRY_BYTES;
    const [start, bytes] = [sfnt.readUInt32BE(entry + 8), sfnt.readUInt32BE(entry + 12)];
    if (start + bytes > sfnt.length) throw broken('it has been cut off');
    tables.set(sfnt.toString('latin1', entry, entry + 4), sfnt.subarray(start, start + bytes));
  }
  return (tag) => tables.get(tag) ?? null;
}

/** WOFF 2.0, https://www.w3.org/TR/WOFF2/, section 4: places of fields, and tags that have a number. */
const WOFF2_HEADER_BYTES = 48;
const WOFF2_PLAIN_BYTES_AT = 16;
const WOFF2_TAGS: Readonly<Record<number, string>> = {
  5: 'name',
  6: 'OS/2',
  10: 'glyf',
  11: 'loca',
};
const WOFF2_ANY_TAG = 63;

function woff2Tables(woff2: Buffer): FindTable {
  const count = woff2.readUInt16BE(12);
  if (count < 1 || count > FONT_LIMITS.tables) throw broken('its list of tables is damaged');
  let at = WOFF2_HEADER_BYTES;
  const readLength = (): number => {
    let value = 0;
    for (let i = 0; i < 5; i++) {
      const byte = woff2.readUInt8(at++);
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
    throw broken('its list of tables is damaged');
  };
  const places = Array.from({ length: count }, () => {
    const flags = woff2.readUInt8(at++);
    let tag = WOFF2_TAGS[flags & 63] ?? '';
    if ((flags & 63) === WOFF2_ANY_TAG) {
      tag = woff2.toString('latin1', at, at + 4);
      at += 4;
    }
    const plainBytes = readLength();
    const version = flags >> 6;
    // Glyphs and their places are stored in a form of their own unless they say 3, other tables only if they say so.
    const isTransformed = tag === 'glyf' || tag === 'loca' ? version !== 3 : version !== 0;
    return { tag, bytes: isTransformed ? readLength() : plainBytes };
  });
  const packed = woff2.subarray(at, at + woff2.readUInt32BE(20));
  const plain = brotliDecompressSync(packed, { maxOutputLength: FONT_LIMITS.bytes });
  const tables = new Map<string, Buffer>();
  let start = 0;
  for (const { tag, bytes } of places) {
    tables.set(tag, plain.subarray(start, start + bytes));
    start += bytes;
  }
  if (start > plain.length) throw broken('it has been cut off');
  return (tag) => tables.get(tag) ?? null;
}

const WINDOWS = 3;
const ENGLISH_US = 0x409;
const NAME_FAMILY = 1;
const NAME_TYPOGRAPHIC_FAMILY = 16;

/** https://learn.microsoft.com/typography/opentype/spec/name; the typographic family joins more than four styles. */
function familyOf(table: Buffer): string {
  const texts = table.readUInt16BE(4);
  const found: { rank: number; text: string }[] = [];
  for (let i = 0; i < table.readUInt16BE(2); i++) {
    const [platform, , language, name, bytes, start] = Array.from({ length: 6 }, (_, k) =>
      table.readUInt16BE(6 + i * 12 + k * 2),
    );
    if (name !== NAME_FAMILY && name !== NAME_TYPOGRAPHIC_FAMILY) continue;
    const from = texts + (start ?? 0);
    const raw = Buffer.from(table.subarray(from, from + (bytes ?? 0)));
    const isWide = platform === WINDOWS || platform === 0;
    const text = isWide
      ? raw
          .subarray(0, raw.length & ~1)
          .swap16()
          .toString('utf16le')
      : raw.toString('latin1');
    const rank =
      (name === NAME_TYPOGRAPHIC_FAMILY ? 4 : 0) +
      (isWide ? 2 : 0) +
      (platform === WINDOWS && language === ENGLISH_US ? 1 : 0);
    found.push({ rank, text: text.replace(/[\p{Cc}",\\]/gu, ' ').trim() });
  }
  const best = found.filter(({ text }) => text !== '').sort((a, b) => b.rank - a.rank)[0];
  if (best === undefined) throw broken('it has no family name');
  return best.text.slice(0, 100);
}

const ITALIC = 1;
const OBLIQUE = 512;

/** @throws AppError SM_ASSET_TOO_COMPLEX when reading the font would keep the thread that is on air */
function checkShaping(find: FindTable): void {
  const sum = SHAPING_TABLES.reduce((bytes, tag) => bytes + (find(tag)?.length ?? 0), 0);
  for (const [what, bytes, most] of [
    ['table of characters', find('cmap')?.length ?? 0, FONT_LIMITS.cmapBytes],
    ['tables for shaping', sum, FONT_LIMITS.shapingBytes],
  ] as const)
    if (bytes > most)
      throw new AppError(
        'SM_ASSET_TOO_COMPLEX',
        `The font is rejected: its ${what} would have ${bytes} bytes; the limit is ${most}. Reduce the font to the characters that are needed.`,
      );
}

function infoOf(find: FindTable): FontInfo {
  const [names, metrics] = [find('name'), find('OS/2')];
  if (names === null) throw broken('it has no names');
  const selection = metrics?.readUInt16BE(62) ?? 0;
  const weight = metrics?.readUInt16BE(4) ?? 400;
  return {
    family: familyOf(names),
    // Old fonts count from 1 to 9.
    weight: Math.min(1000, Math.max(1, weight < 10 ? weight * 100 : weight)),
    style: (selection & (ITALIC | OBLIQUE)) === 0 ? 'normal' : 'italic',
  };
}

function infoOfPlain(sfnt: Buffer): FontInfo {
  const find = sfntTables(sfnt);
  checkShaping(find);
  return infoOf(find);
}

/** Fonts are shaped and drawn from plain files. The decoder is loaded when the first one comes: most never need it. */
async function unpackWoff2(bytes: Buffer): Promise<Buffer> {
  if (bytes.readUInt32BE(WOFF2_PLAIN_BYTES_AT) > FONT_LIMITS.bytes)
    throw Object.assign(new Error('too large'), { code: 'ERR_BUFFER_TOO_LARGE' });
  const { default: wawoff2 } = await import('wawoff2');
  return Buffer.from(await wawoff2.decompress(bytes));
}

/**
 * Looks at a font: what it calls itself, and whether its tables are where it says.
 * @throws AppError SM_ASSET_BROKEN, SM_ASSET_TOO_LARGE, SM_ASSET_TOO_COMPLEX
 */
export async function checkFont(bytes: Buffer, mediaType: FontMediaType): Promise<CheckedFont> {
  try {
    if (mediaType === 'font/woff2') {
      // Looked at first, so that nothing is unpacked that is larger than it may be.
      const info = infoOf(woff2Tables(bytes));
      const plain = await unpackWoff2(bytes);
      checkShaping(sfntTables(plain));
      return { info, plain };
    }
    if (mediaType === 'font/woff') {
      const plain = woffToSfnt(bytes, [], FONT_LIMITS.bytes);
      return { info: infoOfPlain(plain), plain };
    }
    return { info: infoOfPlain(bytes), plain: null };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const isTooLarge =
      error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    if (!isTooLarge) throw broken('its tables are damaged');
    throw new AppError(
      'SM_ASSET_TOO_LARGE',
      `The font has more than ${FONT_LIMITS.bytes} bytes when unpacked.`,
      [],
      { cause: error },
    );
  }
}

function broken(reason: string): AppError {
  return new AppError('SM_ASSET_BROKEN', `The font is rejected: ${reason}. Export it again.`);
}
