/** What the sound may hold at the most. */
export const SOUND_LIMITS = {
  sources: 100,
  buses: 16,
  duckingRules: 16,
  /** Sources that are decoded, each by a process of its own. */
  decodedSources: 32,
  playlistEntries: 500,
  crossfadeMs: 12_000,
  /** Clips that sound or wait. */
  clips: 1000,
  /** Clips that sound at once, besides queued ones. */
  soundingClips: 32,
  clipMarkers: 16,
  /** From here on down there is silence. */
  minGainDb: -120,
  maxGainDb: 24,
  minOffsetMs: -500,
  maxOffsetMs: 5000,
} as const;
