import type { PreviewService } from '../api/ports.js';
import { AppError } from '../core/errors.js';
import type { Logger, LogLevel } from '../core/logger.js';
import type { PreviewTier } from '../preview/contract.js';
import type { DecodedVideo, SceneSnapshot } from '../compositor/contract.js';
import type { LivePictures } from '../memory/live-pictures.js';
import type { ProgramConfig } from '../stitcher/contract.js';
import { toPreviewFormat } from './preview-format.js';
import { PreviewSession } from './preview-session.js';

/** Threads that nobody needs any more are kept this long: pages are loaded again, and scenes looked at twice. */
export const PREVIEW_LINGER_MS = 10_000;

/** When the threads could not be started while somebody watches, it is tried again after this. */
const RETRY_MS = 5000;

export type PreviewCompositorOptions = {
  readonly logLevel: LogLevel;
  readonly logger: Logger;
  /** Most that bitmaps of layers may take, bytes. */
  readonly bitmapLimitBytes: number;
  /** Of the program; the preview makes its own out of it. */
  readonly config: ProgramConfig;
  /** What is in preview; its scene is null when nothing is. */
  readonly snapshot: SceneSnapshot;
  readonly lingerMs: number;
  readonly onPictureFailed: (contentHash: string, reason: string) => void;
  /** All videos that are to be decoded for it. */
  readonly onVideos: (videos: readonly DecodedVideo[]) => void;
};

type PictureListener = (tier: PreviewTier, jpeg: Uint8Array) => void;

/**
 * The scene in preview, rendered by a compositor of its own: the same program in small, never live, in threads and a memory of
 * its own. They are there only while somebody watches; until then this is a few fields.
 */
export class PreviewCompositor implements PreviewService {
  readonly #options: PreviewCompositorOptions;
  readonly #listeners = new Set<PictureListener>();
  #snapshot: SceneSnapshot;
  #config: ProgramConfig;
  #inputs: Readonly<Record<string, LivePictures>> = {};
  #tiers: readonly PreviewTier[] = [];
  #viewers = 0;
  /** Single pictures that are asked for. */
  #grabs = 0;
  /** Viewers and single pictures together, as the running session counts them. */
  #watchers = 0;
  #session: PreviewSession | null = null;
  #opening: Promise<PreviewSession> | null = null;
  #ending: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: PreviewCompositorOptions) {
    this.#options = options;
    this.#snapshot = options.snapshot;
    this.#config = options.config;
  }

  /** Why its threads do not work although they are in use, for people; null: they do, or are not needed. */
  get trouble(): string | null {
    return this.#session?.trouble ?? null;
  }

  /** Another scene is in preview, or it has changed. */
  show(snapshot: SceneSnapshot): void {
    this.#snapshot = snapshot;
    this.#session?.show(snapshot);
  }

  /** The pictures of all live inputs that there are, by their ids. */
  setInputs(inputs: Readonly<Record<string, LivePictures>>): void {
    this.#inputs = inputs;
    this.#session?.setInputs(inputs);
  }

  /** The program has another size or rate. */
  configure(config: ProgramConfig): void {
    this.#config = config;
    if (this.#session !== null) this.#openAnew();
  }

  /** A JPEG of the scene in preview as it is now. @throws AppError SM_PREVIEW_UNAVAILABLE, SM_PREVIEW_LIMIT */
  async grab(widthPx: number, quality: number): Promise<Uint8Array> {
    this.#grabs += 1;
    try {
      const session = await this.#need();
      if (!(await session.settled())) throw unavailable('The scene is not drawn yet', null);
      return await session.preview.grab(widthPx, quality);
    } finally {
      this.#grabs -= 1;
      this.#lingerUnlessWatched();
    }
  }

  setTiers(tiers: readonly PreviewTier[]): void {
    this.#tiers = tiers;
    this.#session?.preview.setTiers(tiers);
  }

  setWatchers(count: number): void {
    this.#viewers = count;
    this.#session?.preview.setWatchers(count);
    if (count > 0) this.#need().catch(() => undefined);
  }

  onPicture(listener: PictureListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Ends the threads, if there are any. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#setTimer(null, 0);
    await this.#opening?.catch(() => undefined);
    this.#end();
    await this.#ending;
  }

  /** The running session, or the one that is started now. */
  #need(): Promise<PreviewSession> {
    if (this.#isClosed) return Promise.reject(unavailable('The service is shutting down', null));
    this.#setTimer(null, 0);
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<PreviewSession> {
    await this.#ending;
    const [snapshot, config] = [this.#snapshot, this.#config];
    try {
      const session = await PreviewSession.open(
        {
          ...this.#options,
          onWatchers: (count) => {
            this.#watchers = count;
            this.#lingerUnlessWatched();
          },
        },
        toPreviewFormat(config),
        snapshot,
      );
      this.#session = session;
      session.setInputs(this.#inputs);
      if (this.#config !== config) {
        this.#openAnew();
        return await this.#need();
      }
      session.preview.onPicture((tier, jpeg) => {
        for (const listener of this.#listeners) listener(tier, jpeg);
      });
      // Much may have happened while the threads were starting.
      if (this.#snapshot !== snapshot) session.show(this.#snapshot);
      session.preview.setTiers(this.#tiers);
      session.preview.setWatchers(this.#viewers);
      this.#lingerUnlessWatched();
      return session;
    } catch (error) {
      this.#opening = null;
      this.#options.logger.error({ err: error }, 'The preview compositor could not be started');
      if (this.#viewers > 0)
        this.#setTimer(() => {
          this.setWatchers(this.#viewers);
        }, RETRY_MS);
      throw unavailable('The preview compositor could not be started', error);
    }
  }

  /** Another size or rate takes other threads. */
  #openAnew(): void {
    this.#end();
    if (this.#viewers > 0) this.#need().catch(() => undefined);
  }

  #lingerUnlessWatched(): void {
    if (this.#session === null) return;
    if (this.#watchers + this.#grabs > 0) this.#setTimer(null, 0);
    else
      this.#setTimer(() => {
        this.#end();
      }, this.#options.lingerMs);
  }

  #end(): void {
    const session = this.#session;
    this.#session = null;
    this.#opening = null;
    this.#watchers = 0;
    if (session !== null) this.#ending = session.close();
  }

  /** What is to be done later, in place of what was. */
  #setTimer(action: (() => void) | null, delayMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (action === null || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      action();
    }, delayMs).unref();
  }
}

/** `reason` is a sentence without its full stop. */
function unavailable(reason: string, cause: unknown): AppError {
  return new AppError('SM_PREVIEW_UNAVAILABLE', `${reason}; try again in a moment.`, [], { cause });
}
