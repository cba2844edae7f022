import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';

/** Names of the browser's program: Debian's, Alpine's and Fedora's, then Ubuntu's and Google's own. */
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

/** It runs as root in containers, draws without a GPU, and talks to nobody but the test. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--force-device-scale-factor=1',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
];

/** How long the browser may take for one thing, milliseconds: only one that hangs takes so long, however busy the machine is. */
const TIMEOUT_MS = 300_000;

/** A browser with one page. Close it in an `after` hook. */
export type TestBrowser = {
  readonly page: Page;
  close(): Promise<void>;
};

/** The size of the page in CSS pixels, each one pixel of its pictures. */
export type ViewportSize = { readonly width: number; readonly height: number };

/** Path of Chromium. @throws Error when none of its programs is on the PATH */
function findChromium(): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const path = PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name))).find(
    existsSync,
  );
  if (path === undefined)
    throw new Error('Chromium is missing. Install it, for instance with: apt-get install chromium');
  return path;
}

/** Starts Chromium with an empty page. @throws Error when Chromium is not installed or does not start */
export async function openChromium(
  viewport: ViewportSize = { width: 1920, height: 1080 },
): Promise<TestBrowser> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: FLAGS });
  const page = await browser.newPage({ viewport, deviceScaleFactor: 1 });
  page.setDefaultTimeout(TIMEOUT_MS);
  return {
    page,
    async close() {
      await browser.close();
    },
  };
}
