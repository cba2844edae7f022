/** What the state may hold at the most, next to what one scene may hold. */
export const STATE_LIMITS = {
  assets: 1000,
  /** Each output is a process of its own. */
  outputs: 32,
} as const;
