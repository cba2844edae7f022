import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createPictureDecoder } from '../../src/decode/pictures.js';
import { PACKAGE_ROOT } from '../../src/core/paths.js';
import { FontCatalogue } from '../../src/fonts/catalogue.js';
import { FONTS_FOLDER } from '../../src/fonts/shipped-fonts.js';
import type { Asset } from '../../src/state/model.js';
import { drawSvg, WHOLE } from '../../src/vector/svg/draw.js';
import { takeSvg } from '../../src/vector/svg/take.js';
import { testFont } from '../support/test-fonts.js';
import { openFixture, waitForAsset, type Fixture } from './fixture.js';
import { NAMESPACES, paintedSvg, uploadSvg } from './svg-drawing.js';

const SIZE = { width: 200, height: 60 } as const;

let fixture: Fixture;
let folder: string;
before(async () => {
  fixture = await openFixture();
  folder = await mkdtemp(join(fixture.folder, 'fonts-'));
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
  await fixture.close();
});

function textSvg(text: string, attributes = ''): string {
  return `<svg ${NAMESPACES} width="${SIZE.width}" height="${SIZE.height}"><text x="10" y="40" font-size="32" ${attributes}>${text}</text></svg>`;
}

function painted(asset: Asset): Promise<Buffer> {
  return paintedSvg(fixture, asset, SIZE.width, SIZE.height);
}

async function paintedText(text: string, attributes = ''): Promise<Buffer> {
  return painted(await uploadSvg(fixture, textSvg(text, attributes)));
}

/** What a drawing looks like on a machine without any font of its own. */
async function withoutSystemFonts(svg: string): Promise<Buffer> {
  const decoder = createPictureDecoder();
  const taken = await takeSvg(Buffer.from(svg), {
    embedPicture: (bytes) => decoder.embed(bytes),
    fonts: new FontCatalogue(() => []),
    folder: await mkdtemp(join(folder, 'run-')),
  });
  const { rgba } = await drawSvg(taken.outlined ?? taken.clean, WHOLE, SIZE.width, SIZE.height);
  return rgba;
}

/** Pixels that have any colour, and those whose colour is no grey. */
function inkOf(rgba: Buffer): { inked: number; colored: number } {
  let [inked, colored] = [0, 0];
  for (let i = 0; i < rgba.length; i += 4) {
    const [r = 0, g = 0, b = 0, a = 0] = rgba.subarray(i, i + 4);
    if (a > 0) inked += 1;
    if (Math.max(r, g, b) - Math.min(r, g, b) > 40) colored += 1;
  }
  return { inked, colored };
}

/** The shipped font under another name, as somebody would upload it. */
async function fontNamed(name: string, file: string): Promise<Buffer> {
  const font = await readFile(join(FONTS_FOLDER, file));
  const [inter, other] = ['Inter', name].map((text) => Buffer.from(text, 'utf16le').swap16());
  assert.ok(inter !== undefined && other?.length === inter.length);
  for (let at = font.indexOf(inter); at >= 0; at = font.indexOf(inter, at)) other.copy(font, at);
  return font;
}

test('text in drawings is set in the shipped font, whatever the machine has', async () => {
  for (const attributes of ['', 'font-family="Inter"', 'font-weight="700"']) {
    const svg = textSvg('Hä 12 łż Жук', attributes);
    assert.deepEqual(await painted(await uploadSvg(fixture, svg)), await withoutSystemFonts(svg));
  }
  const plain = await paintedText('Hä 12');
  assert.deepEqual(await paintedText('Hä 12', 'font-family="No Such Font, sans-serif"'), plain);
  assert.notDeepEqual(await paintedText('Hä 12', 'font-weight="900"'), plain);
  assert.notDeepEqual(await paintedText('Hä 12', 'font-style="italic"'), plain);
});

test('emoji in drawings are drawn in their colours, joined ones as one, along with other text', async () => {
  const { colored } = inkOf(await paintedText('Hi 😀 x'));
  assert.ok(colored > 300, `${colored} pixels are coloured`);
  const one = inkOf(await withoutSystemFonts(textSvg('👩‍🚀')));
  const two = inkOf(await withoutSystemFonts(textSvg('👩🚀')));
  assert.ok(one.inked < two.inked * 0.8, `${one.inked} and ${two.inked} pixels`);
});

test('characters that no font has are told in the answer', async () => {
  const asset = await uploadSvg(fixture, textSvg('a\u{10ffff}b'));
  assert.match(asset.notDrawn.join(), /characters that no font has/);
});

