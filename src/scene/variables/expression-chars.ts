/** Characters of the expressions in the `{{…}}` of a text, counted without parsing them: in one pass. */
export function placeholderChars(text: string): number {
  let sum = 0;
  for (let start = text.indexOf('{{'); start >= 0;) {
    const end = text.indexOf('}}', start + 2);
    if (end < 0) break;
    sum += end - start - 2;
    start = text.indexOf('{{', end + 2);
  }
  return sum;
}
