import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import wawoff2 from 'wawoff2';
import type { z } from 'zod';
import { FontCatalogue } from '../../src/fonts/catalogue.js';
import { FONTS_FOLDER } from '../../src/fonts/shipped-fonts.js';
import { createSharedMemory } from '../../src/memory/map.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import { layerSpans, toTextSpec } from '../../src/render/text/layer-spec.js';
import { TextLayerSchema } from '../../src/layers/text/schema.js';
import { PACKAGE_ROOT } from '../../src/core/paths.js';
import { loadFonts } from '../support/chromium-canvas.js';
import { drawHtml } from '../support/chromium-html.js';
import { openChromium } from '../support/chromium.js';
import { renderStill, sceneFrom } from '../support/engine.js';
import { ssim, type Grey } from '../support/ssim.js';
import { testFamilies, testFonts } from '../support/test-fonts.js';

/**
 * Styles of text beside a page of Chromium that has the same font files: spans, spacing, weights of variable fonts,
 * figures. Here Chromium's layout takes part, not only its shaping.
 */
const LEAST_SSIM = 0.98;
const EDGE_PX = 16;
const HEIGHT_PX = 100;

const folder = mkdtempSync(join(tmpdir(), 'fonts-'));
after(() => {
  rmSync(folder, { recursive: true });
});

async function variableFont(family: string, file: string): Promise<string> {
  const source = join(PACKAGE_ROOT, 'node_modules', '@fontsource-variable', family, 'files', file);
  const path = join(folder, file.replace('.woff2', '.ttf'));
  writeFileSync(path, await wawoff2.decompress(readFileSync(source)));
  return path;
}

const FONTS = {
  sans: testFonts('noto-sans'),
  arabic: testFonts('noto-sans-arabic'),
  nastaliq: testFonts('noto-nastaliq-urdu'),
  hebrew: testFonts('noto-sans-hebrew'),
  devanagari: testFonts('noto-sans-devanagari'),
  thai: testFonts('noto-sans-thai'),
  bengali: testFonts('noto-sans-bengali'),
  tamil: testFonts('noto-sans-tamil'),
  tibetan: testFonts('noto-serif-tibetan'),
  cherokee: testFonts('noto-sans-cherokee'),
  georgian: testFonts('noto-sans-georgian'),
  khmer: testFonts('noto-sans-khmer'),
  japanese: testFonts('kosugi'),
  inter: [join(FONTS_FOLDER, 'inter-latin-400-normal.ttf')],
  wide: [await variableFont('inter', 'inter-latin-wght-normal.woff2')],
  open: [await variableFont('open-sans', 'open-sans-latin-wght-normal.woff2')],
} as const;
type Font = keyof typeof FONTS;
const FAMILIES = testFamilies(FONTS);
const sources = FAMILIES.files.map(([family, path]) => ({ family, path }));
const fonts = new FontCatalogue(() => []);
fonts.add(sources);
const engine = createTextEngine(fonts);
const memory = createSharedMemory();
const browser = await openChromium();
after(() => browser.close());
const WEIGHTS: Readonly<Record<string, string>> = {
  'test wide': '100 900',
  'test open': '300 800',
};
await loadFonts(
  browser.page,
  FAMILIES.files.map(([family, path]) => [family, path, WEIGHTS[family] ?? 'normal']),
);

function toGrey(width: number, height: number, rgba: ArrayLike<number>): Grey {
  const samples = Float64Array.from({ length: width * height }, (_, i) => {
    const at = (channel: number): number => rgba[i * 4 + channel] ?? 0;
    return 0.2126 * at(0) + 0.7152 * at(1) + 0.0722 * at(2);
  });
  return { width, height, samples };
}

type Layer = Partial<z.input<typeof TextLayerSchema>>;