test('text that is placed letter by letter, along a path and with space between is drawn', async () => {
  const placed = textSvg('abc').replace('x="10"', 'x="10 60 110"');
  const letters = await painted(await uploadSvg(fixture, placed));
  const inColumns = (from: number, to: number): number => {
    let count = 0;
    for (let y = 0; y < SIZE.height; y++)
      for (let x = from; x < to; x++)
        if ((letters[(y * SIZE.width + x) * 4 + 3] ?? 0) > 0) count += 1;
    return count;
  };
  assert.ok(inColumns(10, 40) > 0 && inColumns(60, 90) > 0 && inColumns(110, 140) > 0);
  assert.equal(inColumns(40, 59) + inColumns(90, 109), 0);
  const path = `<svg ${NAMESPACES} width="200" height="60"><path id="p" d="M10 10H190" fill="none"/><text font-size="20"><textPath href="#p">along a path</textPath></text></svg>`;
  assert.ok(inkOf(await painted(await uploadSvg(fixture, path))).inked > 200);
  const wide = inkOf(await paintedText('fi', 'letter-spacing="80"'));
  assert.ok(wide.inked > 0);
});

test('a drawing names an uploaded font by its family or its asset, and follows when it comes and goes', async () => {
  const early = await fixture.assets.upload({
    id: 'early',
    name: '',
    bytes: Buffer.from(textSvg('Hill', 'font-family="Outer"')),
  });
  const plain = await painted(early);
  assert.deepEqual(plain, await paintedText('Hill'));
  const font = await fontNamed('Outer', 'inter-latin-700-italic.ttf');
  await fixture.assets.upload({ id: 'outer', name: '', bytes: font });
  const isNew = (asset: Asset): boolean => asset.renditionHash !== early.renditionHash;
  const bold = await painted(await waitForAsset(fixture.store, 'early', isNew));
  assert.deepEqual(bold, await paintedText('Hill', 'font-weight="700" font-style="italic"'));
  assert.deepEqual(await paintedText('Hill', 'font-family="asset:outer"'), bold);
  await fixture.assets.remove('outer');
  const isOld = (asset: Asset): boolean => asset.renditionHash === early.renditionHash;
  assert.deepEqual(await painted(await waitForAsset(fixture.store, 'early', isOld)), plain);
});

test('a variable font has all of its weights in drawings, packed or not', async () => {
  const files = join(PACKAGE_ROOT, 'node_modules', '@fontsource-variable', 'inter', 'files');
  const bytes = await readFile(join(files, 'inter-latin-wght-normal.woff2'));
  await fixture.assets.upload({ id: 'varies', name: '', bytes });
  const inked: number[] = [];
  for (const weight of [100, 200, 300, 400, 500, 600, 700, 800, 900]) {
    const style = `font-family="asset:varies" font-weight="${weight}"`;
    const rgba = await paintedText('Hill', style);
    inked.push(rgba.reduce((sum, value, i) => (i % 4 === 3 ? sum + value : sum), 0));
  }
  for (const [i, ink] of inked.entries())
    assert.ok(i === 0 || ink > (inked[i - 1] ?? 0) * 1.02, inked.join(' '));
});

test('drawings are emboldened and slanted where a font has no such face', async () => {
  const bytes = await readFile(testFont('noto-sans', 'latin'));
  await fixture.assets.upload({ id: 'one-face', name: '', bytes });
  const inkWith = async (style: string): Promise<Buffer> =>
    paintedText('Hill', `font-family="asset:one-face" ${style}`);
  const sum = (rgba: Buffer): number =>
    rgba.reduce((all, value, i) => (i % 4 === 3 ? all + value : all), 0);
  const [plain, bold, italic] = [
    await inkWith(''),
    await inkWith('font-weight="700"'),
    await inkWith('font-style="italic"'),
  ];
  assert.ok(sum(bold) > sum(plain) * 1.15 && sum(bold) < sum(plain) * 1.7);
  assert.ok(Math.abs(sum(italic) / sum(plain) - 1) < 0.05);
  assert.notDeepEqual(italic, plain);
});

test('characters that no shipped font has are set in those of the system, as in text layers', async () => {
  const thai = await uploadSvg(fixture, textSvg('สวัสดี'));
  assert.deepEqual(thai.notDrawn, []);
  const own = 'font-family="Inter, asset:thai"';
  const bytes = await readFile(testFont('noto-sans-thai', 'thai'));
  await fixture.assets.upload({ id: 'thai', name: '', bytes });
  assert.deepEqual(await paintedText('สวัสดี', own), await painted(thai));
});
