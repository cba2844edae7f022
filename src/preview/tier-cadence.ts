import type { PreviewTier } from './contract.js';

/** A picture that shows nothing new is sent after this long: whoever has just come sees something. */
const KEEP_ALIVE_MS = 1000;
/** Pictures of a tier that may be on their way to the main thread: one that it works on and one that waits. */
const MAX_IN_FLIGHT = 2;

/**
 * When a tier is due, and whether it needs a picture then. Slot n begins at n / fps seconds of the thread's clock,
 * computed from n, so that tiers of related rates fall together and share the scaling.
 */
export class TierCadence {
  readonly tier: PreviewTier;
  #slot = -1;
  #sequence = -1;
  #sentAtMs = -Infinity;
  #inFlight = 0;

  constructor(tier: PreviewTier) {
    this.tier = tier;
  }

  /** Start of the next slot, in milliseconds of the thread's clock. */
  get nextDueMs(): number {
    return ((this.#slot + 1) * 1000) / this.tier.fps;
  }

  /** Takes the slot of this moment; false when it was taken already. Slots that were missed are gone. */
  takeSlot(nowMs: number): boolean {
    // The small number keeps a slot's own start, computed above, from falling into the slot before it.
    const slot = Math.floor((nowMs * this.tier.fps) / 1000 + 1e-6);
    if (slot <= this.#slot) return false;
    this.#slot = slot;
    return true;
  }

  /** Whether a picture of this program frame is wanted, and may be sent. */
  wants(sequence: number, nowMs: number): boolean {
    if (this.#inFlight >= MAX_IN_FLIGHT) return false;
    return sequence !== this.#sequence || nowMs - this.#sentAtMs >= KEEP_ALIVE_MS;
  }

  /** A picture of this program frame is on its way. */
  sent(sequence: number, nowMs: number): void {
    this.#sequence = sequence;
    this.#sentAtMs = nowMs;
    this.#inFlight += 1;
  }

  /** A picture has arrived. */
  taken(): void {
    this.#inFlight = Math.max(0, this.#inFlight - 1);
  }
}
