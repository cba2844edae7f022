import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { createSharedMemory } from '../../src/memory/map.js';
import { FONTS_FOLDER } from '../../src/fonts/shipped-fonts.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { loadFonts } from '../support/chromium-canvas.js';
import { openChromium } from '../support/chromium.js';
import { renderStill, sceneFrom } from '../support/engine.js';
import { ssim, type Grey } from '../support/ssim.js';
import { testFamilies, testFont, testFonts } from '../support/test-fonts.js';

/**
 * Clocks, timers, scores, tables and tickers beside Chromium's pages with the same font files: digits of one width,
 * raised colons, right-to-left texts, one baseline for all scripts.
 */
const LEAST_SSIM = 0.98;
const SIZE = { width: 720, height: 72 };
const FONT_SIZE = 40;

const { files: FILES } = testFamilies({
  inter: [join(FONTS_FOLDER, 'inter-latin-400-normal.ttf')],
  sans: testFonts('noto-sans'),
  arabic: [testFont('noto-sans-arabic', 'arabic')],
  hebrew: [testFont('noto-sans-hebrew', 'hebrew')],
  devanagari: [testFont('noto-sans-devanagari', 'devanagari')],
  thai: [testFont('noto-sans-thai', 'thai')],
  japanese: testFonts('kosugi'),
  korean: testFonts('gowun-dodum'),
  chinese: testFonts('zcool-xiaowei'),
});
const STACK = FILES.map(([family]) => family).join(', ');

const memory = createSharedMemory();
const browser = await openChromium();
after(() => browser.close());
await loadFonts(browser.page, FILES);

/** Luma of BT.709. */
function toGrey(rgba: ArrayLike<number>): Grey {
  const { width, height } = SIZE;
  const samples = Float64Array.from({ length: width * height }, (_, i) => {
    const at = (channel: number): number => rgba[i * 4 + channel] ?? 0;
    return 0.2126 * at(0) + 0.7152 * at(1) + 0.0722 * at(2);
  });
  return { width, height, samples };
}

async function ours(layer: LayerInput, timeMs: number): Promise<Grey> {
  const scene = sceneFrom({ id: 's', ...SIZE, background: '#000000', layers: [layer] });
  const fonts = FILES.map(([family, path]) => ({ family, path }));
  const { rgba } = await renderStill(scene, { ...SIZE, timeMs, memory, fonts });
  return toGrey(rgba);
}

/** A text by the place of its end on the left, in the middle, or on the right. */
type Words = {
  readonly text: string;
  readonly x: number;
  readonly at?: 'left' | 'middle' | 'right';
  readonly isTabular: boolean;
};

/** Where the baseline of a line of 48 px is that begins at 10 px, by the first font. */
const BASELINE_PX = 49;
const RIGHT_TO_LEFT = /^\P{L}*[\p{Script=Hebrew}\p{Script=Arabic}]/u;

function toSvgText({ text, x, at = 'left', isTabular }: Words): string {
  const isRtl = RIGHT_TO_LEFT.test(text);
  const anchor = at === 'middle' ? 'middle' : (at === 'left') === isRtl ? 'end' : 'start';
  const numeric = isTabular ? 'tabular-nums' : 'normal';
  const style = `direction:${isRtl ? 'rtl' : 'ltr'};font-variant-numeric:${numeric};white-space:pre`;
  return `<text x="${x}" y="${BASELINE_PX}" text-anchor="${anchor}" style="${style}">${text}</text>`;
}

async function theirs(words: readonly Words[]): Promise<Grey> {
  const { width, height } = SIZE;
  await browser.page.setViewportSize(SIZE);
  const families = STACK.split(', ')
    .map((family) => `'${family}'`)
    .join(',');
  const style = `body{margin:0;background:#000}svg{display:block;fill:#fff;font:${FONT_SIZE}px ${families}}`;
  const svg = `<svg width="${width}" height="${height}">${words.map(toSvgText).join('')}</svg>`;
  await browser.page.evaluate(
    `document.body.innerHTML = ${JSON.stringify(`<style>${style}</style>${svg}`)}`,
  );
  const png = await browser.page.screenshot();
  return toGrey(await sharp(png).ensureAlpha().raw().toBuffer());
}

async function assertAlike(
  layer: LayerInput,
  timeMs: number,
  ...words: readonly Words[]
): Promise<void> {
  const [a, b] = [await ours(layer, timeMs), await theirs(words)];
  assert.ok(
    Array.from(b.samples).some((sample) => sample > 200),
    'Chromium has drawn nothing',
  );
  const found = ssim(a, b);
  assert.ok(found >= LEAST_SSIM, `SSIM is ${found.toFixed(4)}`);
}

const LOOK = { fontFamily: STACK, fontSize: FONT_SIZE, x: 10, y: 10 } as const;
const NOON_MS = Date.UTC(2024, 4, 5, 12, 41, 17);

