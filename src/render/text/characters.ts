/**
 * What setting a text needs to know of a character. Unicode's properties are asked by regular expressions, which is
 * slow, so each character is asked once and its answer kept: 10 ns the second time.
 */

/** ISO 15924, those that are written most first; the places of Common and Inherited are used below. */
const SCRIPTS = [
  ...['Zyyy', 'Zinh', 'Latn', 'Hani', 'Hira', 'Kana', 'Arab', 'Hebr', 'Cyrl', 'Grek', 'Hang'],
  ...['Deva', 'Thai', 'Beng', 'Taml', 'Telu', 'Gujr', 'Guru', 'Knda', 'Mlym', 'Sinh', 'Laoo'],
  ...['Khmr', 'Mymr', 'Tibt', 'Geor', 'Armn', 'Ethi', 'Cher', 'Cans', 'Mong', 'Bopo', 'Orya'],
  ...['Syrc', 'Thaa', 'Nkoo', 'Java', 'Bali', 'Sund', 'Cham', 'Lana', 'Talu', 'Yiii', 'Olck'],
  ...['Vaii', 'Copt', 'Goth', 'Runr', 'Ogam', 'Tfng', 'Tglg', 'Hano', 'Buhd', 'Tagb', 'Limb'],
  ...['Tale', 'Linb', 'Ugar', 'Shaw', 'Osma', 'Cprt', 'Brai', 'Bugi', 'Glag', 'Sylo', 'Xpeo'],
  ...['Khar', 'Xsux', 'Phnx', 'Phag', 'Lepc', 'Saur', 'Kali', 'Rjng', 'Lyci', 'Cari', 'Lydi'],
  ...['Tavt', 'Avst', 'Egyp', 'Samr', 'Lisu', 'Bamu', 'Mtei', 'Armi', 'Sarb', 'Prti', 'Phli'],
  ...['Orkh', 'Kthi', 'Batk', 'Brah', 'Mand', 'Cakm', 'Merc', 'Mero', 'Plrd', 'Shrd', 'Sora'],
  ...['Takr', 'Aghb', 'Bass', 'Dupl', 'Elba', 'Gran', 'Khoj', 'Lina', 'Mahj', 'Mani', 'Mend'],
  ...['Modi', 'Mroo', 'Narb', 'Nbat', 'Palm', 'Pauc', 'Perm', 'Phlp', 'Sidd', 'Sind', 'Tirh'],
  ...['Wara', 'Ahom', 'Hluw', 'Hatr', 'Mult', 'Hung', 'Sgnw', 'Adlm', 'Bhks', 'Marc', 'Newa'],
  ...['Osge', 'Tang', 'Gonm', 'Nshu', 'Soyo', 'Zanb', 'Dogr', 'Gong', 'Rohg', 'Maka', 'Medf'],
  ...['Sogo', 'Sogd', 'Elym', 'Nand', 'Hmnp', 'Wcho', 'Chrs', 'Diak', 'Kits', 'Yezi'],
];
const SCRIPT_TESTS = SCRIPTS.map((name) => new RegExp(`^\\p{Script=${name}}`, 'u'));
const COMMON = 0;
const INHERITED = 1;
const UNKNOWN_SCRIPT = 255;

/** How a character takes part in https://unicode.org/reports/tr29/#Grapheme_Cluster_Boundary_Rules. */
export const BREAK = {
  other: 0,
  control: 1,
  extend: 2,
  joiner: 3,
  regional: 4,
  prepend: 5,
  spacing: 6,
  hangulL: 7,
  hangulV: 8,
  hangulT: 9,
  hangulLV: 10,
  hangulLVT: 11,
  pictograph: 12,
  /** Of scripts whose consonants are written as one across a virama. */
  consonant: 13,
  virama: 14,
} as const;
export type BreakClass = (typeof BREAK)[keyof typeof BREAK];

const PREPEND =
  /^[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\u{110bd}\u{110cd}\u{111c2}\u{111c3}\u{1193f}\u{11941}\u{11a3a}\u{11a84}-\u{11a89}\u{11d46}\u{11f02}]/u;
