import { redactSecrets } from '../core/logger.js';

/** Shorter texts are not hidden: they would be found in half the words of a message. */
const LEAST_CHARACTERS = 4;

/**
 * A line without these secrets and without what `redactSecrets` finds. What writes lines may cut them: a secret that
 * only begins at the end of the line is hidden as well.
 */
export function hideSecrets(line: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= LEAST_CHARACTERS)
    .reduce(
      (text, secret) => withoutBeginning(text.replaceAll(secret, '***'), secret),
      redactSecrets(line),
    );
}

function withoutBeginning(text: string, secret: string): string {
  for (let length = Math.min(text.length, secret.length - 1); length >= LEAST_CHARACTERS; length--)
    if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}***`;
  return text;
}
