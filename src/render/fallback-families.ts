/** Scripts of Google's Noto that systems have in packages, as the names of its families say them. */
const NOTO_SANS = [
  // First: their texts have the most different signs, and each is looked for in all families before its own.
  'CJK JP',
  'CJK KR',
  'CJK SC',
  'Arabic',
  'Hebrew',
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Sinhala',
  'Thai',
  'Lao',
  'Khmer',
  'Myanmar',
  'Ethiopic',
  'Georgian',
  'Armenian',
  'Symbols',
  'Symbols 2',
  'Math',
];

/**
 * Families in which glyphs are looked for that no shipped font has. The canvas binding does not ask the system by
 * itself; families that are not installed are passed over. A name costs half a microsecond per text that is measured.
 */
export const FALLBACK_FAMILIES: readonly string[] = [
  ...NOTO_SANS.map((script) => `Noto Sans ${script}`),
  'DejaVu Sans',
];