/** Compares a layer with a line of HTML. */
async function assertAlike(
  layerFields: Layer,
  css: {
    readonly fonts: readonly Font[];
    readonly style?: string;
    readonly html: string;
  },
): Promise<void> {
  const families = css.fonts.flatMap((font) => FAMILIES.of(font));
  const layer = TextLayerSchema.parse({
    id: 'a',
    type: 'text',
    align: 'left',
    x: EDGE_PX,
    y: 0,
    fontSize: 40,
    color: '#ffffff',
    fontFamily: families.join(', '),
    ...layerFields,
  });
  const layout = engine.setText(toTextSpec(layer, layerSpans(layer)));
  const [line] = layout.lines;
  assert.ok(line !== undefined);
  const [width, height] = [2 * Math.ceil(layout.width / 2) + 2 * EDGE_PX, HEIGHT_PX];
  const isRightToLeft = /^[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(line.text);
  const theirs = await drawHtml(browser.page, {
    width,
    height,
    html: css.html,
    x: EDGE_PX,
    style: `color:#fff;font-size:${layer.fontSize}px;font-family:${families.map((name) => `'${name}'`).join(',')};${css.style ?? ''}`,
    direction: isRightToLeft ? 'rtl' : 'ltr',
  });
  assert.ok(
    Math.abs(theirs.lineWidth - line.width) < 1,
    `it is ${line.width} px wide, not ${theirs.lineWidth}`,
  );
  const y = Math.round(theirs.baseline) - Math.round(line.baseline);
  const scene = sceneFrom({ id: 's', width, height, layers: [{ ...layer, y }] });
  const ours = await renderStill(scene, { width, height, timeMs: 0, memory, fonts: sources });
  const found = ssim(toGrey(width, height, ours.rgba), toGrey(width, height, theirs.rgba));
  assert.ok(found >= LEAST_SSIM, `SSIM is ${found.toFixed(4)}`);
}

for (const weight of [100, 250, 400, 500, 550, 600, 650, 700, 800, 900]) {
  test(`Inter of weight ${weight} is as bold as in Chromium, from one variable file`, async () => {
    const text = 'Sold for 14.50 ETH';
    await assertAlike(
      { text, fontWeight: weight },
      { fonts: ['wide'], html: text, style: `font-weight:${weight}` },
    );
  });
}

for (const weight of [300, 400, 450, 650, 800]) {
  test(`Open Sans of weight ${weight} is as bold as in Chromium, from one variable file`, async () => {
    const text = 'Hamburgefonstiv 123';
    await assertAlike(
      { text, fontWeight: weight },
      { fonts: ['open'], html: text, style: `font-weight:${weight}` },
    );
  });
}

test('what has no bold and no italic face is emboldened and slanted as in Chromium', async () => {
  const text = 'Two Lovers at Dusk';
  await assertAlike(
    { text, fontWeight: 650 },
    { fonts: ['sans'], html: text, style: 'font-weight:650' },
  );
  await assertAlike(
    { text, fontStyle: 'italic' },
    { fonts: ['sans'], html: text, style: 'font-style:italic' },
  );
});

/** Parts of a text in several colours, as a layer and as HTML has them. */
function colored(...parts: readonly string[]): { readonly layer: Layer; readonly html: string } {
  const colors = ['#ffffff', '#ffd84a', '#40a0ff'];
  return {
    layer: { spans: parts.map((text, i) => ({ text, color: colors[i % 3] ?? '' })) },
    html: parts
      .map((text, i) => `<span style="color:${colors[i % 3] ?? ''}">${text}</span>`)
      .join(''),
  };
}

const COLORED: readonly (readonly [script: string, fonts: readonly Font[], ...parts: string[]])[] =
  [
    ['Latin keeps its kerning', ['sans'], 'A', 'V', 'A', 'T', 'ar'],
    ['Arabic keeps its joins', ['arabic'], 'مر', 'حبا', ' بال', 'جميع'],
    ['Hebrew keeps its order', ['hebrew'], 'של', 'ום ע', 'ולם'],
    ['Devanagari keeps its conjuncts', ['devanagari'], 'नम', 'स्ते ', 'दुनिया'],
    ['Latin and Arabic keep their order', ['sans', 'arabic'], 'Lot ', 'مرح', 'با 12'],
  ];
for (const [what, fonts, ...parts] of COLORED) {
  test(`${what} across spans that differ in colour`, async () => {
    const { layer, html } = colored(...parts);
    await assertAlike(layer, { fonts, html });
  });
}

test('letters join across spans of different weights, as in Chromium', async () => {
  await assertAlike(
    { spans: [{ text: 'مر' }, { text: 'حبا', fontWeight: 700 }] },
    { fonts: ['arabic'], html: 'مر<b>حبا</b>' },
  );
});

test('spans of different sizes stand on one baseline', async () => {
  await assertAlike(
    { spans: [{ text: 'Bid ' }, { text: '14', fontSize: 56 }, { text: ' ETH', fontSize: 24 }] },
    {
      fonts: ['sans'],
      html: 'Bid <span style="font-size:56px">14</span><span style="font-size:24px"> ETH</span>',
    },
  );
});

const SPACED: readonly (readonly [font: Font, text: string, spacing: number])[] = [
  ['sans', 'Two Lovers', 12],
  ['sans', 'office fflüssig', 6],
  ['sans', 'Tight words', -2],
  ['devanagari', 'क्षत्रिय', 12],
  ['bengali', 'বাংলা লেখা', 8],
  ['thai', 'สวัสดี น้ำ', 10],
  ['hebrew', 'שלום עולם', 9],
  ['arabic', 'مرحبا بالعالم', 10],
  ['sans', 'e\u0301le\u0301gant', 10],
  ['japanese', '日本語テキスト', 7],
];
for (const [font, text, spacing] of SPACED) {
  test(`letters are set apart as in Chromium: ${text}, ${spacing} px`, async () => {
    await assertAlike(
      { text, letterSpacing: spacing },
      { fonts: [font], html: text, style: `letter-spacing:${spacing}px` },
    );
  });
}

const FIGURES = ['Current bid 21 ETH', '11:11:11', '1:07.41', '€1,110.00'];
for (const text of FIGURES) {
  test(`figures are set as in Chromium, as wide as each other or not: ${text}`, async () => {
    await assertAlike({ text }, { fonts: ['inter'], html: text });
    await assertAlike(
      { text, digits: 'tabular' },
      { fonts: ['inter'], html: text, style: 'font-variant-numeric:tabular-nums' },
    );
    await assertAlike(
      { text, digits: 'proportional' },
      { fonts: ['inter'], html: text, style: 'font-variant-numeric:proportional-nums' },
    );
  });
}

const SCRIPTS: readonly (readonly [script: string, fonts: readonly Font[], text: string])[] = [
  ['Nastaliq', ['nastaliq'], 'پاکستان زندہ باد'],
  ['Bengali', ['bengali'], 'আমার সোনার বাংলা'],
  ['Tamil', ['tamil'], 'வணக்கம் உலகம்'],
  ['Tibetan', ['tibetan'], 'བཀྲ་ཤིས་བདེ་ལེགས'],
  ['Cherokee', ['cherokee'], 'ᎣᏏᏲ ᏣᎳᎩ'],
  ['Georgian', ['georgian'], 'გამარჯობა მსოფლიო'],
  ['Khmer', ['khmer'], 'សួស្តីពិភពលោក'],
  ['Latin', ['open'], 'AVATAR Wave Töpfe'],
  ['Latin', ['inter'], 'Two Lovers at Dusk — 14×12'],
  ['mixed', ['sans', 'arabic', 'hebrew'], 'abc مرحبا 12 שלום (x)'],
];
for (const [script, fonts, text] of SCRIPTS) {
  test(`${script} looks as on a page of Chromium: ${text}`, async () => {
    await assertAlike({ text }, { fonts, html: text });
  });
}
