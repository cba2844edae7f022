/** Whether a font has a glyph for a character. */
export type Coverage = (codePoint: number) => boolean;

type Range = { readonly first: number; readonly last: number };

/** Tables of a `cmap` that are looked at, best first: [platform, encoding]. */
const ENCODINGS: readonly (readonly [number, number])[] = [
  [3, 10],
  [0, 6],
  [0, 4],
  [3, 1],
  [0, 3],
];
const MAX_RANGES = 100_000;

/** Segments of format 4; those that are reckoned by a delta or a list are taken as whole. */
function rangesOf4(table: Buffer, start: number): Range[] {
  const segments = Math.min(MAX_RANGES, table.readUInt16BE(start + 6) / 2);
  const ends = start + 14;
  const starts = ends + 2 * segments + 2;
  return Array.from({ length: segments }, (_, i) => ({
    first: table.readUInt16BE(starts + 2 * i),
    last: table.readUInt16BE(ends + 2 * i),
  })).filter(({ first }) => first !== 0xffff);
}

function rangesOf12(table: Buffer, start: number): Range[] {
  const groups = Math.min(MAX_RANGES, table.readUInt32BE(start + 12));
  return Array.from({ length: groups }, (_, i) => ({
    first: table.readUInt32BE(start + 16 + 12 * i),
    last: table.readUInt32BE(start + 20 + 12 * i),
  }));
}

/** Reads a `cmap` table. @throws RangeError when it is damaged */
export function readCoverage(cmap: Buffer): Coverage {
  const subtables = new Map<string, number>();
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const at = 4 + 8 * i;
    subtables.set(
      `${cmap.readUInt16BE(at)} ${cmap.readUInt16BE(at + 2)}`,
      cmap.readUInt32BE(at + 4),
    );
  }
  for (const [platform, encoding] of ENCODINGS) {
    const start = subtables.get(`${platform} ${encoding}`);
    if (start === undefined) continue;
    const format = cmap.readUInt16BE(start);
    const ranges =
      format === 4 ? rangesOf4(cmap, start) : format === 12 ? rangesOf12(cmap, start) : null;
    if (ranges === null) continue;
    return (codePoint) => isIn(ranges, codePoint);
  }
  return () => false;
}

/** Ranges are sorted, as the format asks for. */
function isIn(ranges: readonly Range[], codePoint: number): boolean {
  let [low, high] = [0, ranges.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined) return false;
    if (codePoint < range.first) high = middle - 1;
    else if (codePoint > range.last) low = middle + 1;
    else return true;
  }
  return false;
}
