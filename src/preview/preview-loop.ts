import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgramFrameReader } from '../memory/program-frames.js';
import type { PictureMaker } from './picture-maker.js';
import type { PreviewTier } from './contract.js';
import { TierCadence } from './tier-cadence.js';
import { tierKey } from './tier-key.js';

/** How long a grab waits for a program frame: the program may just have been woken for it. */
const GRAB_PATIENCE_MS = 1000;
const GRAB_POLL_MS = 10;

type Dependencies = {
  readonly reader: ProgramFrameReader;
  readonly maker: PictureMaker;
  readonly onPicture: (tier: PreviewTier, jpeg: Uint8Array<ArrayBuffer>) => void;
};

/** The preview thread's work: pictures for every tier in its rate, and single ones on demand. */
export class PreviewLoop {
  readonly #dependencies: Dependencies;
  #cadences = new Map<string, TierCadence>();
  #timer: NodeJS.Timeout | null = null;
  readonly #closing = new AbortController();

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** The tiers that have viewers; without any, nothing runs. A tier that stays keeps its beat. */
  setTiers(tiers: readonly PreviewTier[]): void {
    this.#cadences = new Map(
      tiers.map((tier) => {
        const key = tierKey(tier);
        return [key, this.#cadences.get(key) ?? new TierCadence(tier)];
      }),
    );
    this.#schedule();
  }

  /** A picture of the tier has arrived where it was sent. */
  taken(tier: PreviewTier): void {
    this.#cadences.get(tierKey(tier))?.taken();
  }

  /** A JPEG of the newest program frame; null when none is there in time. */
  async grab(widthPx: number, quality: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const giveUpAtMs = performance.now() + GRAB_PATIENCE_MS;
    while (!this.#closing.signal.aborted) {
      if (this.#scaleNewest(widthPx, () => true) !== null) {
        return this.#dependencies.maker.encode(quality);
      }
      if (performance.now() >= giveUpAtMs) return null;
      await sleep(GRAB_POLL_MS, null, { signal: this.#closing.signal }).catch(() => null);
    }
    return null;
  }

  close(): void {
    this.#cadences.clear();
    this.#closing.abort();
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const cadences = [...this.#cadences.values()];
    if (cadences.length === 0) return;
    const dueMs = Math.min(...cadences.map((cadence) => cadence.nextDueMs));
    this.#timer = setTimeout(
      () => {
        this.#tick();
        this.#schedule();
      },
      Math.max(0, dueMs - performance.now()),
    );
  }

  #tick(): void {
    const nowMs = performance.now();
    const byWidth = new Map<number, TierCadence[]>();
    for (const cadence of this.#cadences.values()) {
      if (!cadence.takeSlot(nowMs)) continue;
      const { widthPx } = cadence.tier;
      byWidth.set(widthPx, [...(byWidth.get(widthPx) ?? []), cadence]);
    }
    const { maker, onPicture } = this.#dependencies;
    for (const [widthPx, cadences] of byWidth) {
      let wanting: TierCadence[] = [];
      const sequence = this.#scaleNewest(widthPx, (candidate) => {
        wanting = cadences.filter((cadence) => cadence.wants(candidate, nowMs));
        return wanting.length > 0;
      });
      if (sequence === null) continue;
      for (const cadence of wanting) {
        cadence.sent(sequence, nowMs);
        onPicture(cadence.tier, maker.encode(cadence.tier.quality));
      }
    }
  }

  /**
   * Scales the newest program frame if it is wanted, and returns its sequence; null when there is none or it is not.
   * The frame is held only for the scaling, a millisecond or two, because the program waits for its memory.
   */
  #scaleNewest(widthPx: number, isWanted: (sequence: number) => boolean): number | null {
    const { reader, maker } = this.#dependencies;
    const frame = reader.acquireNewest();
    if (frame === null) return null;
    try {
      if (!isWanted(frame.sequence)) return null;
      maker.scale(frame, widthPx);
      return frame.sequence;
    } finally {
      frame.release();
    }
  }
}
