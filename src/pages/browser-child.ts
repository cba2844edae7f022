import type { PictureDecoder } from '../decode/pictures.js';
import { toBaseUrl } from '../net/address.js';
import { createSystemResolver } from '../net/resolver.js';
import { AppError } from '../core/errors.js';
import { openParent } from '../core/parent-process.js';
import { Chromium, findChromium } from './chromium.js';
import type { BrowserInit, FromBrowser, ToBrowser } from './contract.js';
import { PageGuard } from './page-guard.js';
import { ShownPage } from './page.js';

/** The life of the process of the browser: one Chromium, started with the first page, until its owner is gone or ends it. */
export function runBrowser(decoder: PictureDecoder): void {
  let pages: Pages | null = null;
  const owner = openParent<ToBrowser, FromBrowser>(
    (message) => {
      if (message.type === 'init')
        pages = new Pages(message, decoder, (answer) => {
          owner.send(answer);
        });
      else pages?.handle(message);
    },
    () => process.exit(),
  );
}

class Pages {
  readonly #init: BrowserInit;
  readonly #decoder: PictureDecoder;
  readonly #post: (message: FromBrowser) => void;
  readonly #guard: PageGuard;
  readonly #pages = new Map<number, ShownPage>();
  /** What a page leaves behind may be wanted by the next one. */
  #closing: Promise<void> = Promise.resolve();
  #guardOpen: Promise<void> | null = null;
  #chromium: Promise<Chromium> | null = null;

  constructor(init: BrowserInit, decoder: PictureDecoder, post: (message: FromBrowser) => void) {
    this.#init = init;
    this.#decoder = decoder;
    this.#post = post;
    this.#guard = new PageGuard({
      policy: {
        cdnBaseUrl: init.cdnBaseUrl === null ? null : toBaseUrl(init.cdnBaseUrl),
        allowPrivateHosts: new Set(init.allowPrivateHosts),
        ports: 'free',
      },
      resolve: createSystemResolver(),
      ownPorts: new Set(init.ownPorts),
    });
  }

  handle(message: Exclude<ToBrowser, BrowserInit>): void {
    if (message.type === 'open') {
      void this.#open(message);
      return;
    }
    const page = this.#pages.get(message.pageId);
    if (message.type === 'taken') page?.taken();
    else if (message.type === 'message') void page?.send(message.message);
    else {
      this.#pages.delete(message.pageId);
      const closed = page?.close();
      this.#closing = Promise.all([this.#closing, closed]).then(() => undefined);
    }
  }

  async #open({ pageId, path, spec }: Extract<ToBrowser, { type: 'open' }>): Promise<void> {
    const fail = (error: unknown, isRefused: boolean): void => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#post({ type: 'failed', pageId, reason, isRefused });
    };
    let chromium: Chromium;
    let page: ShownPage;
    try {
      await this.#closing;
      await this.#guard.check(new URL(spec.url));
      this.#chromium ??= this.#start();
      chromium = await this.#chromium;
      page = new ShownPage({ pageId, path, spec, decoder: this.#decoder, post: this.#post });
    } catch (error) {
      fail(error, error instanceof AppError || this.#chromium === null);
      return;
    }
    this.#pages.set(pageId, page);
    await page.open(chromium);
  }

  async #start(): Promise<Chromium> {
    try {
      const path = findChromium(this.#init.chromiumPath);
      this.#guardOpen ??= this.#guard.open();
      await this.#guardOpen;
      // Another one is started with the process, which its owner starts again.
      return await Chromium.start(path, this.#guard.url, () => process.exit(1));
    } catch (error) {
      this.#chromium = null;
      throw error;
    }
  }
}
