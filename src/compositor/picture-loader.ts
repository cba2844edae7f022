import type { Logger } from '../core/logger.js';
import type { PictureContent } from '../render/content.js';
import type { VideoTrack } from '../scene/video-track.js';
import type { Bitmap, BitmapStore } from './bitmaps.js';
import type { Renderer } from './render-pool.js';

export type PictureLoaderOptions = {
  readonly bitmaps: BitmapStore;
  readonly renderer: Renderer;
  /** Has the first picture of a video decoded. Rejects when that fails. */
  readonly loadVideo: (track: VideoTrack) => Promise<void>;
  readonly logger: Logger;
  readonly onFailed: (contentHash: string, reason: string) => void;
};

/** Pictures that are decoded at once: reading and decoding run off the thread that draws them. */
const MAX_RUNNING = 3;

/** A picture whose turn has not come yet. */
type Waiting = { readonly key: string; readonly goOn: (isWanted: boolean) => void };

/** Pictures that are kept in the memory until they are released. */
export type HeldPictures = { release(): void };

/** Has pictures decoded before a scene needs them. A picture that failed is not tried again as long as it is wanted. */
export class PictureLoader {
  readonly #options: PictureLoaderOptions;
  readonly #loading = new Map<string, Promise<void>>();
  #waiting: Waiting[] = [];
  #failed = new Set<string>();
  /** Pictures that threads are at. */
  #running = 0;
  #isClosed = false;

  constructor(options: PictureLoaderOptions) {
    this.#options = options;
  }

  /** Whether all that can be there is there: nothing of it is still to be decoded. */
  isSettled(contents: readonly PictureContent[]): boolean {
    return contents.every(({ key }) => this.#failed.has(key) || this.#isPainted(key));
  }

  /**
   * Decodes what is missing; resolves when all is painted or has failed. Never rejects. None of it is given up for
   * anything else until the answer is released, which is for whoever has waited to do once it is shown.
   */
  async load(contents: readonly PictureContent[]): Promise<HeldPictures> {
    const wanted = new Set(contents.map(({ key }) => key));
    this.#failed = new Set([...this.#failed].filter((key) => wanted.has(key)));
    const held = new Set<Bitmap>();
    const hold = (key: string): void => {
      const bitmap = this.#options.bitmaps.find(key);
      if (bitmap === null || held.has(bitmap)) return;
      bitmap.uses += 1;
      held.add(bitmap);
    };
    const missing = contents.filter(({ key }) => !this.#failed.has(key) && !this.#isPainted(key));
    for (const { key } of contents) if (this.#isPainted(key)) hold(key);
    await Promise.all(
      missing.map(async (content) => {
        await this.#loadOne(content);
        hold(content.key);
      }),
    );
    return {
      release: () => {
        for (const bitmap of held) bitmap.uses -= 1;
        held.clear();
      },
    };
  }

  /**
   * The same for a scene that takes the place of all before it: pictures that wait and are not of it are not decoded
   * any more, and whoever waits for them goes on without.
   */
  loadInstead(contents: readonly PictureContent[]): Promise<HeldPictures> {
    this.#drop(new Set(contents.map(({ key }) => key)));
    return this.load(contents);
  }

  /** Begins nothing any more; resolves when nothing writes pictures into the memory. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#drop(new Set());
    while (this.#loading.size > 0) await Promise.all(this.#loading.values());
  }

  /** Pictures whose turn has not come are left out unless they are wanted. */
  #drop(wanted: ReadonlySet<string>): void {
    const dropped = this.#waiting.filter(({ key }) => !wanted.has(key));
    this.#waiting = this.#waiting.filter(({ key }) => wanted.has(key));
    for (const { key, goOn } of dropped) {
      this.#loading.delete(key);
      goOn(false);
    }
  }

  #isPainted(key: string): boolean {
    const bitmap = this.#options.bitmaps.find(key);
    return bitmap !== null && this.#options.bitmaps.isPainted(bitmap);
  }

  #loadOne(content: PictureContent): Promise<void> {
    const known = this.#loading.get(content.key);
    if (known !== undefined) return known;
    const loading = this.#decode(content).finally(() => {
      if (this.#loading.get(content.key) === loading) this.#loading.delete(content.key);
    });
    this.#loading.set(content.key, loading);
    return loading;
  }

  async #decode(content: PictureContent): Promise<void> {
    const { bitmaps, renderer, loadVideo } = this.#options;
    if (this.#isClosed) return;
    const { track } = content;
    const bitmap = bitmaps.get(content);
    if (bitmap === null) {
      this.#fail(
        content,
        'No picture memory is left for the picture: use fewer or smaller pictures.',
      );
      return;
    }
    bitmap.uses += 1;
    try {
      const isDone = await this.#inTurn(content.key, () =>
        track === null
          ? renderer.paintPicture({ offset: bitmap.offset, content })
          : loadVideo(track),
      );
      if (isDone && track !== null) bitmaps.markPainted(bitmap);
      if (!isDone) bitmaps.abandonAt(bitmap.offset);
    } catch (error) {
      bitmaps.abandonAt(bitmap.offset);
      this.#fail(content, error instanceof Error ? error.message : String(error));
    } finally {
      bitmap.uses -= 1;
    }
  }

  /**
   * What is slow to paint must not wait behind the hundreds of frames of a film. Answers whether it was done: it is not
   * if it is not wanted any more when its turn comes.
   */
  async #inTurn(key: string, work: () => Promise<void>): Promise<boolean> {
    while (this.#running >= MAX_RUNNING) {
      const isWanted = await new Promise<boolean>((goOn) => {
        this.#waiting.push({ key, goOn });
      });
      if (!isWanted) return false;
    }
    this.#running += 1;
    try {
      await work();
      return true;
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.goOn(true);
    }
  }

  #fail({ key, contentHash }: PictureContent, reason: string): void {
    this.#failed.add(key);
    this.#options.logger.warn(
      { contentHash, reason },
      'a picture could not be decoded; its placeholder is shown',
    );
    this.#options.onFailed(contentHash, reason);
  }
}
