import { timeFormatProblem } from '../time-text.js';

/** What of the format of a time cannot be understood. */
export function checkTimeFormat(
  format: string,
  of: 'moment' | 'duration',
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  const message = timeFormatProblem(format, of);
  return message === null ? [] : [{ path: ['format'], message }];
}
