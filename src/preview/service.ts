import type { PreviewService } from '../api/ports.js';
import type { ThreadFault } from '../core/heartbeat.js';
import type { Logger, LogLevel } from '../core/logger.js';
import { POLICIES } from '../core/policies.js';
import { startSupervisedThread, type SupervisedThread } from '../core/supervised-thread.js';
import { Supervisor } from '../core/supervisor.js';
import { giveBackLeases } from '../memory/program-frames.js';
import type { FromPreview, PreviewInit, PreviewTier, ToPreview } from './contract.js';
import { PendingGrabs, unavailable } from './pending-grabs.js';
import { tierKey } from './tier-key.js';
import { WatchCount } from './watch-count.js';

/** How long it may take to finish the picture it is at, milliseconds. */
const CLOSE_PATIENCE_MS = 1000;

export type PreviewOptions = {
  readonly memory: WebAssembly.Memory;
  readonly logLevel: LogLevel;
  readonly logger: Logger;
  /** Of its thread, 0 to 19. */
  readonly niceness: number;
  /** Told how many watch, on every change: the program runs while it is live or watched. */
  readonly setWatchers: (count: number) => void;
};

export type RunningPreview = PreviewService & {
  /** Resolves when the thread takes requests. */
  readonly ready: Promise<void>;
  /** How often the thread was started again, and whether it takes requests now. */
  readonly restarts: number;
  readonly isReady: boolean;
  /** Why the thread does not work although somebody watches, for people; null: it does, or is not needed. */
  readonly trouble: string | null;
  /** Has the running thread fail: for tests. */
  inject(fault: ThreadFault): void;
  close(): Promise<void>;
};

type PictureListener = (tier: PreviewTier, jpeg: Uint8Array) => void;

/** The main thread's side of the preview: keeps the thread running and hands its pictures on. */
class Preview implements PreviewService {
  readonly #logger: Logger;
  readonly #supervisor: Supervisor<SupervisedThread<ToPreview>>;
  readonly #watchCount: WatchCount;
  readonly #grabs = new PendingGrabs();
  readonly #listeners = new Set<PictureListener>();
  #tiers: ReadonlyMap<string, PreviewTier> = new Map();
  #resolveReady: () => void = () => undefined;
  readonly ready: Promise<void>;

  constructor({ logLevel, memory, niceness, logger, setWatchers }: PreviewOptions) {
    this.#logger = logger;
    this.#watchCount = new WatchCount(setWatchers);
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    this.#supervisor = new Supervisor({
      policy: POLICIES.preview,
      logger,
      start: () =>
        startSupervisedThread<PreviewInit, ToPreview, FromPreview>({
          entry: 'preview',
          init: { logLevel, memory, niceness },
          isHeld: true,
          onMessage: (message) => {
            this.#receive(message);
          },
          onError: (error) => {
            logger.error({ err: error }, 'the preview thread has failed');
          },
        }),
      onReady: (thread) => {
        if (this.#tiers.size > 0) thread.post({ type: 'tiers', tiers: [...this.#tiers.values()] });
        this.#resolveReady();
      },
      onEnded: () => {
        giveBackLeases(memory);
        this.#grabs.rejectAll('The preview has stopped');
      },
    });
    this.#supervisor.start();
  }

  get trouble(): string | null {
    return this.#watchCount.count > 0 ? this.#supervisor.trouble : null;
  }

  get restarts(): number {
    return this.#supervisor.restarts;
  }

  get isReady(): boolean {
    return this.#supervisor.isReady;
  }

  /** Has the running thread fail: for tests. */
  inject(fault: ThreadFault): void {
    this.#supervisor.unit?.inject(fault);
  }

  async grab(widthPx: number, quality: number): Promise<Uint8Array> {
    const thread = this.#supervisor.unit;
    if (thread === null || !this.#supervisor.isReady) throw unavailable('The preview is starting');
    this.#watchCount.grab();
    return this.#grabs.ask((requestId) => {
      thread.post({ type: 'grab', requestId, widthPx, quality });
    });
  }

  setTiers(tiers: readonly PreviewTier[]): void {
    this.#tiers = new Map(tiers.map((tier) => [tierKey(tier), tier]));
    this.#supervisor.unit?.post({ type: 'tiers', tiers });
  }

  setWatchers(count: number): void {
    this.#watchCount.setViewers(count);
  }

  onPicture(listener: PictureListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Ends the thread; what was asked for is rejected. */
  async close(): Promise<void> {
    this.#watchCount.close();
    this.#grabs.rejectAll('The service is shutting down');
    await this.#supervisor.close((thread) => {
      thread.post({ type: 'close' });
    }, CLOSE_PATIENCE_MS);
  }

  #receive(message: FromPreview): void {
    if (message.type === 'grabbed') this.#grabs.settle(message.requestId, message.jpeg);
    if (message.type === 'picture') this.#handOn(message.tier, message.jpeg);
  }

  #handOn(tier: PreviewTier, jpeg: Uint8Array): void {
    const watched = this.#tiers.get(tierKey(tier));
    if (watched !== undefined) {
      for (const listener of this.#listeners) {
        try {
          listener(watched, jpeg);
        } catch (error) {
          this.#logger.error({ err: error }, 'A listener to preview pictures has failed');
        }
      }
    }
    this.#supervisor.unit?.post({ type: 'taken', tier });
  }
}

/**
 * Starts the preview: a thread that makes pictures of the program frames in `memory` while somebody watches. When the
 * thread dies or hangs a new one takes its place, and the program notices nothing.
 */
export function createPreview(options: PreviewOptions): RunningPreview {
  return new Preview(options);
}
