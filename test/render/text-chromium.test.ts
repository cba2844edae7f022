import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import { registerFont, registerShippedFonts } from '../../src/render/canvas.js';
import { FONTS_FOLDER } from '../../src/fonts/shipped-fonts.js';
import { layerSpans, toTextSpec } from '../../src/render/text/layer-spec.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import { TextLayerSchema } from '../../src/layers/text/schema.js';
import { drawInChromium, loadFonts } from '../support/chromium-canvas.js';
import { openChromium } from '../support/chromium.js';
import { renderStill, sceneFrom } from '../support/engine.js';
import { ssim, type Grey } from '../support/ssim.js';
import { testFamilies, testFonts } from '../support/test-fonts.js';

/**
 * The same strings, drawn by a text layer and by the canvas of Chromium from the same font files: whoever makes a
 * scene in a browser gets on air what was seen there. Chromium orders and shapes each string by itself.
 */
const LEAST_SSIM = 0.98;
const FONT_SIZE = 40;
/** Emoji are 51/40.96 of this wide, so each stands on a whole pixel: Chromium never sets them between two, we do. */
const EMOJI_SIZE = 40.96;
const EDGE_PX = 12;
const HEIGHT_PX = 64;

const FONTS = {
  sans: testFonts('noto-sans'),
  bold: testFonts('noto-sans', 700),
  arabic: testFonts('noto-sans-arabic'),
  hebrew: testFonts('noto-sans-hebrew'),
  devanagari: testFonts('noto-sans-devanagari'),
  thai: testFonts('noto-sans-thai'),
  japanese: testFonts('kosugi'),
  korean: testFonts('gowun-dodum'),
  chinese: testFonts('zcool-xiaowei'),
  emoji: [join(FONTS_FOLDER, 'noto-color-emoji.ttf')],
} as const;
type Font = keyof typeof FONTS;

const STRINGS: readonly (readonly [script: string, text: string, ...fonts: Font[]])[] = [
  ['Latin', 'Sold! AVATAR for 14.50 ETH, first office', 'sans'],
  ['Latin', 'Žluťoučký kůň, naïve Tiếng Việt', 'sans'],
  ['Greek', 'Καλημέρα κόσμε, πώς είσαι;', 'sans'],
  ['Greek', 'Ἐν ἀρχῇ ἦν ὁ λόγος', 'sans'],
  ['Cyrillic', 'Съешь же ещё этих мягких булок', 'sans'],
  ['Cyrillic', 'Щастя, їжак і ґанок', 'sans'],
  ['Arabic', 'مرحبا بالعالم الجميل', 'sans', 'arabic'],
  ['Arabic', 'السعر 1250 يورو (EUR) فقط', 'sans', 'arabic'],
  ['Hebrew', 'שלום עולם, מה שלומך?', 'sans', 'hebrew'],
  ['Hebrew', 'Lot 42: ציור (שמן) by Dana כהן 1998', 'sans', 'hebrew'],
  ['Devanagari', 'नमस्ते दुनिया, क्षत्रिय', 'sans', 'devanagari'],
  ['Devanagari', 'हिन्दी में लिखा हुआ', 'sans', 'devanagari'],
  ['Thai', 'สวัสดีชาวโลก ยินดีต้อนรับ', 'sans', 'thai'],
  ['Thai', 'ราคา ๑๒๓ บาท น้ำ', 'sans', 'thai'],
  ['Japanese', '日本語のテキスト、こんにちは。', 'japanese'],
  ['Japanese', 'カタカナ「引用」とABC', 'japanese'],
  ['Korean', '안녕하세요 세계', 'korean'],
  ['Korean', '경매 번호 42번', 'korean'],
  ['Chinese', '你好，世界！拍卖现在开始', 'chinese'],
  ['Chinese', '简体中文和 English 混排', 'chinese'],
  ['emoji', '👩‍🎨👍🏽🇪🇺❤️🏳️‍🌈🎉', 'emoji'],
];

const FAMILIES = testFamilies(FONTS);

registerShippedFonts();
for (const [family, path] of FAMILIES.files) assert.ok(registerFont(path, family), path);
const memory = createSharedMemory();
const engine = createTextEngine();
const sources = FAMILIES.files.map(([family, path]) => ({ family, path }));
engine.fonts.add(sources);
const browser = await openChromium();
after(() => browser.close());
await loadFonts(browser.page, FAMILIES.files);

/** Luma of BT.709. */
function toGrey(width: number, height: number, rgba: ArrayLike<number>): Grey {
  const samples = Float64Array.from({ length: width * height }, (_, i) => {
    const at = (channel: number): number => rgba[i * 4 + channel] ?? 0;
    return 0.2126 * at(0) + 0.7152 * at(1) + 0.0722 * at(2);
  });
  return { width, height, samples };
}

async function compare(text: string, fonts: readonly Font[], color: string): Promise<number> {
  const families = fonts.flatMap((font) => FAMILIES.of(font));
  const fontSize = fonts.includes('emoji') ? EMOJI_SIZE : FONT_SIZE;
  const layer = TextLayerSchema.parse({
    id: 'a',
    type: 'text',
    text,
    fontFamily: families.join(', '),
    fontSize,
    color,
    x: EDGE_PX,
    y: 0,
  });
  const layout = engine.setText(toTextSpec(layer, layerSpans(layer)));
  const [line] = layout.lines;
  assert.ok(line !== undefined);
  const [width, height] = [2 * Math.ceil(layout.width / 2) + 2 * EDGE_PX, HEIGHT_PX];
  const scene = sceneFrom({ id: 's', width, height, layers: [layer] });
  const ours = await renderStill(scene, { width, height, timeMs: 0, memory, fonts: sources });
  const theirs = await drawInChromium(browser.page, {
    width,
    height,
    text,
    color,
    font: `${fontSize}px ${families.map((family) => `"${family}"`).join(', ')}`,
    direction: /^\p{Script=Arabic}|^\p{Script=Hebrew}/u.test(text) ? 'rtl' : 'ltr',
    x: EDGE_PX + line.x,
    baseline: line.baseline,
  });
  return ssim(toGrey(width, height, ours.rgba), toGrey(width, height, theirs));
}

for (const [script, text, ...fonts] of STRINGS) {
  test(`${script} looks as in Chromium: ${text}`, async () => {
    const found = await compare(text, fonts, '#ffffff');
    assert.ok(found >= LEAST_SSIM, `SSIM is ${found.toFixed(4)}`);
  });
}

test('letters are as bold as in Chromium, whatever their colour', async () => {
  for (const color of ['#ffffff', '#ffd84a', '#40a0ff', '#404850']) {
    const found = await compare('Two Lovers at Dusk', ['bold'], color);
    assert.ok(found >= LEAST_SSIM, `SSIM of ${color} is ${found.toFixed(4)}`);
  }
});

test('a text that differs by one letter is told from the same one', async () => {
  const draw = async (text: string): Promise<Grey> => {
    const [width, height] = [160, HEIGHT_PX];
    const layer = { id: 'a', type: 'text', text, fontSize: FONT_SIZE } as const;
    const scene = sceneFrom({ id: 's', width, height, layers: [layer] });
    return toGrey(width, height, (await renderStill(scene, { width, height, timeMs: 0 })).rgba);
  };
  const [sold, solo] = [await draw('Sold'), await draw('Solo')];
  assert.equal(ssim(sold, sold), 1);
  assert.ok(ssim(sold, solo) < LEAST_SSIM);
});
