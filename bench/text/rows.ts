import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { SheetFont } from './fonts.js';

/** A layer, and the HTML that shows the same. */
export type Row = {
  /** What it is an example of. */
  readonly title: string;
  /** Without `id`, place, size of letters, colour and fonts, which rows have in common unless they say otherwise. */
  readonly layer: Readonly<Record<string, unknown>> & Pick<LayerInput, 'type'>;
  readonly html: string;
  readonly fonts: readonly SheetFont[];
  /** CSS of the block; a line is 48 px high unless it says otherwise. */
  readonly css?: string;
  readonly heightPx?: number;
  readonly timeMs?: number;
};

const TABULAR = 'font-variant-numeric:tabular-nums';
/** A picture of Chromium's whose lines are as high as those of texts. */
const BLOCK = 'line-height:1.2';
const NOON_MS = Date.UTC(2024, 4, 5, 12, 41, 17);

function text(title: string, words: string, fonts: readonly SheetFont[], css = ''): Row {
  const layer = { type: 'text', text: words, lineHeight: 1.2 } as const;
  return { title, layer, html: words, fonts, css: `${BLOCK};${css}` };
}

function styled(title: string, words: string, font: SheetFont, fields: object, css: string): Row {
  return {
    title,
    layer: { type: 'text', text: words, lineHeight: 1.2, ...fields },
    html: words,
    fonts: [font],
    css: `${BLOCK};${css}`,
  };
}

function ticker(title: string, words: string, html: string, fonts: readonly SheetFont[]): Row {
  const layer = {
    type: 'ticker',
    text: words,
    width: 700,
    height: 48,
    gap: 2000,
    speed: 0,
  } as const;
  return { title, layer, html, fonts };
}

function timer(
  title: string,
  format: string,
  timeMs: number,
  html: string,
  fonts: readonly SheetFont[],
): Row {
  return {
    title,
    layer: { type: 'timer', format, lineHeight: 1.2 },
    timeMs,
    html,
    fonts,
    css: `${BLOCK};${TABULAR}`,
  };
}

function clock(locale: string, fonts: readonly SheetFont[]): Row {
  const intl = { locale, weekday: 'long', hour: '2-digit', minute: '2-digit' } as const;
  const html = new Intl.DateTimeFormat(locale, { ...intl, timeZone: 'UTC' }).format(NOON_MS);
  const layer = { type: 'clock', intl, lineHeight: 1.2 } as const;
  return {
    title: `clock in ${locale}`,
    layer,
    timeMs: NOON_MS,
    html,
    fonts,
    css: `${BLOCK};${TABULAR}`,
  };
}

const COLORS = ['#ffffff', '#ffd84a', '#40a0ff'];

function spans(title: string, font: SheetFont, ...parts: readonly string[]): Row {
  const colored = parts.map((part, i) => ({ text: part, color: COLORS[i % 3] ?? '' }));
  const html = colored.map((one) => `<span style="color:${one.color}">${one.text}</span>`).join('');
  return {
    title,
    layer: { type: 'text', spans: colored, lineHeight: 1.2 },
    html,
    fonts: [font],
    css: BLOCK,
  };
}

const LONG_NAME = 'Real Madrid Club de Fútbol and Sociedad Deportiva Eibar, again';

