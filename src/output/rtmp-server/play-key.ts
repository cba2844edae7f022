import { createHmac, randomBytes } from 'node:crypto';

/** What decides whether players need a key. */
export type PlayKeySource = {
  /** RTMP_PLAY_KEY; null: none was chosen. */
  readonly chosen: string | null;
  readonly apiToken: string | null;
  /** Whether tokens of an auth service let people in. */
  readonly hasJwt: boolean;
};

/**
 * The key that players of the built-in RTMP server must give; null: anybody may play, as anybody may use the API. Without
 * one of its own it follows from the token of the API, so that it is the same after a restart, and gives nothing of the
 * token away; with an auth service alone it is a new one at every start.
 */
export function playKeyOf({ chosen, apiToken, hasJwt }: PlayKeySource): string | null {
  if (chosen !== null) return chosen;
  if (apiToken !== null)
    return createHmac('sha256', apiToken).update('stream-manager rtmp play').digest('base64url');
  return hasJwt ? randomBytes(24).toString('base64url') : null;
}
