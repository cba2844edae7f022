import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrameRequest } from '../decode/frame-protocol.js';
import type { PictureDecoder } from '../decode/pictures.js';
import type { Chromium, OpenPage } from './chromium.js';
import type { FromBrowser, PageSpec } from './contract.js';

/** Of pictures of pages that leave nothing free: what is written is not seen to have been compressed. */
const JPEG_QUALITY = 92;

/** How often a page is asked whether it still does anything, and how long it may take to answer, milliseconds. */
const PROBE_MS = 2000;
const ANSWER_MS = 5000;

/** What its scripts may take of memory, bytes. */
const HEAP_LIMIT_BYTES = 512 * 1024 * 1024;

/** Longest text of a message, characters, and most of them in a second. */
const MESSAGE_CHARACTERS = 8192;
const MESSAGES_A_SECOND = 20;

export type ShownPageOptions = {
  readonly pageId: number;
  readonly path: string;
  readonly spec: PageSpec;
  readonly decoder: PictureDecoder;
  readonly post: (message: FromBrowser) => void;
};

/**
 * One page, from its opening to its end: has Chromium send pictures whenever something has changed, as fast as they are wanted and
 * taken, and sees to it that it answers.
 */
export class ShownPage {
  readonly #options: ShownPageOptions;
  readonly #file: number;
  #page: OpenPage | null = null;
  #isEnded = false;
  /** Settled when the pixels in the file have been read. */
  #taken: Promise<void> = Promise.resolve();
  #take: () => void = () => undefined;
  /** When the next picture may be acknowledged. */
  #nextAtMs = 0;
  /** Pictures that are worked at, one after the other. */
  #work: Promise<void> = Promise.resolve();
  #messages = 0;

  constructor(options: ShownPageOptions) {
    this.#options = options;
    this.#file = openSync(options.path, 'r+');
  }

  /** Opens the page in a browser. What goes wrong is told. */
  async open(chromium: Chromium): Promise<void> {
    const { spec } = this.#options;
    try {
      const page = await chromium.open(spec, {
        onEnded: (reason) => {
          this.#fail(reason);
        },
        onMessage: (message) => {
          this.#tell(message);
        },
      });
      this.#page = page;
      if (this.#isEnded) {
        await page.close();
        return;
      }
      await page.load();
      this.#options.post({ type: 'loaded', pageId: this.#options.pageId });
      await this.#capture(page);
      void this.#watch(page);
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  /** The pixels have been read. */
  taken(): void {
    this.#take();
  }

  async send(message: unknown): Promise<void> {
    await this.#page?.send(message).catch(() => undefined);
  }

  /** Ends it, and tells nothing any more. */
  async close(): Promise<void> {
    if (!this.#isEnded) {
      this.#isEnded = true;
      closeSync(this.#file);
    }
    this.#take();
    await this.#page?.close().catch(() => undefined);
  }

  async #capture({ session }: OpenPage): Promise<void> {
    const { isTransparent, widthPx, heightPx } = this.#options.spec;
    session.on('Page.screencastFrame', (frame) => {
      const acknowledged = this.#acknowledge(session, frame.sessionId);
      this.#work = Promise.all([this.#work.then(() => this.#show(frame.data)), acknowledged]).then(
        () => undefined,
        (error: unknown) => {
          this.#fail(error instanceof Error ? error.message : String(error));
        },
      );
    });
    if (isTransparent)
      await session.send('Emulation.setDefaultBackgroundColorOverride', {
        color: { r: 0, g: 0, b: 0, a: 0 },
      });
    await session.send('Page.startScreencast', {
      format: isTransparent ? 'png' : 'jpeg',
      quality: JPEG_QUALITY,
      maxWidth: widthPx,
      maxHeight: heightPx,
    });
  }

  /** Chromium sends more pictures as those before are acknowledged, which is what their rate is held by. */
  async #acknowledge(session: OpenPage['session'], sessionId: number): Promise<void> {
    const dueMs = Math.max(performance.now(), this.#nextAtMs);
    this.#nextAtMs = dueMs + 1000 / this.#options.spec.fps;
    await sleep(dueMs - performance.now());
    if (!this.#isEnded) await session.send('Page.screencastFrameAck', { sessionId });
  }

  /** Hands a picture over, when the one before has been taken. */
  async #show(data: string): Promise<void> {
    const { spec, decoder, pageId, post } = this.#options;
    const request: FrameRequest = {
      bytes: Buffer.from(data, 'base64'),
      mediaType: spec.isTransparent ? 'image/png' : 'image/jpeg',
      maxWidthPx: spec.maxWidthPx,
      maxHeightPx: spec.maxHeightPx,
    };
    const { rgba, width, height, hasAlpha } = await decoder.readFrame(request);
    await this.#taken;
    if (this.#isEnded) return;
    for (let at = 0; at < rgba.length;) at += writeSync(this.#file, rgba, at, rgba.length - at, at);
    this.#taken = new Promise((resolve) => (this.#take = resolve));
    post({ type: 'frame', pageId, widthPx: width, heightPx: height, hasAlpha });
  }

  /** Asks again and again whether it answers, and how much memory it takes. */
  async #watch({ session }: OpenPage): Promise<void> {
    await session.send('Performance.enable').catch(() => undefined);
    while (!this.#isEnded) {
      await sleep(PROBE_MS, null, { ref: false });
      this.#messages = 0;
      const answer = session.send('Runtime.evaluate', { expression: '1' }).then(
        () => true,
        () => true,
      );
      const isAnswered = await Promise.race([answer, sleep(ANSWER_MS, false)]);
      if (!isAnswered) {
        this.#fail(`The page has not responded for ${ANSWER_MS / 1000} s.`);
        return;
      }
      const heapBytes = await heapOf(session);
      if (heapBytes > HEAP_LIMIT_BYTES)
        this.#fail(`The page takes more than ${HEAP_LIMIT_BYTES / 2 ** 20} MiB of memory.`);
    }
  }

  #tell(message: unknown): void {
    this.#messages += 1;
    if (this.#isEnded || this.#messages > (MESSAGES_A_SECOND * PROBE_MS) / 1000) return;
    const text = JSON.stringify(message) as string | undefined;
    if (text === undefined || text.length > MESSAGE_CHARACTERS) return;
    this.#options.post({ type: 'message', pageId: this.#options.pageId, message });
  }

  #fail(reason: string): void {
    if (this.#isEnded) return;
    const { pageId, post } = this.#options;
    post({ type: 'failed', pageId, reason, isRefused: false });
    void this.close();
  }
}

async function heapOf(session: OpenPage['session']): Promise<number> {
  try {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'JSHeapTotalSize')?.value ?? 0;
  } catch {
    return 0;
  }
}