const EXTEND = /^[\p{Grapheme_Extend}\p{Emoji_Modifier}\u{e0020}-\u{e007f}]/u;
const SPACING = /^[\p{Mc}\u0e33\u0eb3]/u;
const CONTROL = /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const VIRAMA = /^[\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d\u1039\u17d2\u1a60\u1b44\ua9c0\uaaf6]/u;
const CONSONANT =
  /^[\u0915-\u0939\u0958-\u095f\u0978-\u097f\u0995-\u09b9\u09dc-\u09df\u09f0\u09f1\u0a95-\u0ab9\u0af9\u0b15-\u0b39\u0b5c-\u0b5f\u0b71\u0c15-\u0c39\u0c58-\u0c5a\u0d15-\u0d3a\u1000-\u102a\u103f\u1050-\u1055\u1780-\u17b3]/u;
const PICTOGRAPH = /^\p{Extended_Pictographic}/u;
const EMOJI = /^\p{Emoji_Presentation}/u;

function breakClassOf(character: string, code: number): BreakClass {
  if (code === 0x200d) return BREAK.joiner;
  // It keeps consonants from being written as one.
  if (code === 0x200c) return BREAK.spacing;
  if (code >= 0x1f1e6 && code <= 0x1f1ff) return BREAK.regional;
  if (PREPEND.test(character)) return BREAK.prepend;
  if (VIRAMA.test(character)) return BREAK.virama;
  if (EXTEND.test(character)) return BREAK.extend;
  if (CONTROL.test(character)) return BREAK.control;
  if (SPACING.test(character)) return BREAK.spacing;
  if (CONSONANT.test(character)) return BREAK.consonant;
  if ((code >= 0x1100 && code <= 0x115f) || (code >= 0xa960 && code <= 0xa97c))
    return BREAK.hangulL;
  if ((code >= 0x1160 && code <= 0x11a7) || (code >= 0xd7b0 && code <= 0xd7c6))
    return BREAK.hangulV;
  if ((code >= 0x11a8 && code <= 0x11ff) || (code >= 0xd7cb && code <= 0xd7fb))
    return BREAK.hangulT;
  if (code >= 0xac00 && code <= 0xd7a3)
    return (code - 0xac00) % 28 === 0 ? BREAK.hangulLV : BREAK.hangulLVT;
  return PICTOGRAPH.test(character) ? BREAK.pictograph : BREAK.other;
}

const EMOJI_BIT = 1 << 12;
const KNOWN_BIT = 1 << 15;
const PAGE = 256;
const pages = new Map<number, Uint16Array>();

/** Script in bits 0 to 7, break class in 8 to 11, whether it is an emoji by itself in 12. */
function propertiesOf(code: number): number {
  const page = pages.get(code >> 8) ?? new Uint16Array(PAGE);
  const known = page[code & 255] ?? 0;
  if (known !== 0) return known;
  const character = String.fromCodePoint(code);
  const script = SCRIPT_TESTS.findIndex((test) => test.test(character));
  const found =
    (script < 0 ? UNKNOWN_SCRIPT : script) |
    (breakClassOf(character, code) << 8) |
    (EMOJI.test(character) ? EMOJI_BIT : 0) |
    KNOWN_BIT;
  page[code & 255] = found;
  pages.set(code >> 8, page);
  return found;
}

export function breakClass(code: number): number {
  return (propertiesOf(code) >> 8) & 15;
}

/** Whether a character is an emoji unless it is told otherwise. */
export function isEmoji(code: number): boolean {
  return (propertiesOf(code) & EMOJI_BIT) !== 0;
}

/** The script of a character, as ISO 15924 calls it; null: it is written in all of them, or goes with what is before it. */
export function scriptOf(code: number): string | null {
  const script = propertiesOf(code) & 255;
  if (script === COMMON || script === INHERITED) return null;
  const name = SCRIPTS[script] ?? 'Zzzz';
  return name;
}
