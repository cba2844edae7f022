import { readCmap } from './cmap.js';
import { toCoverage, type Coverage } from './coverage.js';
import { withSfnt, type SfntFile } from './sfnt.js';

/** A way in which a variable font varies. */
export type Axis = {
  readonly tag: string;
  readonly min: number;
  readonly initial: number;
  readonly max: number;
};

/** A face of a font file, as it describes itself. */
export type Face = {
  readonly path: string;
  /** In a collection; 0 for a font of its own. */
  readonly index: number;
  /** Names by which it may be asked for. */
  readonly families: readonly string[];
  /** 1 to 1000; a variable font has a range. */
  readonly weight: readonly [lowest: number, highest: number];
  readonly isItalic: boolean;
  /** 1 to 9; 5 is normal. */
  readonly width: number;
  readonly isMonospace: boolean;
  /** Whether it has glyphs of its own colours. */
  readonly isColor: boolean;
  readonly axes: readonly Axis[];
  readonly coverage: Coverage;
  /** Of the file. */
  readonly bytes: number;
};

const FAMILY = 1;
const TYPOGRAPHIC_FAMILY = 16;
const WINDOWS = 3;
const UNICODE = 0;
const MAC = 1;

/** https://learn.microsoft.com/typography/opentype/spec/name; the typographic family joins more than four styles. */
export function readFamilies(table: Buffer): string[] {
  const texts = table.readUInt16BE(4);
  const found = new Map<string, number>();
  for (let i = 0; i < table.readUInt16BE(2); i++) {
    const at = 6 + i * 12;
    const [platform, name] = [table.readUInt16BE(at), table.readUInt16BE(at + 6)];
    if (name !== FAMILY && name !== TYPOGRAPHIC_FAMILY) continue;
    const [bytes, start] = [table.readUInt16BE(at + 8), table.readUInt16BE(at + 10)];
    const raw = Buffer.from(table.subarray(texts + start, texts + start + bytes));
    const isWide = platform === WINDOWS || platform === UNICODE;
    if (!isWide && platform !== MAC) continue;
    const text = isWide
      ? raw
          .subarray(0, raw.length & ~1)
          .swap16()
          .toString('utf16le')
      : raw.toString('latin1');
    const clean = text.replace(/[\p{Cc}",\\]/gu, ' ').trim();
    const rank = (name === TYPOGRAPHIC_FAMILY ? 2 : 0) + (isWide ? 1 : 0);
    if (clean !== '') found.set(clean, Math.max(found.get(clean) ?? 0, rank));
  }
  return [...found].sort(([, a], [, b]) => b - a).map(([name]) => name);
}

/** https://learn.microsoft.com/typography/opentype/spec/fvar */
function readAxes(table: Buffer | null): Axis[] {
  if (table === null) return [];
  const [start, count, size] = [4, 8, 10].map((at) => table.readUInt16BE(at));
  return Array.from({ length: Math.min(16, count ?? 0) }, (_, i) => {
    const at = (start ?? 0) + i * (size ?? 20);
    const fixed = (offset: number): number => table.readInt32BE(at + offset) / 65_536;
    return {
      tag: table.toString('latin1', at, at + 4),
      min: fixed(4),
      initial: fixed(8),
      max: fixed(12),
    };
  });
}

const ITALIC = 1;
const OBLIQUE = 512;
const COLOR_TABLES = ['COLR', 'CBDT', 'sbix', 'SVG '];

function readFace(path: string, { faces, table }: SfntFile, index: number): Face | null {
  const tables = faces[index];
  const [names, metrics, characters] = ['name', 'OS/2', 'cmap'].map((tag) => table(index, tag));
  if (tables === undefined || !names || !characters) return null;
  const axes = readAxes(table(index, 'fvar'));
  const selection = metrics && metrics.length >= 64 ? metrics.readUInt16BE(62) : 0;
  const stored = metrics && metrics.length >= 8 ? metrics.readUInt16BE(4) : 400;
  // Old fonts count from 1 to 9.
  const weight = Math.min(1000, Math.max(1, stored < 10 ? stored * 100 : stored));
  const weights = axes.find(({ tag }) => tag === 'wght');
  const post = table(index, 'post');
  return {
    path,
    index,
    families: readFamilies(names),
    weight: weights === undefined ? [weight, weight] : [weights.min, weights.max],
    isItalic: (selection & (ITALIC | OBLIQUE)) !== 0,
    width: metrics && metrics.length >= 8 ? metrics.readUInt16BE(6) : 5,
    isMonospace: post !== null && post.length >= 16 && post.readUInt32BE(12) !== 0,
    isColor: COLOR_TABLES.some((tag) => tables.has(tag)),
    axes,
    coverage: toCoverage(readCmap(characters)),
    bytes: [...tables.values()].reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** The faces of a font file; none when it cannot be read. */
export function readFaces(path: string): Face[] {
  try {
    return withSfnt(path, (file) =>
      file.faces.flatMap((_, index) => readFace(path, file, index) ?? []),
    );
  } catch {
    return [];
  }
}
