import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProcess } from '../core/child-process.js';
import type { Logger } from '../core/logger.js';
import { workerEntryPath } from '../core/paths.js';
import { makeScratchFolder } from '../core/scratch-folders.js';
import { PixelFile } from '../decode/pixel-file.js';
import type { BrowserInit, FromBrowser, PageSpec, ToBrowser } from '../pages/contract.js';

/** A browser without a page is kept for so long, milliseconds: starting one takes seconds, and pages are changed and loaded again. */
const LINGER_MS = 15_000;

/**
 * It stands back for the program. Chromium gives some of its threads the highest priority that it may: started by root, without
 * being forbidden, it would take the processor from the encoder.
 */
const LAUNCH = [
  'ulimit -c 0',
  'drop=',
  'if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then drop="setpriv --bounding-set -sys_nice --inh-caps -sys_nice"; fi',
  'exec $drop nice -n 5 "$0" "$@"',
].join('\n');

/** What is told of a page. */
export type PageListener = {
  /** There are pixels to be taken: `take` them. */
  readonly onFrame: (frame: Extract<FromBrowser, { type: 'frame' }>) => void;
  readonly onLoaded: () => void;
  /** It is over. `reason` is for people. */
  readonly onFailed: (reason: string, isRefused: boolean) => void;
  readonly onMessage: (message: unknown) => void;
};

/** A page in the browser, until it is closed or has failed. */
export type PageHandle = {
  /** Puts the pixels of the last frame where they are wanted; the next one comes then. */
  take(target: Uint8Array | null): void;
  send(message: unknown): void;
  close(): void;
};

type Page = { readonly listener: PageListener; readonly file: PixelFile };

/**
 * The process of the browser, as the ingest thread sees it: started with the first page, and again with the next one after it has
 * ended; ended when there is no page.
 */
export class BrowserProcess {
  readonly #init: Omit<BrowserInit, 'type' | 'ownPorts'>;
  #ownPorts: readonly number[] = [];
  readonly #logger: Logger;
  readonly #pages = new Map<number, Page>();
  #child: ChildProcess<FromBrowser, ToBrowser> | null = null;
  #folder: Promise<string> | null = null;
  #nextId = 0;
  #linger: NodeJS.Timeout | null = null;

  constructor(init: Omit<BrowserInit, 'type' | 'ownPorts'>, logger: Logger) {
    this.#init = init;
    this.#logger = logger;
  }

  /** @throws Error when no temporary file can be made */
  async open(spec: PageSpec, listener: PageListener): Promise<PageHandle> {
    const pageId = this.#nextId++;
    if (this.#linger !== null) clearTimeout(this.#linger);
    this.#linger = null;
    this.#folder ??= makeScratchFolder(tmpdir());
    const folder = await this.#folder;
    const file = new PixelFile(join(folder, `pixels-${pageId}`));
    this.#pages.set(pageId, { listener, file });
    this.#child ??= this.#start(folder);
    this.#post({ type: 'open', pageId, path: file.path, spec });
    return {
      take: (target) => {
        if (!this.#pages.has(pageId)) return;
        if (target !== null) file.readInto(target);
        this.#post({ type: 'taken', pageId });
      },
      send: (message) => {
        this.#post({ type: 'message', pageId, message });
      },
      close: () => {
        this.#post({ type: 'close', pageId });
        this.#forget(pageId);
      },
    };
  }

  /** Ports of the service itself, for a browser that is started from now on. */
  hidePorts(ports: readonly number[]): void {
    this.#ownPorts = ports;
  }

  close(): void {
    for (const pageId of [...this.#pages.keys()]) this.#forget(pageId);
    this.#end();
  }

  #start(folder: string): ChildProcess<FromBrowser, ToBrowser> {
    const args = ['--max-old-space-size=512', workerEntryPath('browser')];
    const child = new ChildProcess<FromBrowser, ToBrowser>({
      path: '/bin/sh',
      args: ['-c', LAUNCH, process.execPath, ...args],
      // What it writes while it runs goes with the folder.
      environment: {
        PATH: process.env['PATH'],
        HOME: folder,
        TMPDIR: folder,
        MALLOC_ARENA_MAX: '2',
      },
      files: [],
      onMessage: (message) => {
        this.#receive(message);
      },
    });
    void child.ended.then(() => {
      if (this.#child !== child) return;
      this.#child = null;
      this.#logger.warn('the browser has ended; its pages are opened again');
      for (const [pageId, { listener }] of [...this.#pages]) {
        this.#forget(pageId);
        listener.onFailed('The browser has ended.', false);
      }
    });
    child.send({ type: 'init', ...this.#init, ownPorts: this.#ownPorts });
    return child;
  }

  #receive(message: FromBrowser): void {
    const page = this.#pages.get(message.pageId);
    if (page === undefined) return;
    const { listener } = page;
    if (message.type === 'frame') listener.onFrame(message);
    else if (message.type === 'loaded') listener.onLoaded();
    else if (message.type === 'message') listener.onMessage(message.message);
    else {
      this.#forget(message.pageId);
      listener.onFailed(message.reason, message.isRefused);
    }
  }

  #post(message: ToBrowser): void {
    this.#child?.send(message);
  }

  #forget(pageId: number): void {
    const page = this.#pages.get(pageId);
    this.#pages.delete(pageId);
    page?.file.close();
    if (page !== undefined) rmSync(page.file.path, { force: true });
    if (this.#pages.size > 0) return;
    this.#linger = setTimeout(() => {
      // One may be being opened since before this was set.
      if (this.#pages.size === 0) this.#end();
    }, LINGER_MS);
  }

  #end(): void {
    if (this.#linger !== null) clearTimeout(this.#linger);
    this.#linger = null;
    const [child, folder] = [this.#child, this.#folder];
    this.#child = null;
    this.#folder = null;
    child?.kill();
    // Chromium ends with it, and writes until it has.
    void folder
      ?.then((path) => rm(path, { recursive: true, force: true, maxRetries: 5 }))
      .catch(() => undefined);
  }
}