for (const [format, timeMs, shown] of [
  ['HH:mm:ss', 4_271_000, '01:11:11'],
  ['HH:mm:ss.cc', 11_471_110, '03:11:11.11'],
  ['[Lot closes in ]m:ss', 671_000, 'Lot closes in 11:11'],
  ['[מתחילים בעוד ]mm:ss', 671_000, 'מתחילים בעוד 11:11'],
  ['[يبدأ خلال ]mm:ss', 754_000, 'يبدأ خلال 12:34'],
  ['[剩余 ]mm:ss', 754_000, '剩余 12:34'],
  ['[शेष समय ]mm:ss', 754_000, 'शेष समय 12:34'],
  ['[เหลือเวลา ]mm:ss', 754_000, 'เหลือเวลา 12:34'],
  ['[Осталось ]mm:ss', 754_000, 'Осталось 12:34'],
  ['[Απομένουν ]mm:ss', 754_000, 'Απομένουν 12:34'],
] as const)
  test(`a timer that shows ${shown} looks as in Chromium`, async () => {
    const layer = { id: 'a', type: 'timer', format, ...LOOK } as const;
    await assertAlike(layer, timeMs, { text: shown, x: 10, isTabular: true });
  });

test('a bid in a sentence has the digits of its font', async () => {
  const format = '[Current bid ]s[ ETH]';
  const layer = { id: 'a', type: 'timer', format, digits: 'proportional', ...LOOK } as const;
  await assertAlike(layer, 21_000, { text: 'Current bid 21 ETH', x: 10, isTabular: false });
});

for (const locale of ['en', 'de', 'he', 'ar', 'hi', 'th', 'ja', 'ko', 'ru', 'el', 'zh'])
  test(`a clock in ${locale} looks as in Chromium`, async () => {
    const intl = { locale, weekday: 'long', hour: '2-digit', minute: '2-digit' } as const;
    const shown = new Intl.DateTimeFormat(locale, { ...intl, timeZone: 'UTC' }).format(NOON_MS);
    const layer = { id: 'a', type: 'clock', intl, ...LOOK } as const;
    await assertAlike(layer, NOON_MS, { text: shown, x: 10, isTabular: true });
  });

for (const words of [
  'Lot 42 — Two Lovers: 12,500 ETH',
  'שלום (5) abc 12:30!',
  'مرحبا بالجميع 3:2',
  'Hello Ag 日本 Ag सोमवार Ag',
  'क्षत्रिय और नमस्ते',
  'สวัสดีชาวโลก น้ำ',
  'Žluťoučký kůň, Việt',
])
  test(`a ticker of "${words}" looks as in Chromium`, async () => {
    const box = { width: 710, height: 48, gap: 2000, speed: 0 };
    const layer = { id: 'a', type: 'ticker', text: words, ...box, ...LOOK } as const;
    await assertAlike(layer, 0, { text: words, x: 10, isTabular: false });
  });

test('a row of a table looks as in Chromium', async () => {
  const layer: LayerInput = {
    id: 'a',
    type: 'table',
    ...LOOK,
    width: 700,
    rowHeight: 48,
    rowColor: 'transparent',
    cellPadding: 0,
    header: { visible: false },
    columns: [
      { key: 'name', width: 300 },
      { key: 'time', width: 200 },
      { key: 'points', width: 200, align: 'right' },
    ],
    rows: [{ id: 'r', cells: ['Fútbol Club', "11:10'", 1114] }],
  };
  await assertAlike(
    layer,
    0,
    { text: 'Fútbol Club', x: 10, isTabular: true },
    { text: "11:10'", x: 310, isTabular: true },
    { text: '1,114', x: 710, at: 'right', isTabular: true },
  );
});

test('a label of progress looks as in Chromium', async () => {
  const layer: LayerInput = {
    id: 'a',
    type: 'progress',
    x: 10,
    y: 10,
    width: 700,
    height: 48,
    value: 0.71,
    trackColor: 'transparent',
    fill: 'transparent',
    label: { fontFamily: STACK, fontSize: FONT_SIZE },
  };
  await assertAlike(layer, 0, { text: '71%', x: 360, at: 'middle', isTabular: true });
});

for (const [label, figures, isRightToLeft] of [
  ['Wait for one more bid', '62%', false],
  ['ברצון, ובשמחה רבה', '62%', true],
  ['Žluťoučký кот 日本', '62%', false],
] as const)
  test(`the option "${label}" of a vote looks as in Chromium`, async () => {
    const layer: LayerInput = {
      id: 'a',
      type: 'vote',
      ...LOOK,
      // Its lines are 52 px high, those of the page 48.
      y: 8,
      width: 700,
      height: 100,
      trackColor: 'transparent',
      fill: 'transparent',
      winner: null,
      options: [{ id: 'o', label, value: 62 }],
      figures: `{count}%`,
    };
    const [start, end] = isRightToLeft
      ? (['right', 'left'] as const)
      : (['left', 'right'] as const);
    const xOf = (at: 'left' | 'right'): number => (at === 'left' ? 10 : 710);
    await assertAlike(
      layer,
      0,
      { text: label, x: xOf(start), at: start, isTabular: true },
      { text: figures, x: xOf(end), at: end, isTabular: true },
    );
  });
