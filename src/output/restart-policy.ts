/** An encoder that lived this long was well: its end is an accident, and it is started again at once. */
export const STABLE_ENCODER_MS = 10_000;
/** Deaths in a row without anything delivered after which trying again is pointless: the settings are wrong. */
export const FRUITLESS_DEATHS = 3;

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;

/** One life of the encoder: how long, and whether it delivered anything. */
export type EncoderLife = { readonly livedMs: number; readonly delivered: boolean };

/** What follows a death: another start after `delayMs`, or giving up. */
export type RestartDecision =
  { readonly kind: 'restart'; readonly delayMs: number } | { readonly kind: 'give-up' };

/**
 * Decides from the lives so far, oldest first, the last being the one that has just ended. The first death after
 * a good life is answered at once, further ones ever slower.
 */
export function decideRestart(lives: readonly EncoderLife[]): RestartDecision {
  const firstGood = lives.findLastIndex((life) => life.livedMs >= STABLE_ENCODER_MS);
  const shortLives = lives.length - 1 - firstGood;
  const fruitless = lives.slice(-FRUITLESS_DEATHS);
  if (fruitless.length === FRUITLESS_DEATHS && fruitless.every((life) => !life.delivered))
    return { kind: 'give-up' };
  if (shortLives <= 1) return { kind: 'restart', delayMs: 0 };
  const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(shortLives - 2, 10));
  return { kind: 'restart', delayMs };
}
