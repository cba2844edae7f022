const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;
const SHORTEST_DELAY_MS = 100;

/**
 * Milliseconds to wait before try number `attempt` (0: the first after a loss): exponential with full jitter, so
 * that many who lost the same server do not come back at the same moment. `random` is in [0, 1).
 */
export function backOffMs(attempt: number, random: number): number {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 16));
  return Math.max(SHORTEST_DELAY_MS, random * longest);
}
