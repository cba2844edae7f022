import type { RandomNumbers } from './random-numbers.js';

/** What somebody may send to a chat who wishes it ill, or only has much to say. */
export type HostileMessage = {
  readonly kind: string;
  readonly author: string;
  readonly text: string;
};

/** Most characters that a message may have: `chatTextChars` of the limits, written down once more on purpose. */
const MOST_CHARS = 1000;
const MARKS = Array.from('\u0300\u0301\u0302\u0308\u030a\u0321\u0327\u0337\u0346\u0488\u20dd');
const OVERRIDES = Array.from(
  '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c',
);
const EMOJI = ['😀', '🔥', '👍🏽', '🇺🇳', '❤️‍🔥', '👩🏿‍🚀', '1️⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🫱🏻‍🫲🏾'];

/** A few words of many scripts, those among them that join, stack and run from the right. */
const SCRIPTS = [
  'The quick brown fox jumps over the lazy dog',
  'Ξεσκεπάζω την ψυχοφθόρα βδελυγμία',
  'Съешь же ещё этих мягких французских булок',
  'Տեսնենք՝ ինչպես է սա երևում',
  'דג סקרן שט בים מאוכזב ולפתע מצא חברה',
  'نص حكيم له سر قاطع وذو شأن عظيم مكتوب',
  'ہر شخص کو آزادی ہے',
  'ܫܠܡܐ ܥܠܡܐ',
  'ކިޔާފަތްޖަހާ',
  'ऋषियों को सताने वाले दुष्ट राक्षसों के राजा',
  'আমি কাঁচ খেতে পারি, তাতে আমার কোনো ক্ষতি হয় না',
  'ਮੈਂ ਗਲਾਸ ਖਾ ਸਕਦਾ ਹਾਂ',
  'હું કાચ ખાઇ શકુ છુ',
  'நான் கண்ணாடி சாப்பிடுவேன்',
  'నేను గాజు తినగలను',
  'ನಾನು ಗಾಜನ್ನು ತಿನ್ನಬಲ್ಲೆ',
  'എനിക്ക് ഗ്ലാസ് തിന്നാം',
  'මට වීදුරු කෑමට හැකියි',
  'ฉันกินกระจกได้ แต่มันไม่ทำให้ฉันเจ็บ',
  'ຂອ້ຍກິນແກ້ວໄດ້ໂດຍທີ່ມັນບໍ່ໄດ້ເຮັດໃຫ້ຂອ້ຍເຈັບ',
  'ཤེལ་སྒོ་ཟ་ནས་ང་ན་གི་མ་རེད',
  'က္ယ္ဝန္‌တော္‌ မ္ယက္‌မ္ယန္‌ စားနုိင္‌သည္‌',
  'ខ្ញុំអាចញុំកញ្ចក់បាន ដោយគ្មានបញ្ហារ',
  'ᠪᠢ ᠰᠢᠯᠢ ᠢᠳᠡᠶᠦ ᠴᠢᠳᠠᠨᠠ',
  'መስታወት መብላት እችላለሁ',
  'ᎠᏯ ᎤᎵᎮᎵᏍᏗ',
  'ᐊᓕᒍᖅ ᓂᕆᔭᕌᖓᒃᑯ ᓱᕋᙱᑦᑐᓐᓇᖅᑐᖓ',
  'ᚠᛇᚻ᛫ᛒᛦᚦ᛫ᚠᚱᚩᚠᚢᚱ',
  '我能吞下玻璃而不傷身體。',
  '私はガラスを食べられます。それは私を傷つけません。',
  '나는 유리를 먹을 수 있어요. 그래도 아프지 않아요',
  'ꀊꉬꇬ ꂷꋠ ꅿꐚ',
  '𐌼𐌰𐌲 𐌲𐌻𐌴𐍃 𐌹̈𐍄𐌰𐌽',
  '𝕿𝖍𝖊 𝓺𝓾𝓲𝓬𝓴 𝕓𝕣𝕠𝕨𝕟 ＦＯＸ',
] as const;

function times(count: number, make: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => make(i)).join('');
}

/** As many of the UTF-16 units of a text as a message may have. */
function filled(make: () => string): string {
  let text = '';
  while (text.length < MOST_CHARS) text += make();
  return text.slice(0, MOST_CHARS);
}

function letter(random: RandomNumbers): string {
  return String.fromCodePoint(random.between(0x61, 0x7a));
}

type Kinds = Readonly<Record<string, (random: RandomNumbers) => string>>;

const KINDS: Kinds = {
  'piles of marks': (random) =>
    times(30, () => letter(random) + times(25, () => random.pick(MARKS))),
  'too many letters': (random) => times(4096, () => letter(random)),
  'as many letters as there may be': (random) =>
    filled(() => (random.chance(0.2) ? ' ' : letter(random))),
  'as much of a script as there may be': (random) => filled(() => `${random.pick(SCRIPTS)} `),
  'a few words of a script': (random) => random.pick(SCRIPTS),
  'emoji joined without end': (random) =>
    filled(() => `${random.pick(['👨', '👩', '👧', '👦', '🐕'])}\u200d`),
  'a flood of emoji': (random) => filled(() => random.pick(EMOJI)),
  'changes of direction': (random) =>
    filled(() => `${random.pick(OVERRIDES)}${random.pick(SCRIPTS).slice(0, 7)}`),
  'control characters': (random) =>
    times(200, () => String.fromCharCode(random.between(0, 0x1f)) + letter(random)),
  'a word without an end': (random) => filled(() => letter(random).toUpperCase()),
  'an address': (random) =>
    filled(() => `https://${times(9, () => letter(random))}.example/?${random.next()}&%20/../#`),
  'a letter a line': (random) => filled(() => `${letter(random)}\n`),
  'halves of characters': (random) =>
    times(200, () => String.fromCharCode(random.between(0xd800, 0xdfff))),
  'characters at random': (random) => filled(() => String.fromCodePoint(random.between(1, 0xd7ff))),
  'characters of the higher planes': (random) =>
    filled(() => String.fromCodePoint(random.between(0x1_0000, 0x3_ffff))),
  'nothing to be seen': () => '\u200b\u200d\ufeff\u2060\u3164\u00ad'.repeat(100),
  'nothing at all': () => '',
  'markup and expressions': () =>
    '<script>alert(1)</script> {{bid.amount}} ${process.exit()} %s %n \\u0000 \'";--',
  'an ordinary one': (random) => `gg wp ${random.between(1, 99)}`,
};

const KIND_NAMES = Object.keys(KINDS);

/** The `i`th message: of each kind in turn, what it says by chance. */
export function hostileMessage(random: RandomNumbers, i: number): HostileMessage {
  const kind = KIND_NAMES[i % KIND_NAMES.length] ?? '';
  const author = random.chance(0.2)
    ? `${random.pick(SCRIPTS).slice(0, 20)}${random.pick(MARKS).repeat(40)}`
    : `viewer ${random.between(1, 500)}`;
  return { kind, author, text: KINDS[kind]?.(random) ?? '' };
}

/** A chat as tall as the picture, beside it. */
export const HOSTILE_CHAT = {
  id: 'chat',
  type: 'chat',
  x: 1300,
  y: 20,
  width: 600,
  height: 1040,
} as const;
