import { monotonicMs } from '../core/monotonic.js';
import { LivePicturesWriter } from '../memory/live-pictures.js';
import type { PageSpec } from '../pages/contract.js';
import type { BrowserProcess, PageHandle, PageListener } from './browser-process.js';
import type { InputReport, InputSpec } from './contract.js';
import { InputStatus } from './input-status.js';
import type { PushedPixels } from './pushed-pixels.js';
import { RetryPause } from './retry-pause.js';

const STRAIGHT = { isBgra: false, alpha: 'straight' } as const;

export type PageInputOptions = {
  readonly input: InputSpec;
  readonly page: Omit<PageSpec, 'maxWidthPx' | 'maxHeightPx'>;
  readonly browser: BrowserProcess;
  readonly pixels: PushedPixels;
  readonly report: (report: InputReport) => void;
  /** What a script of the page has said. */
  readonly onMessage: (message: unknown) => void;
};

/** A live input that is a web page: opens it, again whenever it fails, and puts its pictures where compositors find them. */
export class PageInput {
  readonly #options: PageInputOptions;
  readonly #pictures: LivePicturesWriter;
  readonly #status: InputStatus;
  readonly #retry = new RetryPause();
  #page: PageHandle | null = null;
  #isOpening = false;
  #size: { readonly widthPx: number; readonly heightPx: number } | null = null;
  #loads = 0;
  #isClosed = false;

  constructor(options: PageInputOptions) {
    this.#options = options;
    this.#pictures = new LivePicturesWriter(options.input.pictures);
    this.#pictures.hold(false);
    this.#status = new InputStatus({
      input: options.input,
      reason: 'The page is being loaded.',
      details: () => ({
        widthPx: this.#size?.widthPx ?? null,
        heightPx: this.#size?.heightPx ?? null,
        hasSound: false,
        reconnects: Math.max(0, this.#loads - 1),
      }),
      report: options.report,
    });
  }

  get inputId(): string {
    return this.#options.input.id;
  }

  /** Sees to it that the page is there; to be called every few milliseconds. */
  tick(): void {
    if (this.#isClosed) return;
    const nowMs = monotonicMs();
    if (this.#page === null && !this.#isOpening && this.#retry.isOver(nowMs)) void this.#open();
    this.#status.tick(nowMs);
  }

  /** Loads it anew; its last picture is shown meanwhile. */
  reload(): void {
    this.#page?.close();
    this.#page = null;
    this.#retry.reset();
    this.#status.set('connecting', 'The page is being loaded.');
  }

  /** Gives its scripts a message. False: there is no page that could get it. */
  send(message: unknown): boolean {
    if (this.#status.state !== 'live') return false;
    this.#page?.send(message);
    return true;
  }

  close(): void {
    this.#isClosed = true;
    this.#page?.close();
    this.#page = null;
    this.#pictures.hold(false);
    this.#pictures.clear();
  }

  async #open(): Promise<void> {
    this.#isOpening = true;
    const { browser, page, input, onMessage } = this.#options;
    const { maxWidthPx, maxHeightPx } = input;
    const isCurrent = (): boolean => handle !== null && this.#page === handle;
    let handle: PageHandle | null = null;
    try {
      this.#loads += 1;
      handle = await browser.open(
        { ...page, maxWidthPx, maxHeightPx },
        {
          onFrame: (frame) => {
            if (handle !== null && isCurrent()) this.#take(handle, frame);
          },
          onLoaded: () => {
            if (!isCurrent()) return;
            this.#retry.reset();
            this.#status.set('live', null);
            this.#pictures.hold(true);
          },
          onFailed: (reason, isRefused) => {
            if (isCurrent()) this.#fail(reason, isRefused);
          },
          onMessage,
        },
      );
      if (this.#isClosed) handle.close();
      else this.#page = handle;
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error), false);
    }
    this.#isOpening = false;
  }

  #fail(reason: string, isRefused: boolean): void {
    this.#page = null;
    this.#pictures.hold(false);
    this.#retry.begin(monotonicMs());
    this.#status.set(isRefused ? 'refused' : 'connecting', reason);
  }

  #take(
    page: PageHandle,
    { widthPx, heightPx, hasAlpha }: Parameters<PageListener['onFrame']>[0],
  ): void {
    this.#status.came();
    this.#size = { widthPx, heightPx };
    const nowMs = monotonicMs();
    const hasRoom = this.#pictures.reshape({ widthPx, heightPx, format: 'rgba' });
    const target = hasRoom ? this.#pictures.begin(nowMs) : null;
    page.take(target);
    if (target === null) {
      this.#status.dropped();
      return;
    }
    if (hasAlpha) this.#options.pixels.convert(target, target, STRAIGHT);
    this.#pictures.finish(nowMs);
  }
}
