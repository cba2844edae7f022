import type { FontFeature } from '../../fonts/harfbuzz.js';
import type { Digits } from './text-spec.js';

const DIGIT_FEATURES: Readonly<Record<Digits, readonly FontFeature[]>> = {
  auto: [],
  tabular: [['tnum', 1]],
  proportional: [['pnum', 1]],
};
/** Letters that are set apart are not written as one: https://www.w3.org/TR/css-text-3/#letter-spacing-property. */
const SPACED_FEATURES: readonly FontFeature[] = [
  ['liga', 0],
  ['clig', 0],
];
/**
 * Browsers do not let spaces between Korean words be widened by what is beside them, unless the page says that it is
 * Korean.
 */
const HANGUL_FEATURES: readonly FontFeature[] = [['calt', 0]];

/** Features that a style asks for. @param isSpaced whether there is space between its letters */
export function styleFeatures(digits: Digits, isSpaced: boolean): readonly FontFeature[] {
  return [...DIGIT_FEATURES[digits], ...(isSpaced ? SPACED_FEATURES : [])];
}

/** Those, and what browsers ask for in a script. */
export function scriptFeatures(
  script: string,
  features: readonly FontFeature[],
): readonly FontFeature[] {
  return script === 'Hang' ? [...features, ...HANGUL_FEATURES] : features;
}
