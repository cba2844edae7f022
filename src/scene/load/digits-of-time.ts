/** Digits of a time that are drawn one by one, at the most. */
export const DIGITS_OF_TIME = 12;
