/** What the sound may hold at the most. */
export const SOUND_LIMITS = {
  sources: 100,
  buses: 16,
  duckingRules: 16,
  /** From here on down there is silence. */
  minGainDb: -120,
  maxGainDb: 24,
  minOffsetMs: -500,
  maxOffsetMs: 5000,
} as const;
