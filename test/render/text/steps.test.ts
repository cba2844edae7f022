import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import { FontCatalogue } from '../../../src/fonts/catalogue.js';
import { HarfBuzz } from '../../../src/fonts/harfbuzz.js';
import { FRAME_CHARACTERS, UnfinishedText } from '../../../src/render/text/allowance.js';
import { createTextEngine } from '../../../src/render/text/engine.js';
import type { TextSpec } from '../../../src/render/text/text-spec.js';
import { testFamilies, testFonts } from '../../support/test-fonts.js';
import { SPAN, specOf } from './monospace.js';

/**
 * What setting the longest texts takes of one frame, in any script, width and style. Characters that HarfBuzz shapes are
 * counted, and lines that are placed, not time: a microsecond or two for each, five in Nastaliq.
 */

const LONGEST = 4096;
/** One item is not cut, and none is longer. */
const LONGEST_ITEM = 1024;
/** Shaped once, once more where lines cut it, and for lines of one character and for the ends of lines once again. */
const MOST_SHAPED = 3 * LONGEST;

const FAMILIES = testFamilies({
  sans: testFonts('noto-sans'),
  arabic: testFonts('noto-sans-arabic'),
  nastaliq: testFonts('noto-nastaliq-urdu'),
  hebrew: testFonts('noto-sans-hebrew'),
  devanagari: testFonts('noto-sans-devanagari'),
  thai: testFonts('noto-sans-thai'),
  khmer: testFonts('noto-sans-khmer'),
  tibetan: testFonts('noto-serif-tibetan'),
  japanese: testFonts('kosugi'),
});
const fonts = new FontCatalogue(() => []);
fonts.add(FAMILIES.files.map(([family, path]) => ({ family, path })));
const ALL = [
  'sans',
  'arabic',
  'hebrew',
  'devanagari',
  'thai',
  'khmer',
  'tibetan',
  'japanese',
] as const;
const STACK = ALL.flatMap((font) => FAMILIES.of(font)).join(', ');
const NASTALIQ = FAMILIES.of('nastaliq').join(', ');

const TEXTS: Readonly<Record<string, string>> = {
  Latin: 'Two Lovers at Dusk, ',
  'one word': 'abcdefg',
  Cyrillic: 'Два влюбленных в сумерках ',
  Greek: 'Δύο εραστές το σούρουπο ',
  Japanese: '日本語の文字を組む。',
  'full stops': '。',
  Korean: '두 연인이 황혼에 ',
  Thai: 'คู่รักสองคนยามพลบค่ำ',
  Khmer: 'គូស្នេហ៍ពីរនាក់នៅពេលព្រលប់',
  Burmese: 'နေဝင်ဆည်းဆာချစ်သူနှစ်ဦး',
  Devanagari: 'सोमवार को दो प्रेमी क्षत्रिय ',
  Arabic: 'مرحبا بالجميع في المساء ',
  Urdu: 'شام کے وقت دو محبت کرنے والے ',
  Hebrew: 'שני אוהבים בשעת בין ערביים ',
  Tibetan: 'བོད་ཡིག་གི་ཡི་གེ ',
  'both directions': 'a(ש)1',
  'many scripts': 'Aあ한אع1क',
  emoji: '👨‍👩‍👧‍👦👍🏽🇩🇪❤️',
  'line ends': '\n',
  'a letter a line': 'a\n',
  'hyphens that may be there': 'abc\u00ad',
  'marks on marks': 'a\u0301\u0302\u0303\u0304',
  isolates: '\u2067א\u2069',
};

const STYLES: Readonly<Record<string, Partial<TextSpec>>> = {
  'at 800 px': { width: 800 },
  'at 1 px': { width: 1 },
  'at 100000 px': { width: 100_000 },
  'in one line that is cut': { width: 8000, wrap: 'none', maxLines: 1 },
  'made smaller to fit': { width: 800, height: 400, fit: 'shrink', minFontSize: 8 },
  justified: { width: 800, align: 'justify' },
  'cut after three lines': { width: 800, maxLines: 3 },
};

const shape = mock.method(HarfBuzz.prototype, 'shape');
after(() => {
  shape.mock.restore();
});

function shapedCharacters(): number {
  let sum = 0;
  for (const {
    arguments: [, { from, to }],
  } of shape.mock.calls)
    sum += to - from;
  return sum;
}

/** Characters shaped in each frame until the text is set. */
function shapedByFrame(spec: TextSpec): number[] {
  const engine = createTextEngine(fonts);
  const frames: number[] = [];
  while (frames.length <= LONGEST) {
    engine.allow(FRAME_CHARACTERS);
    shape.mock.resetCalls();
    try {
      engine.setText(spec);
      frames.push(shapedCharacters());
      return frames;
    } catch (error) {
      assert.ok(error instanceof UnfinishedText, String(error));
      frames.push(shapedCharacters());
    }
  }
  return assert.fail('it never ends');
}

function textSpec(
  part: string,
  style: Partial<TextSpec>,
  fontFamily: string,
  letterSpacing = 0,
): TextSpec {
  const text = part.repeat(Math.floor(LONGEST / part.length));
  const span = { ...SPAN, fontFamily, fontSize: 48, letterSpacing, text };
  return specOf('', { ...style, spans: [span] });
}

function assertBounded(spec: TextSpec, frameCharacters: number): void {
  const frames = shapedByFrame(spec);
  const [most, sum] = [Math.max(...frames), frames.reduce((a, b) => a + b, 0)];
  assert.ok(most <= frameCharacters + LONGEST_ITEM, `${most} characters in one frame`);
  const sizes = spec.fit === 'shrink' ? 2 : 1;
  assert.ok(sum <= sizes * MOST_SHAPED, `${sum} characters shaped for ${LONGEST}`);
  assert.ok(frames.length <= sizes * 30, `${frames.length} frames`);
}

for (const [style, fields] of Object.entries(STYLES))
  test(`no frame takes more of a long text than it may, whatever its script, ${style}`, () => {
    for (const part of Object.values(TEXTS))
      assertBounded(textSpec(part, fields, STACK), FRAME_CHARACTERS);
  });

test('no frame takes more of a long text than it may where its letters are set apart', () => {
  for (const part of Object.values(TEXTS))
    assertBounded(textSpec(part, { width: 800 }, STACK, 3), FRAME_CHARACTERS);
});

test('a frame takes less of a script whose letters are put together, and least of Nastaliq', () => {
  const { Arabic: arabic = '', Urdu: urdu = '' } = TEXTS;
  for (const part of [arabic, urdu]) {
    assertBounded(textSpec(part, { width: 800 }, STACK), FRAME_CHARACTERS / 3);
    assertBounded(textSpec(part, { width: 800 }, NASTALIQ), FRAME_CHARACTERS / 8);
  }
});

test('the least width of a long text is found a part at a time', () => {
  const engine = createTextEngine(fonts);
  const spec = textSpec(TEXTS.Thai ?? '', { width: 800 }, STACK);
  let frames = 0;
  for (let width: number | null = null; width === null; frames++) {
    engine.allow(FRAME_CHARACTERS / 4);
    try {
      width = engine.minWidth(spec);
      assert.equal(width, createTextEngine(fonts).minWidth(spec));
    } catch (error) {
      assert.ok(error instanceof UnfinishedText && frames < 99, String(error));
    }
  }
  assert.ok(frames > 4, `${frames}`);
});
