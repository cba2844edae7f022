import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Browser,
  type BrowserContext,
  type CDPSession,
  chromium,
  type Page,
} from 'playwright-core';
import type { PageSpec } from './contract.js';

/** The one owner of Playwright: starts Chromium, and opens pages in it, each with cookies and a storage of its own. */

const PROGRAMS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
];

const FLAGS = [
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--force-color-profile=srgb',
  '--mute-audio',
  '--hide-scrollbars',
  '--site-per-process',
  // Nothing goes past the guard: what is asked for on this machine neither, nor what is no HTTP.
  '--proxy-bypass-list=<-loopback>',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-quic',
];

const LOAD_TIMEOUT_MS = 30_000;

/** How long a page may take to say what it has stored, milliseconds. */
const KEEP_TIMEOUT_MS = 2000;

/** How a page says something to whoever drives it: `window.streamManager.send(value)`. */
const BINDING = 'sendToStreamManager';
const PREPARED = `window.streamManager = { send: (value) => window.${BINDING}(value) };`;

/** Where Chromium is. @throws Error for people when there is none */
export function findChromium(configured: string | null): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates =
    configured === null
      ? PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name)))
      : [configured];
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  throw new Error(
    configured === null
      ? 'Web pages need Chromium, which is not installed. Install it (Debian and Ubuntu: apt-get install chromium), or set CHROMIUM_PATH to the program.'
      : `There is no program at CHROMIUM_PATH (${configured}).`,
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A page, as whoever shows it needs it. */
export type OpenPage = {
  /** Commands of the DevTools protocol for it. */
  readonly session: CDPSession;
  /** Loads it. @throws Error for people */
  load(): Promise<void>;
  send(message: unknown): Promise<void>;
  close(): Promise<void>;
};

export type PageListener = {
  /** It has crashed, or has closed itself. `reason` is for people. */
  readonly onEnded: (reason: string) => void;
  readonly onMessage: (message: unknown) => void;
};

export class Chromium {
  readonly #browser: Browser;
  /** Cookies and what pages have stored, by their addresses. */
  readonly #kept = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>();

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  /**
   * Starts it. It ends with this process.
   * @param proxyUrl - through which everything is read
   * @throws Error for people
   */
  static async start(path: string, proxyUrl: string, onEnded: () => void): Promise<Chromium> {
    const browser = await chromium.launch({
      executablePath: path,
      // Its sandbox does not work for root.
      chromiumSandbox: process.getuid?.() !== 0,
      args: FLAGS,
      proxy: { server: proxyUrl },
      handleSIGHUP: false,
      handleSIGINT: false,
      handleSIGTERM: false,
    });
    browser.on('disconnected', onEnded);
    return new Chromium(browser);
  }

  /** Opens a page, which is empty until it is loaded. */
  async open(spec: PageSpec, listener: PageListener): Promise<OpenPage> {
    const { url, widthPx, heightPx, zoom, keepsCookies } = spec;
    const kept = keepsCookies ? this.#kept.get(url) : undefined;
    const context = await this.#browser.newContext({
      viewport: { width: Math.round(widthPx / zoom), height: Math.round(heightPx / zoom) },
      deviceScaleFactor: zoom,
      acceptDownloads: false,
      serviceWorkers: 'block',
      ...(kept === undefined ? {} : { storageState: kept }),
      // What is added to a page is not the page's to forbid.
      bypassCSP: spec.css !== '' || spec.js !== '',
    });
    const page = await this.#prepare(context, spec, listener);
    const session = await context.newCDPSession(page);
    return {
      session,
      load: () => load(page, url),
      send: async (message) => {
        await page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`);
      },
      close: async () => {
        if (keepsCookies) await this.#keep(url, context);
        await context.close();
      },
    };
  }

  /** A page that hangs does not say what it has stored: then what it had before is kept. */
  async #keep(url: string, context: BrowserContext): Promise<void> {
    const state = context.storageState().catch(() => null);
    const kept = await Promise.race([state, sleep(KEEP_TIMEOUT_MS, null)]);
    if (kept !== null) this.#kept.set(url, kept);
  }

  async #prepare(context: BrowserContext, spec: PageSpec, listener: PageListener): Promise<Page> {
    await context.exposeBinding(BINDING, (_source, message: unknown) => {
      listener.onMessage(message);
    });
    await context.addInitScript(PREPARED + styleScript(spec.css) + spec.js);
    const page = await context.newPage();
    // Windows that it opens are seen by nobody.
    context.on('page', (other) => void other.close().catch(() => undefined));
    page.on('dialog', (dialog) => void dialog.dismiss().catch(() => undefined));
    page.on('crash', () => {
      listener.onEnded('The page has crashed, as it does when it takes too much memory.');
    });
    page.on('close', () => {
      listener.onEnded('The page has closed itself.');
    });
    return page;
  }
}

function styleScript(css: string): string {
  if (css === '') return '';
  return `document.addEventListener('DOMContentLoaded', () => {
    const style = document.createElement('style');
    style.textContent = ${JSON.stringify(css)};
    document.head.append(style);
  });`;
}

async function load(page: Page, url: string): Promise<void> {
  const response = await page
    .goto(url, { waitUntil: 'load', timeout: LOAD_TIMEOUT_MS })
    .catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      const code = /net::(ERR_\w+)/.exec(text)?.[1];
      throw new Error(
        code === undefined
          ? `The page was not loaded within ${LOAD_TIMEOUT_MS / 1000} s.`
          : `The page cannot be loaded (${code}).`,
        { cause: error },
      );
    });
  const status = response?.status() ?? 200;
  if (status >= 400) throw new Error(`The server of the page answers with ${status}.`);
}