/** The cases of text that were once wrong, by their numbers. */
const CASES: readonly Row[] = [
  styled('T1 weight 650', 'Sold for 14.50 ETH', 'variable', { fontWeight: 650 }, 'font-weight:650'),
  {
    title: 'T2 a row of texts',
    layer: {
      type: 'group',
      width: 600,
      layout: { type: 'flex', gap: 20 },
      layers: ['Real Madrid Club de Fútbol', '12', "90+4'"].map((words, i) => ({
        id: `t${i}`,
        type: 'text',
        text: words,
        lineHeight: 1.2,
        fontSize: 36,
        fontFamily: 'test inter',
      })),
    },
    html: '<div style="display:flex;gap:20px;width:600px;white-space:normal"><div>Real Madrid Club de Fútbol</div><div>12</div><div>90+4\'</div></div>',
    fonts: ['inter'],
    css: BLOCK,
    heightPx: 110,
  },
  ticker(
    'T3 T4 a ticker, at rest',
    'Lot 42 — Two Lovers: 12,500 ETH',
    'Lot 42 — Two Lovers: 12,500 ETH',
    ['sans'],
  ),
  ticker('T5 from right to left', 'שלום (5) abc 12:30!', '<bdi>שלום (5) abc 12:30!</bdi>', [
    'sans',
    'hebrew',
  ]),
  text('T6 letters that join', 'مرحبا بالجميع', ['arabic'], 'direction:rtl'),
  spans('T7 joins across colours', 'arabic', 'مر', 'حبا', ' بال', 'جميع'),
  spans('T7 kerning across colours', 'sans', 'A', 'V', 'A', 'T', 'ar'),
  ticker('T8 tab, CR, U+2028', 'Score\t3:2\tFinal\rNext\u2028Line', 'Score 3:2 Final Next Line', [
    'sans',
  ]),
  {
    title: 'T8 two lines at the end',
    layer: {
      type: 'countdown',
      to: '2024-01-01T00:00:00Z',
      format: 'mm:ss',
      finishedText: 'SOLD!\nThank you',
      lineHeight: 1.2,
    },
    html: 'SOLD!\nThank you',
    fonts: ['sans'],
    timeMs: NOON_MS,
    css: BLOCK,
    heightPx: 110,
  },
  timer(
    'T9 the time on the left',
    '[מתחילים בעוד ]mm:ss',
    671_000,
    '<bdi>מתחילים בעוד 11:11</bdi>',
    ['sans', 'hebrew'],
  ),
  clock('hi', ['sans', 'devanagari']),
  ticker('T10 one baseline', 'Hello Ag 日本 Ag सोमवार Ag', 'Hello Ag 日本 Ag सोमवार Ag', [
    'sans',
    'devanagari',
    'japanese',
  ]),
  {
    title: 'T11 lines without spaces',
    layer: { type: 'text', text: '日本語の文字を。'.repeat(5), width: 600, lineHeight: 1.25 },
    html: '日本語の文字を。'.repeat(5),
    fonts: ['japanese'],
    css: `line-height:1.25;width:600px;white-space:normal`,
    heightPx: 150,
  },
  {
    title: 'T12 numbers stay whole',
    layer: {
      type: 'table',
      width: 500,
      rowHeight: 48,
      rowColor: 'transparent',
      cellPadding: 0,
      header: { visible: false },
      columns: [
        { key: 'name', width: 'auto' },
        { key: 'points', width: 'auto', align: 'right' },
      ],
      rows: [{ id: 'r', cells: [LONG_NAME, '1114'] }],
    },
    html: `<div style="display:flex;width:500px"><span style="overflow:hidden;text-overflow:ellipsis">${LONG_NAME}</span><span style="flex:none">1114</span></div>`,
    fonts: ['sans'],
    css: TABULAR,
  },
  styled(
    'T13 set apart by cluster',
    'क्षत्रिय',
    'devanagari',
    { letterSpacing: 12 },
    'letter-spacing:12px',
  ),
  styled('T13 set apart', 'office fflüssig', 'sans', { letterSpacing: 6 }, 'letter-spacing:6px'),
  text('T14 a bid', 'Current bid 21 ETH', ['inter']),
  timer('T14 a running time', 'HH:mm:ss', 4_271_000, '01:11:11', ['inter']),
  ...[300, 450, 650, 800].map((weight) =>
    styled(
      `T15 Open Sans ${weight}`,
      'Hamburgefonstiv 123',
      'open',
      { fontWeight: weight },
      `font-weight:${weight}`,
    ),
  ),
  text('T16 a heart as a letter', 'I ❤\ufe0e text', ['sans', 'symbols']),
  text('T16 monospace', 'fi 1il|O0', ['mono']),
  text('T16 letters of two files', 'Gęś, Žluťoučký', ['sans']),
  {
    ...text('T16 Nastaliq', 'یہ اردو نستعلیق ہے', ['nastaliq'], 'direction:rtl;line-height:2'),
    layer: { type: 'text', text: 'یہ اردو نستعلیق ہے', lineHeight: 2 },
    heightPx: 110,
  },
  text('T16 Tibetan', 'བོད་ཡིག་གི་ཡི་གེ', ['tibetan']),
  text('T16 Cherokee', 'ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ', ['cherokee']),
  ticker(
    'T17 no seam',
    `Žluťoučký kůň, ${'ę'.repeat(12)} Việt Nam`,
    `Žluťoučký kůň, ${'ę'.repeat(12)} Việt Nam`,
    ['sans'],
  ),
  {
    title: 'T18 midnight',
    layer: {
      type: 'clock',
      intl: { locale: 'en', hour: '2-digit', minute: '2-digit', hour12: false },
      lineHeight: 1.2,
    },
    html: '00:00',
    timeMs: Date.UTC(2024, 4, 5),
    fonts: ['inter'],
    css: `${BLOCK};${TABULAR}`,
  },
  {
    title: 'T18 cut with an ellipsis',
    layer: {
      type: 'text',
      text: 'Two Lovers at Dusk',
      width: 200,
      wrap: 'none',
      maxLines: 1,
      lineHeight: 1.2,
    },
    html: 'Two Lovers at Dusk',
    fonts: ['sans'],
    css: `${BLOCK};width:200px;overflow:hidden;text-overflow:ellipsis`,
  },
];

