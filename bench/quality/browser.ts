import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { lumaOf, type Area, type Luma, type Placing } from './reference.js';
import { PICTURE_PX } from './test-pictures.js';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-dev-shm-usage',
  '--force-color-profile=srgb',
];

/** How a page shows a picture: laid out at its size, or by a transform of the whole picture. */
export type ShownBy = 'size' | 'transform';

/** A page of Chromium that shows test pictures over a plain background. */
export type QualityBrowser = {
  /** Luma of the page's upper left, `width` × `height` CSS pixels, each `sharpness` × `sharpness` device pixels averaged. */
  show(
    address: string,
    placing: Placing,
    how: ShownBy,
    area: Area,
    sharpness: 1 | 4,
  ): Promise<Luma>;
  close(): Promise<void>;
};

function styleOf({ part, x, y, scale, degrees }: Placing, how: ShownBy): string {
  const { width, height } = PICTURE_PX;
  const px = (value: number): string => `${value}px`;
  const [boxWidth, boxHeight] = [part.width * scale, part.height * scale];
  const inner =
    how === 'size'
      ? `left:${px(-part.x * scale)};top:${px(-part.y * scale)};width:${px(width * scale)};height:${px(height * scale)}`
      : `left:0;top:0;width:${px(width)};height:${px(height)};transform-origin:0 0;transform:scale(${scale})`;
  const outer =
    how === 'size'
      ? `left:${px(x)};top:${px(y)};transform:rotate(${degrees}deg)`
      : `left:0;top:0;transform:translate(${px(x)},${px(y)}) rotate(${degrees}deg)`;
  return (
    `#box{position:absolute;overflow:hidden;width:${px(boxWidth)};height:${px(boxHeight)};${outer}}` +
    `#picture{position:absolute;max-width:none;${inner}}`
  );
}

async function toLuma(png: Buffer, sharpness: number): Promise<Luma> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [width, height] = [info.width / sharpness, info.height / sharpness];
  const samples = new Float64Array(width * height);
  for (let y = 0; y < info.height; y++)
    for (let x = 0; x < info.width; x++) {
      const at = (y * info.width + x) * 3;
      const luma = lumaOf(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
      const into = Math.floor(y / sharpness) * width + Math.floor(x / sharpness);
      samples[into] = (samples[into] ?? 0) + luma / (sharpness * sharpness);
    }
  return { width, height, samples };
}

/** @throws Error when Chromium is not installed */
export async function openQualityBrowser(background: string): Promise<QualityBrowser> {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => PROGRAMS.map((name) => join(folder, name)))
    .find(existsSync);
  if (path === undefined)
    throw new Error('Chromium is missing. Install it, for instance with: apt-get install chromium');
  const browser = await chromium.launch({ executablePath: path, args: FLAGS });
  const pages = new Map<number, Page>();
  const pageOf = async (sharpness: number): Promise<Page> => {
    const known = pages.get(sharpness);
    if (known !== undefined) return known;
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      deviceScaleFactor: sharpness,
    });
    await page.setContent(
      `<style>body{margin:0;background:${background}}</style><style id="style"></style><div id="box"><img id="picture"></div>`,
    );
    pages.set(sharpness, page);
    return page;
  };
  return {
    async show(address, placing, how, area, sharpness) {
      const page = await pageOf(sharpness);
      await page.evaluate(
        `(async () => {
          document.getElementById('style').textContent = ${JSON.stringify(styleOf(placing, how))};
          const picture = document.getElementById('picture');
          const address = ${JSON.stringify(address)};
          if (picture.src !== address) { picture.src = address; }
          await picture.decode();
        })()`,
      );
      return toLuma(await page.screenshot({ clip: { x: 0, y: 0, ...area } }), sharpness);
    },
    async close() {
      await browser.close();
    },
  };
}
