/**
 * What is done about memory that comes near its limit, each with what comes before it: caches are given up; nothing large
 * is painted any more, so that layers show what their `onError` says.
 */
export const MEMORY_STEPS = ['none', 'caches', 'layers'] as const;

export type MemoryStep = (typeof MEMORY_STEPS)[number];

/** From these shares of the limit on. */
const CACHES_FROM = 0.8;
const LAYERS_FROM = 0.9;
/** A step is taken back below this share. */
const OVER_BELOW = 0.7;

/** What is to be done when so much of the limit is held, and what was before. */
export function memoryStep(bytes: number, limitBytes: number, before: MemoryStep): MemoryStep {
  const share = bytes / limitBytes;
  if (share >= LAYERS_FROM) return 'layers';
  if (share >= CACHES_FROM) return before === 'layers' ? 'layers' : 'caches';
  return share < OVER_BELOW ? 'none' : before;
}
