/**
 * Reads and writes `cmap`, the table that says which glyph a character has:
 * https://learn.microsoft.com/typography/opentype/spec/cmap.
 */

/** Characters that follow each other and whose glyphs do, too. */
export type MappedRange = {
  readonly first: number;
  readonly last: number;
  /** Glyph of the first. */
  readonly glyph: number;
};

/** Characters, or groups of them, of a table that are looked at one by one, at most: what is damaged must not take for ever. */
const MAX_STEPS = 200_000;

function readFormat4(table: Buffer, start: number): MappedRange[] {
  const segments = table.readUInt16BE(start + 6) / 2;
  const ends = start + 14;
  const starts = ends + 2 * segments + 2;
  const deltas = starts + 2 * segments;
  const offsets = deltas + 2 * segments;
  const ranges: MappedRange[] = [];
  let steps = 0;
  for (let i = 0; i < segments; i++) {
    const last = Math.min(0xfffe, table.readUInt16BE(ends + 2 * i));
    const delta = table.readUInt16BE(deltas + 2 * i);
    const offset = table.readUInt16BE(offsets + 2 * i);
    const begin = table.readUInt16BE(starts + 2 * i);
    const glyphOf = (code: number): number => {
      if (offset === 0) return (code + delta) & 0xffff;
      const at = offsets + 2 * i + offset + 2 * (code - begin);
      const glyph = at + 2 <= table.length ? table.readUInt16BE(at) : 0;
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    };
    for (let code = begin; code <= last; code++) {
      if (++steps > MAX_STEPS) return ranges;
      const glyph = glyphOf(code);
      if (glyph === 0) continue;
      const before = ranges.at(-1);
      const goesOn =
        before?.last === code - 1 && before.glyph + (before.last - before.first) === glyph - 1;
      if (before !== undefined && goesOn) ranges[ranges.length - 1] = { ...before, last: code };
      else ranges.push({ first: code, last: code, glyph });
    }
  }
  return ranges;
}

function readFormat12(table: Buffer, start: number): MappedRange[] {
  const stored = table.readUInt32BE(start + 12);
  const groups = Math.min(MAX_STEPS, stored, Math.floor((table.length - start - 16) / 12));
  const ranges: MappedRange[] = [];
  for (let i = 0; i < groups; i++) {
    const at = start + 16 + 12 * i;
    const [first, last] = [table.readUInt32BE(at), table.readUInt32BE(at + 4)];
    const glyph = table.readUInt32BE(at + 8);
    const skipped = glyph === 0 ? 1 : 0;
    if (first + skipped <= last && last <= 0x10ffff)
      ranges.push({ first: first + skipped, last, glyph: glyph + skipped });
  }
  return ranges;
}

function readFormat6(table: Buffer, start: number): MappedRange[] {
  const [first, count] = [table.readUInt16BE(start + 6), table.readUInt16BE(start + 8)];
  return Array.from({ length: count }, (_, i) => {
    const glyph = table.readUInt16BE(start + 10 + 2 * i);
    return { first: first + i, last: first + i, glyph };
  }).filter(({ glyph }) => glyph !== 0);
}

/** How well a subtable serves: all of Unicode before its first 65,536 characters before symbols. */
function rankOf(platform: number, encoding: number): number {
  if (platform === 3 && encoding === 10) return 4;
  if (platform === 0 && encoding >= 4 && encoding !== 5) return 4;
  if ((platform === 3 && encoding === 1) || (platform === 0 && encoding < 4)) return 3;
  return platform === 3 && encoding === 0 ? 1 : 0;
}

/**
 * The characters that a font has glyphs for. None of what is in a format that no font of today has.
 * @throws RangeError when the table is cut off
 */
export function readCmap(table: Buffer): MappedRange[] {
  const count = table.readUInt16BE(2);
  let [best, start] = [0, 0];
  for (let i = 0; i < count; i++) {
    const at = 4 + 8 * i;
    const rank = rankOf(table.readUInt16BE(at), table.readUInt16BE(at + 2));
    if (rank > best) [best, start] = [rank, table.readUInt32BE(at + 4)];
  }
  if (best === 0) return [];
  switch (table.readUInt16BE(start)) {
    case 4:
      return readFormat4(table, start);
    case 6:
      return readFormat6(table, start);
    case 12:
      return readFormat12(table, start);
    default:
      return [];
  }
}

const HEADER_BYTES = 20;

/** A table of format 12, for both of the platforms that fonts are asked by. */
export function writeCmap(ranges: readonly MappedRange[]): Buffer {
  const sorted = ranges.toSorted((a, b) => a.first - b.first);
  const table = Buffer.alloc(HEADER_BYTES + 16 + 12 * sorted.length);
  table.writeUInt16BE(2, 2);
  [
    [0, 4],
    [3, 10],
  ].forEach(([platform = 0, encoding = 0], i) => {
    table.writeUInt16BE(platform, 4 + 8 * i);
    table.writeUInt16BE(encoding, 6 + 8 * i);
    table.writeUInt32BE(HEADER_BYTES, 8 + 8 * i);
  });
  table.writeUInt16BE(12, HEADER_BYTES);
  table.writeUInt32BE(table.length - HEADER_BYTES, HEADER_BYTES + 4);
  table.writeUInt32BE(sorted.length, HEADER_BYTES + 12);
  sorted.forEach(({ first, last, glyph }, i) => {
    const at = HEADER_BYTES + 16 + 12 * i;
    table.writeUInt32BE(first, at);
    table.writeUInt32BE(last, at + 4);
    table.writeUInt32BE(glyph, at + 8);
  });
  return table;
}