const SCRIPTS: readonly (readonly [script: string, words: string, fonts: readonly SheetFont[]])[] =
  [
    ['Latin', 'Sold! AVATAR for 14.50 ETH, first', ['sans']],
    ['Latin', 'Žluťoučký kůň, naïve Tiếng Việt', ['sans']],
    ['Greek', 'Καλημέρα κόσμε, πώς είσαι;', ['sans']],
    ['Cyrillic', 'Съешь же ещё этих мягких', ['sans']],
    ['Arabic', 'السعر 1250 يورو (EUR) فقط', ['sans', 'arabic']],
    ['Hebrew', 'שלום עולם, מה שלומך?', ['sans', 'hebrew']],
    ['Devanagari', 'नमस्ते दुनिया, क्षत्रिय', ['sans', 'devanagari']],
    ['Bengali', 'বাংলা লেখা', ['bengali']],
    ['Tamil', 'தமிழ் எழுத்து', ['tamil']],
    ['Thai', 'สวัสดีชาวโลก น้ำ', ['sans', 'thai']],
    ['Khmer', 'ភាសាខ្មែរ', ['khmer']],
    ['Georgian', 'ქართული ენა', ['georgian']],
    ['Japanese', 'カタカナ「引用」とABC', ['japanese']],
    ['Korean', '안녕하세요 세계 42번', ['korean']],
    ['Chinese', '你好，世界！拍卖现在开始', ['chinese']],
  ];

const RIGHT_TO_LEFT = /^[\p{Script=Arabic}\p{Script=Hebrew}]/u;

/** All rows of the sheet. */
export const ROWS: readonly Row[] = [
  ...CASES,
  ...SCRIPTS.map(([script, words, fonts]) =>
    text(script, words, fonts, RIGHT_TO_LEFT.test(words) ? 'direction:rtl' : ''),
  ),
  ...SCRIPTS.map(([script, words, fonts]) =>
    ticker(`ticker, ${script}`, words, `<bdi>${words}</bdi>`, fonts),
  ),
  ...['en', 'de', 'ru', 'el'].map((locale) => clock(locale, ['sans'])),
  clock('he', ['sans', 'hebrew']),
  clock('ar', ['sans', 'arabic']),
  clock('th', ['sans', 'thai']),
  clock('ja', ['japanese']),
  ...[100, 250, 400, 550, 700, 900].map((weight) =>
    styled(
      `weight ${weight}`,
      'Sold for 14.50 ETH',
      'variable',
      { fontWeight: weight },
      `font-weight:${weight}`,
    ),
  ),
  styled('slanted', 'Two Lovers at Dusk', 'sans', { fontStyle: 'italic' }, 'font-style:italic'),
  styled('tight', 'Tight words', 'sans', { letterSpacing: -2 }, 'letter-spacing:-2px'),
  styled('set apart', 'สวัสดี น้ำ', 'thai', { letterSpacing: 10 }, 'letter-spacing:10px'),
];
