import type { ChildExit } from './process.js';

/** What FFmpeg complains of, and what that means to people. */
const EXPLANATIONS: readonly (readonly [RegExp, string])[] = [
  [/matches no streams|does not contain any stream/i, 'It contains no sound.'],
  [/moov atom not found/i, 'It is not complete: its index is missing.'],
  [
    /partial file/i,
    'It is not complete, or has its index at its end while its server sends no parts of files: save it with the index first (faststart).',
  ],
  [/error decrypting|encrypted|drm/i, 'It is protected against copying (DRM).'],
  [/404 Not Found/i, 'The server has no such file (404).'],
  [/403 Forbidden/i, 'The server, or the guard of this service, refuses access (403).'],
  [/401 Unauthorized/i, 'The server requires a password (401).'],
  [/5\d\d Server Error|Server returned 5XX/i, 'The server has failed (5xx).'],
  [/certificate/i, 'The certificate of the server is not valid.'],
  [/Connection refused/i, 'The server does not accept connections.'],
  [/ends prematurely|Connection reset/i, 'The connection broke.'],
  [/timed out|I\/O error/i, 'The server does not answer.'],
  [/not whitelisted|whitelist/i, 'Its format or protocol is not supported.'],
  [/Invalid data found/i, 'It is not in a format that can be decoded, or it is broken.'],
  [/No such file/i, 'Its file is missing.'],
  [/Cannot allocate memory/i, 'Decoding it takes more memory than one file may have.'],
];

/** Why something could not be decoded, in a sentence. */
export function explainDecodeEnd(
  { code, signal }: ChildExit,
  complaints: readonly string[],
): string {
  const text = complaints.join('\n');
  const known = EXPLANATIONS.find(([pattern]) => pattern.test(text));
  if (known !== undefined) return known[1];
  if (signal !== null) return `FFmpeg was ended by ${signal}.`;
  if (code === null) return 'FFmpeg could not be started.';
  return complaints.at(-1) ?? `FFmpeg ended with the code ${code}.`;
}
