import type { PreviewTier } from './contract.js';

/** Two tiers of the same key are the same tier, whichever side of the thread they come from. */
export function tierKey(tier: PreviewTier): string {
  return `${tier.widthPx}x${tier.fps}q${tier.quality}`;
}
