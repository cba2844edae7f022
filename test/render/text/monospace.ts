import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { FontCatalogue } from '../../../src/fonts/catalogue.js';
import { writeCmap } from '../../../src/fonts/cmap.js';
import { toSfnt } from '../../../src/core/sfnt.js';
import { createTextEngine, type TextEngine } from '../../../src/render/text/engine.js';
import type { SpanSpec, TextLine, TextSpec } from '../../../src/render/text/text-spec.js';

/** A font of which every character of the first plane is as wide as half its size, so that layouts can be reckoned by heart. */
function monospaceFont(): Buffer {
  const em = 1000;
  const table = (
    bytes: number,
    fields: readonly (readonly [at: number, value: number])[],
  ): Buffer => {
    const buffer = Buffer.alloc(bytes);
    for (const [at, value] of fields) buffer.writeUInt16BE(value & 0xffff, at);
    return buffer;
  };
  const name = Buffer.concat([
    table(18, [
      [2, 1],
      [4, 18],
      [6, 3],
      [8, 1],
      [10, 0x409],
      [12, 1],
      [14, 8],
    ]),
    Buffer.from('Mono', 'utf16le').swap16(),
  ]);
  const characters = Array.from({ length: 0xfffe - 0x20 }, (_, i) => i + 0x20);
  const tables = {
    head: table(54, [
      [0, 1],
      [18, em],
      [50, 0],
    ]),
    hhea: table(36, [
      [0, 1],
      [4, 800],
      [6, -200],
      [34, 1],
    ]),
    maxp: table(6, [
      [1, 0x50],
      [4, 2],
    ]),
    hmtx: table(6, [[0, em / 2]]),
    cmap: writeCmap(characters.map((first) => ({ first, last: first, glyph: 1 }))),
    name,
  };
  return toSfnt(
    0x00010000,
    Object.entries(tables).map(([tag, bytes]) => ({ tag, checksum: 0, bytes })),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'monospace-'));
const path = join(folder, 'mono.ttf');
writeFileSync(path, monospaceFont());
after(() => {
  rmSync(folder, { recursive: true });
});

/** An engine that knows the font above and those that are shipped, and none of the system. */
export function createMonospaceEngine(): TextEngine {
  const fonts = new FontCatalogue(() => []);
  fonts.add([{ family: 'Mono', path }]);
  return createTextEngine(fonts);
}

export const SPAN: SpanSpec = {
  text: '',
  fontFamily: 'Mono',
  fontSize: 20,
  fontWeight: 400,
  fontStyle: 'normal',
  letterSpacing: 0,
  objectWidth: null,
};

/** A spec of plain text: characters are 10 wide, lines 20 high. */
export function specOf(text: string, fields: Partial<TextSpec> = {}): TextSpec {
  return {
    spans: [{ ...SPAN, text }],
    width: null,
    height: null,
    wrap: 'word',
    align: 'start',
    verticalAlign: 'top',
    lineHeight: 1,
    maxLines: null,
    fit: 'none',
    minFontSize: 8,
    direction: 'auto',
    digits: 'auto',
    ...fields,
  };
}

/** The text of each run of a line, from left to right, without what only steers it. */
export function textsOf({ text, runs }: TextLine): string[] {
  return runs.map(({ from, to }) =>
    text.slice(from, to).replace(/[\u00ad\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ''),
  );
}
