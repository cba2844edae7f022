import type { Page } from 'playwright-core';

/** A text on a black canvas, in CSS terms. */
export type CanvasText = {
  readonly width: number;
  readonly height: number;
  readonly font: string;
  readonly color: string;
  readonly text: string;
  readonly direction: 'ltr' | 'rtl';
  /** Of the left end of the text, and its baseline. */
  readonly x: number;
  readonly baseline: number;
};

/** Runs in the page, so it is a text: the compiler knows no browser. */
const LOAD = `async (fonts) => {
  for (const [family, url, weight] of fonts)
    document.fonts.add(await new FontFace(family, 'url("' + url + '")', { weight }).load());
}`;

/**
 * Left to itself, Chromium shapes canvas text word by word to keep the words, and loses kerning between Japanese
 * signs that way; optimizeLegibility makes it shape the text as a whole.
 */
const DRAW = `(wanted) => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [wanted.width, wanted.height];
  const context = canvas.getContext('2d');
  context.fillRect(0, 0, wanted.width, wanted.height);
  context.fillStyle = wanted.color;
  context.font = wanted.font;
  context.textRendering = 'optimizeLegibility';
  context.direction = wanted.direction;
  context.textAlign = 'left';
  context.fillText(wanted.text, wanted.x, wanted.baseline);
  const { data } = context.getImageData(0, 0, wanted.width, wanted.height);
  return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(''));
}`;

const ORIGIN = 'http://fonts.test';

/** A font file, its family, and the weights that it varies over, as CSS writes them; none: it does not vary. */
export type FontFile = readonly [family: string, path: string, weights?: string];

/** Lets a page use font files, by their families. They are served by the test itself. */
export async function loadFonts(page: Page, files: readonly FontFile[]): Promise<void> {
  await page.route(`${ORIGIN}/**`, async (route) => {
    const [, index] = new URL(route.request().url()).pathname.split('/');
    const path = index === '' ? undefined : files[Number(index)]?.[1];
    if (path === undefined) await route.fulfill({ contentType: 'text/html', body: '' });
    else await route.fulfill({ path, contentType: 'font/collection' });
  });
  await page.goto(ORIGIN);
  const fonts = files.map(([family, , weights], i) => [
    family,
    `${ORIGIN}/${i}`,
    weights ?? 'normal',
  ]);
  await page.evaluate(`(${LOAD})(${JSON.stringify(fonts)})`);
}

/** Draws a text; the answer is RGBA. */
export async function drawInChromium(page: Page, wanted: CanvasText): Promise<Uint8Array> {
  const base64 = await page.evaluate<string>(`(${DRAW})(${JSON.stringify(wanted)})`);
  return Buffer.from(base64, 'base64');
}
