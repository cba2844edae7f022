/** How often is looked, milliseconds. */
const CHECK_MS = 1000;

export type HealthWatchOptions = {
  /** Why something that is wanted does not work, for people; empty: all works. */
  readonly troubles: () => readonly string[];
  /** How long it may not work, seconds. */
  readonly patienceSeconds: number;
  /** Called once, with the reasons. */
  readonly onGivenUp: (troubles: readonly string[]) => void;
};

/**
 * Watches whether what is wanted works, for whoever has the orchestrator start the process anew when it does not. Seconds are
 * turns of a timer, so that a machine that slept loses no time of it. Answers the function that ends it.
 */
export function watchHealth({
  troubles,
  patienceSeconds,
  onGivenUp,
}: HealthWatchOptions): () => void {
  let turns = 0;
  const timer = setInterval(() => {
    const reasons = troubles();
    turns = reasons.length === 0 ? 0 : turns + 1;
    if ((turns * CHECK_MS) / 1000 < patienceSeconds) return;
    clearInterval(timer);
    onGivenUp(reasons);
  }, CHECK_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
