import { AppError } from '../core/errors.js';
import type { ServiceState } from '../state/model.js';
import type { StateStore } from '../state/port.js';
import { auctionScene, AUCTION_ASSET_IDS, FIRST_BID_ETH } from './auction.js';
import { bidClip, SOUND_ASSET_IDS } from './sounds.js';

/** Every second one bid, as the layer `bid` of the scene counts them. */
const BID_INTERVAL_MS = 1000;
/** How much earlier its clip is asked for, milliseconds: that is how long it takes to be heard, within a frame or two. */
const LEAD_MS = 20;

const SCENE_ID = auctionScene(AUCTION_ASSET_IDS).id;

/** Since when the demo is on air with what a bid sounds like, program time in milliseconds; null: it is not. */
export function bidsSince({ program, assets }: ServiceState): number | null {
  const isThere = assets.some(({ id }) => id === SOUND_ASSET_IDS.bid);
  return isThere && program.sceneId === SCENE_ID ? program.takenAtMs : null;
}

export type BidsOptions = {
  readonly store: StateStore;
  /** Program time, milliseconds. */
  readonly now: () => number;
  /** Whether anything is to be heard at all. */
  readonly isRunning: () => boolean;
};

/** Plays a clip with every bid while the demo scene is on air, as a program of a user would do. */
export class DemoBids {
  readonly #options: BidsOptions;
  readonly #stopFollowing: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: BidsOptions) {
    this.#options = options;
    this.#stopFollowing = options.store.onApplied(({ before, after }) => {
      if (bidsSince(before) !== bidsSince(after)) this.#plan();
    });
    this.#plan();
  }

  close(): void {
    this.#stopFollowing();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #plan(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const { store, now } = this.#options;
    const sinceMs = bidsSince(store.state);
    if (sinceMs === null) return;
    const passedMs = now() + LEAD_MS - sinceMs;
    const bid = Math.max(1, Math.floor(passedMs / BID_INTERVAL_MS) + 1);
    this.#timer = setTimeout(
      () => {
        this.#play(bid);
        this.#plan();
      },
      Math.min(bid * BID_INTERVAL_MS - passedMs, BID_INTERVAL_MS),
    ).unref();
  }

  #play(bid: number): void {
    const { store, now, isRunning } = this.#options;
    if (!isRunning()) return;
    const clip = bidClip(FIRST_BID_ETH + bid);
    store.dispatch({ type: 'sound.clip.play', clip, atMs: now() }).catch((error: unknown) => {
      // A bid that cannot be played, because of others or because nothing can be stored, is not heard.
      if (!(error instanceof AppError)) throw error;
    });
  }
}
