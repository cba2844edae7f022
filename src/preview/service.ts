import { setTimeout as sleep } from 'node:timers/promises';
import type { PreviewService } from '../api/ports.js';
import type { Logger, LogLevel } from '../core/logger.js';
import { PendingGrabs, unavailable } from './pending-grabs.js';
import type { FromPreview, PreviewInit, PreviewTier } from './contract.js';
import { startPreviewThread, type PreviewThread } from './thread-link.js';
import { tierKey } from './tier-key.js';
import { WatchCount } from './watch-count.js';

const RESTART_FIRST_MS = 250;
const RESTART_MAX_MS = 10_000;
/** A thread that lived this long had a mishap; one that did not will likely die again. */
const RESTART_FORGET_MS = 30_000;

export type PreviewOptions = {
  readonly memory: WebAssembly.Memory;
  readonly logLevel: LogLevel;
  readonly logger: Logger;
  /** Of its thread, 0 to 19. */
  readonly niceness: number;
  /** Told how many watch, on every change: the program runs while it is live or watched. */
  readonly setWatchers: (count: number) => void;
};

type PictureListener = (tier: PreviewTier, jpeg: Uint8Array) => void;

/** The main thread's side of the preview: keeps the thread running and hands its pictures on. */
class Preview implements PreviewService {
  readonly #init: PreviewInit;
  readonly #logger: Logger;
  readonly #watchCount: WatchCount;
  readonly #grabs = new PendingGrabs();
  readonly #listeners = new Set<PictureListener>();
  readonly #closing = new AbortController();
  #tiers: ReadonlyMap<string, PreviewTier> = new Map();
  #thread: PreviewThread | null = null;
  #keeper: Promise<void> = Promise.resolve();

  constructor(options: PreviewOptions) {
    const { logLevel, memory, niceness } = options;
    this.#init = { logLevel, memory, niceness };
    this.#logger = options.logger;
    this.#watchCount = new WatchCount(options.setWatchers);
  }

  /** Starts the thread for the first time. @throws AppError SM_THREAD_EXITED */
  async start(): Promise<void> {
    const thread = await this.#startThread();
    this.#keeper = this.#keep(thread);
  }

  async grab(widthPx: number, quality: number): Promise<Uint8Array> {
    const thread = this.#thread;
    if (thread === null) throw unavailable('The preview is starting');
    this.#watchCount.grab();
    return this.#grabs.ask((requestId) => {
      thread.post({ type: 'grab', requestId, widthPx, quality });
    });
  }

  setTiers(tiers: readonly PreviewTier[]): void {
    this.#tiers = new Map(tiers.map((tier) => [tierKey(tier), tier]));
    this.#thread?.post({ type: 'tiers', tiers });
  }

  setWatchers(count: number): void {
    if (!this.#isClosing()) this.#watchCount.setViewers(count);
  }

  onPicture(listener: PictureListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Ends the thread; what was asked for is rejected. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#watchCount.close();
    this.#grabs.rejectAll('The service is shutting down');
    await this.#thread?.close();
    await this.#keeper;
  }

  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  async #startThread(): Promise<PreviewThread> {
    const thread = await startPreviewThread(this.#init, (message) => {
      this.#receive(message);
    });
    this.#thread = thread;
    if (this.#tiers.size > 0) thread.post({ type: 'tiers', tiers: [...this.#tiers.values()] });
    return thread;
  }

  /** Starts another thread whenever one dies, ever slower while they die young. */
  async #keep(first: PreviewThread): Promise<void> {
    let thread: PreviewThread | null = first;
    let delayMs = RESTART_FIRST_MS;
    while (!this.#isClosing()) {
      if (thread !== null) {
        const startedAtMs = performance.now();
        const reason = await thread.ended;
        this.#thread = null;
        this.#grabs.rejectAll('The preview has stopped');
        if (this.#isClosing()) return;
        this.#logger.error({ reason }, 'The preview thread has ended; it is started again');
        if (performance.now() - startedAtMs > RESTART_FORGET_MS) delayMs = RESTART_FIRST_MS;
      }
      await sleep(delayMs, null, { signal: this.#closing.signal }).catch(() => null);
      delayMs = Math.min(delayMs * 2, RESTART_MAX_MS);
      thread = this.#isClosing() ? null : await this.#tryStartThread();
    }
    await thread?.close();
  }

  async #tryStartThread(): Promise<PreviewThread | null> {
    try {
      return await this.#startThread();
    } catch (error) {
      this.#logger.error({ err: error }, 'The preview thread could not be started');
      return null;
    }
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
    this.#thread?.post({ type: 'taken', tier });
  }
}

/**
 * Starts the preview: a thread that makes pictures of the program frames in `memory` while somebody watches. When the
 * thread dies a new one takes its place, and the program notices nothing.
 * @throws AppError SM_THREAD_EXITED when the thread can not be started.
 */
export async function createPreview(
  options: PreviewOptions,
): Promise<PreviewService & { close(): Promise<void> }> {
  const preview = new Preview(options);
  await preview.start();
  return preview;
}
