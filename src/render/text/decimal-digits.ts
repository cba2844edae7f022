/**
 * Decimal digits of any script, as far as they are one UTF-16 unit (General_Category Nd): ten of them follow each other
 * in each script, and begin at …0 or …6.
 */

const DIGIT = /\p{Nd}/u;
const DIGITS = /\p{Nd}/gu;

/** The zero of the digits that one belongs to; null: it is no digit. */
function zeroOf(character: string): number | null {
  const code = character.charCodeAt(0);
  if (code >= 0x30 && code <= 0x39) return 0x30;
  if (code < 0x80 || character.length !== 1 || !DIGIT.test(character)) return null;
  const [block, last] = [code - (code % 16), code % 16];
  return last < 10 && DIGIT.test(String.fromCharCode(block)) ? block : block + 6;
}

/** The value of the digit at a place of a text, 0 to 9; null: there is none. */
export function digitAt(text: string, at: number): number | null {
  const zero = zeroOf(text.charAt(at));
  return zero === null ? null : text.charCodeAt(at) - zero;
}

/** A text with one value in place of all its digits, each in its own script. */
export function withDigit(text: string, value: number): string {
  return text.replace(DIGITS, (digit) => {
    const zero = zeroOf(digit);
    return zero === null ? digit : String.fromCharCode(zero + value);
  });
}

/** The same for all texts that differ in nothing but the values of their digits. */
export function alike(text: string): string {
  return withDigit(text, 0);
}
