import type { LedgerSnapshot } from './contract.js';

/** What became of one slot of the program clock. */
export type FrameOutcome = 'rendered' | 'unchanged' | 'late' | 'skipped';

/** Counts every slot of the clock exactly once. */
export class Ledger {
  #counts: Record<FrameOutcome, number> = { rendered: 0, unchanged: 0, late: 0, skipped: 0 };

  count(outcome: FrameOutcome): void {
    this.#counts[outcome] += 1;
  }

  reset(): void {
    this.#counts = { rendered: 0, unchanged: 0, late: 0, skipped: 0 };
  }

  /** `clock` is the sum of the others by construction; that it equals the clock's own count, the clock checks. */
  snapshot(): LedgerSnapshot {
    const { rendered, unchanged, late, skipped } = this.#counts;
    return { clock: rendered + unchanged + late + skipped, rendered, unchanged, late, skipped };
  }
}
