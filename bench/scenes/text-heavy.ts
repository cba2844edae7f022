import { createRandom } from '../../src/demo/random.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { SceneInput } from '../../src/scene/schema/scene.js';

const SEED = 7;

/** Headline, and a sentence for its paragraph, in one script each. */
const STORIES: readonly (readonly [headline: string, sentence: string])[] = [
  ['Harbour reopens after storm', 'Ferries run again from this morning, the port authority says.'],
  ['Новый мост открыт для движения', 'Первые автомобили проехали по нему на рассвете.'],
  ['Η γιορτή του κρασιού αρχίζει', 'Οι επισκέπτες έρχονται από όλη τη χώρα.'],
  ['Chợ đêm mở cửa trở lại', 'Người dân thành phố vui mừng với tin này.'],
  ['افتتاح المعرض الكبير للكتاب', 'يستمر المعرض عشرة أيام ويضم 420 ناشرا من 36 دولة.'],
  ['הרכבת המהירה יוצאת לדרך', 'הנסיעה אורכת 28 דקות בלבד, לעומת שעה קודם.'],
  ['नई रेल सेवा शुरू हुई', 'यात्रियों ने पहले ही दिन इसका स्वागत किया।'],
  ['ตลาดน้ำกลับมาคึกคัก', 'นักท่องเที่ยวเดินทางมาจากทั่วประเทศในช่วงวันหยุด'],
  ['桜の開花が始まりました', '例年より一週間早く、市内の公園は人でにぎわっています。'],
  ['新的图书馆今天开放', '第一天就有三千多名读者来到这里阅读和学习。'],
  ['겨울 축제가 열립니다', '올해는 더 많은 공연과 전시가 준비되어 있습니다.'],
  ['Emoji 👩🏽‍🚀 lands on the moon 🌕', 'Family 👨‍👩‍👧‍👦 watches, flags 🇫🇷🇯🇵 wave, all is well ✅.'],
];

const COLUMNS = 4;
const CARD = { width: 430, height: 250, gap: 24, left: 60, top: 190 };

const WORDS =
  'bid lot room hand offer voice gavel price frame light night painter apple again higher going once twice sold from the of and with a to in on at'.split(
    ' ',
  );

/** A paragraph that is another one for every second. */
function liveParagraph(second: number): string {
  const random = createRandom(SEED + second * 7919);
  // The first numbers of neighbouring seeds are alike.
  for (let i = 0; i < 8; i++) random();
  const words = Array.from({ length: 44 }, () => WORDS[Math.floor(random() * WORDS.length)] ?? '');
  return `${words.join(' ')}.`;
}

function card([headline, sentence]: readonly [string, string], i: number): LayerInput[] {
  const x = CARD.left + (i % COLUMNS) * (CARD.width + CARD.gap);
  const y = CARD.top + Math.floor(i / COLUMNS) * (CARD.height + CARD.gap);
  const width = CARD.width - 40;
  const [first = '', ...rest] = headline.split(' ');
  return [
    {
      id: `card-${i}`,
      type: 'text',
      text: ' ',
      x,
      y,
      width: CARD.width,
      height: CARD.height,
      box: { color: '#ffffff14', padding: 0, cornerRadius: 16 },
    },
    {
      id: `headline-${i}`,
      type: 'text',
      x: x + 20,
      y: y + 16,
      width,
      fontSize: 32,
      spans: [
        { text: first, color: '#ffd84a', fontWeight: 700 },
        ...(rest.length === 0 ? [] : [{ text: ` ${rest.join(' ')}`, fontWeight: 600 }]),
      ],
      maxLines: 2,
      shadow: { y: 2, blur: 6 },
    },
    {
      id: `paragraph-${i}`,
      type: 'text',
      x: x + 20,
      y: y + 104,
      width,
      fontSize: 22,
      text: `${sentence} `.repeat(4).trim(),
      maxLines: 4,
      color: '#d8e0f0',
    },
    {
      id: `byline-${i}`,
      type: 'text',
      x: x + 20,
      y: y + CARD.height - 36,
      fontSize: 17,
      text: `Desk ${i + 1} · ${i + 2} min`,
      color: '#90a0c0',
      letterSpacing: 1,
    },
  ];
}

/**
 * A news page: some fifty texts in a dozen scripts with spans, shadows and wrapping, a ticker, a clock that shows
 * hundredths, and one paragraph that is set anew every second.
 */
export function textHeavyScene(second: number): SceneInput {
  return {
    id: 'text-heavy',
    background: '#101828',
    layers: [
      {
        id: 'masthead',
        type: 'text',
        text: 'The Evening Lot',
        x: 60,
        y: 40,
        fontSize: 84,
        fontWeight: 800,
        stroke: { width: 4, color: '#000000' },
        color: {
          type: 'linear',
          stops: [
            { at: 0, color: '#ffffff' },
            { at: 1, color: '#88b4ff' },
          ],
        },
      },
      {
        id: 'clock',
        type: 'clock',
        format: 'HH:mm:ss.cc',
        x: 1860,
        y: 56,
        fontSize: 56,
        anchor: { x: 1, y: 0 },
      },
      {
        id: 'live',
        type: 'text',
        text: liveParagraph(second),
        x: 860,
        y: 40,
        width: 620,
        fontSize: 20,
        maxLines: 5,
        align: 'justify',
        color: '#c0ccdf',
      },
      ...STORIES.flatMap(card),
      {
        id: 'ticker',
        type: 'ticker',
        x: 0,
        y: 1016,
        width: 1920,
        height: 52,
        fontSize: 34,
        text: STORIES.map(([headline]) => headline).join('  •  '),
        speed: 200,
      },
    ],
  };
}
