import { readFileSync } from 'node:fs';
import { type SfntTable, toSfnt } from '../../src/core/sfnt.js';
import { TRUE_TYPE, withSfnt } from '../../src/fonts/sfnt.js';
import type { HostileFile } from './hostile-file.js';
import { testFont } from './test-fonts.js';

/**
 * Fonts that are whole but for one table that takes more than it should: who is taken in by them shapes and draws with them
 * afterwards.
 */

/** Tables of a sound font that every font must have. */
const TABLES = ['head', 'hhea', 'hmtx', 'maxp', 'OS/2', 'cmap', 'post', 'name', 'loca', 'glyf'];

/** A sound font with some tables in place of its own. */
function fontWith(changed: Readonly<Record<string, Buffer>>): Buffer {
  const tables = withSfnt(testFont('dejavu-sans', 'latin'), ({ table }) =>
    [...new Set([...TABLES, ...Object.keys(changed)])].flatMap((tag): SfntTable[] => {
      const bytes = changed[tag] ?? table(0, tag);
      return bytes === null ? [] : [{ tag, checksum: 0, bytes }];
    }),
  );
  return toSfnt(TRUE_TYPE, tables);
}

function tableOf(tag: string): Buffer {
  const found = withSfnt(testFont('dejavu-sans', 'latin'), ({ table }) => table(0, tag));
  if (found === null) throw new Error(`The font has no ${tag}.`);
  return Buffer.from(found);
}

/** Bytes as 16-bit numbers. */
function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, i) => bytes.writeUInt16BE(value & 0xffff, 2 * i));
  return bytes;
}

/** All characters again and again: two million groups. */
function endlessCmap(): Buffer {
  const groups = 2_000_000;
  const table = Buffer.alloc(28 + 12 * groups);
  words(0, 1, 3, 10, 0, 12, 12, 0).copy(table);
  table.writeUInt32BE(table.length - 12, 16);
  table.writeUInt32BE(groups, 24);
  for (let i = 0; i < groups; i++) {
    const first = (i * 2) % 0x10fff0;
    table.writeUInt32BE(first, 28 + 12 * i);
    table.writeUInt32BE(first + 1, 32 + 12 * i);
    table.writeUInt32BE(36 + (i % 90), 36 + 12 * i);
  }
  return table;
}

const ARGUMENTS_ARE_WORDS = 1;
const MORE_COMPONENTS = 32;

/** Glyphs of which each is made of the next one, several times; the last is made of the first. */
function nestedGlyphs(copies: number): { readonly glyf: Buffer; readonly loca: Buffer } {
  const glyphs = tableOf('maxp').readUInt16BE(4);
  const isLong = tableOf('head').readInt16BE(50) === 1;
  const parts: Buffer[] = [];
  const places: number[] = [];
  for (let i = 0, at = 0; i < glyphs; i++) {
    const components = Array.from({ length: copies }, (_, k) =>
      words(
        ARGUMENTS_ARE_WORDS | (k < copies - 1 ? MORE_COMPONENTS : 0),
        (i + 1) % glyphs,
        10 * k,
        0,
      ),
    );
    const glyph = Buffer.concat([words(-1, 0, 0, 1000, 1000), ...components]);
    places.push(at);
    parts.push(glyph);
    at += glyph.length;
  }
  places.push(parts.reduce((sum, { length }) => sum + length, 0));
  const loca = Buffer.alloc(places.length * (isLong ? 4 : 2));
  places.forEach((place, i) =>
    isLong ? loca.writeUInt32BE(place, 4 * i) : loca.writeUInt16BE((place / 2) & 0xffff, 2 * i),
  );
  return { glyf: Buffer.concat(parts), loca };
}

/** Every glyph becomes sixteen of itself, by each of sixty lookups one after the other. */
function multiplyingGsub(): Buffer {
  const lookups = 60;
  const glyphs = tableOf('maxp').readUInt16BE(4);
  const copies = 16;
  const sequenceBytes = 2 + 2 * copies;
  const coverageAt = 6 + 2 * glyphs + sequenceBytes * glyphs;
  const subtable = Buffer.concat([
    words(1, coverageAt, glyphs),
    words(...Array.from({ length: glyphs }, (_, i) => 6 + 2 * glyphs + sequenceBytes * i)),
    ...Array.from({ length: glyphs }, (_, i) =>
      words(copies, ...new Array<number>(copies).fill(i)),
    ),
    words(2, 1, 0, glyphs - 1, 0),
  ]);
  const all = Array.from({ length: lookups }, (_, i) => i);
  const feature = words(0, lookups, ...all);
  const script = words(4, 0, 0, 0xffff, 1, 0);
  const scripts = Buffer.concat([words(1), Buffer.from('DFLT'), words(8), script]);
  const features = Buffer.concat([words(1), Buffer.from('liga'), words(8), feature]);
  // Each lookup points at the one subtable, which stands behind all of them.
  const lookupBytes = 8;
  const list = words(lookups, ...all.map((i) => 2 + 2 * lookups + lookupBytes * i));
  const bodies = all.map((i) => words(2, 0, 1, lookupBytes * (lookups - i)));
  const head = 10;
  return Buffer.concat([
    words(1, 0, head, head + scripts.length, head + scripts.length + features.length),
    ...[scripts, features, list, ...bodies, subtable],
  ]);
}

/** All of them, by name: each is taken, or refused with a reason, and harmless where it is shown. */
export function hostileFonts(): HostileFile[] {
  const named = {
    'sound, for comparison': readFileSync(testFont('dejavu-sans', 'latin')),
    'of two million groups of characters': fontWith({ cmap: endlessCmap() }),
    'of thirty megabytes of names of glyphs': fontWith({ post: Buffer.alloc(30_000_000, 3) }),
    'of glyphs that are made of each other': fontWith(nestedGlyphs(1)),
    'of glyphs that are made of each other twice': fontWith(nestedGlyphs(2)),
    'of glyphs that become sixteen each, sixty times': fontWith({ GSUB: multiplyingGsub() }),
  };
  return Object.entries(named).map(([name, bytes]) => ({
    name: `font ${name}`,
    bytes,
    outcome: 'either',
  }));
}
