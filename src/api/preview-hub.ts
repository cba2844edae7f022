import { AppError } from '../core/errors.js';
import type { PreviewTier } from '../preview/contract.js';
import type { ApiLimits } from './limits.js';
import type { MetricsService, PreviewService } from './ports.js';
import { tierKey } from './preview-tiers.js';

/**
 * What may wait to be read by one viewer; beyond it pictures pass the viewer by until it has caught up. Below a
 * picture's size, so that a viewer is at most one picture behind what its network holds.
 */
export const VIEWER_BACKLOG_BYTES = 64 * 1024;
/** A page that asks for single pictures does so again and again: the program keeps running for it so long. */
const GRAB_LINGER_MS = 3000;

/** A viewer. */
export interface Viewer {
  /** Bytes that wait to be read. */
  backlogBytes(): number;
  /** Offers a picture; for viewers that are not reached by `publish`. */
  offer: ((jpeg: Uint8Array) => void) | null;
  close(code: number, reason: string): void;
}

type Seat = { readonly viewer: Viewer; stalledSinceMs: number | null };
type Room = {
  readonly tier: PreviewTier;
  readonly seats: Map<Viewer, Seat>;
  newest: Uint8Array | null;
};

export type PreviewHubDeps = {
  readonly preview: PreviewService;
  readonly metrics: Pick<MetricsService, 'setPreviewViewers' | 'addPreviewDrops'>;
  readonly limits: ApiLimits;
  /** Sends a picture to every WebSocket that has subscribed to the topic, in one call of the server. */
  readonly publish: (topic: string, jpeg: Uint8Array) => void;
};

/** Brings previews from the preview thread to viewers, and reports to it which tiers have any. */
export class PreviewHub {
  readonly #deps: PreviewHubDeps;
  readonly #rooms = new Map<string, Room>();
  readonly #stopListening: () => void;
  readonly #sweeper: NodeJS.Timeout;
  readonly #grabs = new Map<string, Promise<Uint8Array>>();
  #viewers = 0;
  #grabLinger: NodeJS.Timeout | null = null;

  constructor(deps: PreviewHubDeps) {
    this.#deps = deps;
    this.#stopListening = deps.preview.onPicture((tier, jpeg) => {
      this.#onPicture(tier, jpeg);
    });
    const sweepMs = Math.max(100, deps.limits.previewStallMs / 4);
    this.#sweeper = setInterval(() => {
      this.#closeStalled();
    }, sweepMs);
    this.#sweeper.unref();
  }

  /** @throws AppError SM_PREVIEW_LIMIT when there is no room for a viewer of this tier */
  checkRoom(tier: PreviewTier): void {
    const { previewViewers, previewTiers } = this.#deps.limits;
    if (this.#viewers >= previewViewers) {
      throw new AppError(
        'SM_PREVIEW_LIMIT',
        `The limit of ${this.#viewers} preview viewers is reached. Try again later.`,
      );
    }
    if (!this.#rooms.has(tierKey(tier)) && this.#rooms.size >= previewTiers) {
      const others = [...this.#rooms.values()].map(
        ({ tier: { widthPx, fps, quality } }) => `width=${widthPx}&fps=${fps}&quality=${quality}`,
      );
      throw new AppError(
        'SM_PREVIEW_LIMIT',
        `The limit of ${this.#rooms.size} preview formats is reached. Use one of these: ${others.join(', ')}.`,
      );
    }
  }

  /** Seats a viewer; returns the newest picture of its tier, if there is one, to begin with. */
  join(tier: PreviewTier, viewer: Viewer): Uint8Array | null {
    const key = tierKey(tier);
    let room = this.#rooms.get(key);
    if (room === undefined) {
      room = { tier, seats: new Map(), newest: null };
      this.#rooms.set(key, room);
      this.#tellTiers();
    }
    room.seats.set(viewer, { viewer, stalledSinceMs: null });
    this.#viewers++;
    this.#tellWatchers();
    return room.newest;
  }

  leave(tier: PreviewTier, viewer: Viewer): void {
    const key = tierKey(tier);
    const room = this.#rooms.get(key);
    if (room?.seats.delete(viewer) !== true) return;
    this.#viewers--;
    if (room.seats.size === 0) {
      this.#rooms.delete(key);
      this.#tellTiers();
    }
    this.#tellWatchers();
  }

  /** One picture; those who ask for the same at the same time share it. @throws AppError SM_PREVIEW_UNAVAILABLE */
  async grab(widthPx: number, quality: number): Promise<Uint8Array> {
    this.#lingerAfterGrab();
    const key = `${widthPx}/${quality}`;
    const running = this.#grabs.get(key);
    if (running !== undefined) return running;
    const grab = this.#deps.preview.grab(widthPx, quality).finally(() => {
      this.#grabs.delete(key);
    });
    this.#grabs.set(key, grab);
    return grab;
  }

  /** Closes every viewer. */
  close(): void {
    this.#stopListening();
    clearInterval(this.#sweeper);
    if (this.#grabLinger !== null) clearTimeout(this.#grabLinger);
    this.#grabLinger = null;
    for (const { seats } of [...this.#rooms.values()]) {
      for (const viewer of [...seats.keys()]) viewer.close(1001, 'The service is shutting down');
    }
    this.#deps.preview.setTiers([]);
    this.#deps.preview.setWatchers(0);
  }

  #onPicture(tier: PreviewTier, jpeg: Uint8Array): void {
    const key = tierKey(tier);
    const room = this.#rooms.get(key);
    if (room === undefined) return;
    room.newest = jpeg;
    let drops = 0;
    // The same test, at the same moment, that the server makes before it leaves a viewer out.
    for (const seat of room.seats.values()) {
      if (seat.viewer.backlogBytes() > VIEWER_BACKLOG_BYTES) {
        drops++;
        seat.stalledSinceMs ??= performance.now();
      } else {
        seat.stalledSinceMs = null;
        seat.viewer.offer?.(jpeg);
      }
    }
    this.#deps.publish(key, jpeg);
    if (drops > 0) this.#deps.metrics.addPreviewDrops(drops);
  }

  #closeStalled(): void {
    const limitMs = performance.now() - this.#deps.limits.previewStallMs;
    for (const { seats } of [...this.#rooms.values()]) {
      for (const { viewer, stalledSinceMs } of [...seats.values()]) {
        if (stalledSinceMs !== null && stalledSinceMs < limitMs) {
          viewer.close(1008, 'The client has not read any picture for too long');
        }
      }
    }
  }

  #lingerAfterGrab(): void {
    const wasLingering = this.#grabLinger !== null;
    if (this.#grabLinger !== null) clearTimeout(this.#grabLinger);
    this.#grabLinger = setTimeout(() => {
      this.#grabLinger = null;
      this.#tellWatchers();
    }, GRAB_LINGER_MS);
    this.#grabLinger.unref();
    if (!wasLingering) this.#tellWatchers();
  }

  #tellTiers(): void {
    this.#deps.preview.setTiers([...this.#rooms.values()].map(({ tier }) => tier));
  }

  #tellWatchers(): void {
    this.#deps.preview.setWatchers(this.#viewers + (this.#grabLinger === null ? 0 : 1));
    this.#deps.metrics.setPreviewViewers(this.#viewers);
  }
}
