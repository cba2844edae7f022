import sharp, { type OverlayOptions } from 'sharp';
import type { Page } from 'playwright-core';
import { createSharedMemory } from '../../src/memory/map.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { LayerSchema } from '../../src/scene/schema/layer.js';
import { loadFonts } from '../../test/support/chromium-canvas.js';
import { openChromium } from '../../test/support/chromium.js';
import { renderStill, sceneFrom } from '../../test/support/engine.js';
import { ssim, type Grey } from '../../test/support/ssim.js';
import type { BenchContext, Part } from '../part.js';
import { sheetFonts, type SheetFonts } from './fonts.js';
import { ROWS, type Row } from './rows.js';

const WIDTH_PX = 740;
const HEIGHT_PX = 68;
const EDGE_PX = 10;
const FONT_SIZE = 36;
const TITLE_PX = 190;
const GAP_PX = 6;
/** Browsers put baselines on whole pixels, and which one it is may differ by one. */
const SHIFTS = [0, -1, 1];

/** Two drawings of a row, opaque RGBA. */
type Drawn = { readonly height: number; readonly ours: Buffer; readonly theirs: Buffer };

function toGrey(height: number, rgba: Buffer, down: number): Grey {
  const samples = Float64Array.from({ length: WIDTH_PX * height }, (_, i) => {
    const at = (i - down * WIDTH_PX) * 4;
    const [r = 0, g = 0, b = 0] = at < 0 ? [] : rgba.subarray(at, at + 3);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  });
  return { width: WIDTH_PX, height, samples };
}

function similarity({ height, ours, theirs }: Drawn): number {
  const own = toGrey(height, ours, 0);
  return Math.max(...SHIFTS.map((shift) => ssim(own, toGrey(height, theirs, shift))));
}

async function drawTheirs(page: Page, row: Row, families: string, height: number): Promise<Buffer> {
  const style = `position:absolute;left:${EDGE_PX}px;top:${EDGE_PX}px;white-space:pre;line-height:48px;color:#fff;font-size:${FONT_SIZE}px;font-family:${families};${row.css ?? ''}`;
  await page.setViewportSize({ width: WIDTH_PX, height });
  await page.evaluate(
    `document.body.style.cssText = 'margin:0;background:#000';
     document.body.innerHTML = ${JSON.stringify(`<div style="${style}">${row.html}</div>`)};
     const { style } = document.body.firstChild;
     if (style.width === '') style.width = Math.ceil(document.body.firstChild.getBoundingClientRect().width) + 'px';
     document.fonts.ready`,
  );
  const png = await page.screenshot({ clip: { x: 0, y: 0, width: WIDTH_PX, height } });
  return sharp(png).ensureAlpha().raw().toBuffer();
}

async function drawRow(
  page: Page,
  row: Row,
  fonts: SheetFonts,
  memory: WebAssembly.Memory,
): Promise<Drawn> {
  const families = row.fonts.flatMap((word) => fonts.of(word));
  const height = row.heightPx ?? HEIGHT_PX;
  const theirs = await drawTheirs(page, row, families.map((name) => `'${name}'`).join(','), height);
  const plain =
    row.layer.type === 'group'
      ? {}
      : { fontFamily: families.join(', '), fontSize: FONT_SIZE, color: '#ffffff' };
  const layer = LayerSchema.parse({ id: 'a', x: EDGE_PX, y: EDGE_PX, ...plain, ...row.layer });
  const scene = sceneFrom({ id: 's', width: WIDTH_PX, height, layers: [layer] });
  const sources = fonts.files.map(([family, path]) => ({ family, path }));
  const size = { width: WIDTH_PX, height };
  const still = await renderStill(scene, {
    ...size,
    timeMs: row.timeMs ?? 0,
    memory,
    fonts: sources,
  });
  return { height, ours: Buffer.from(still.rgba), theirs };
}

function label(words: string, height: number): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${TITLE_PX}" height="${height}"><text x="6" y="${height / 2}" font-family="sans-serif" font-size="13" fill="#ddd">${words.replaceAll('&', '&amp;')}</text></svg>`,
  );
}

/** Every text of the sheet beside Chromium, and how like it is. */
export const textPart: Part = {
  name: 'text',
  summary:
    'texts of all kinds of layers and scripts beside Chromium, SSIM of each; as a picture to --out FILE',
  isExtra: true,
  async run(context: BenchContext): Promise<void> {
    registerShippedFonts();
    const fonts = await sheetFonts(context.folder);
    const memory = createSharedMemory();
    const browser = await openChromium();
    const parts: OverlayOptions[] = [];
    let [top, lowest] = [GAP_PX, 1];
    try {
      await loadFonts(browser.page, fonts.files);
      for (const row of ROWS) {
        const drawn = await drawRow(browser.page, row, fonts, memory);
        const { height, ours, theirs } = drawn;
        const found = similarity(drawn);
        lowest = Math.min(lowest, found);
        context.progress(`${found.toFixed(4)}  ${row.title}`);
        const raw = { width: WIDTH_PX, height, channels: 4 } as const;
        parts.push({ input: label(`${found.toFixed(4)}  ${row.title}`, height), left: 0, top });
        parts.push({ input: ours, raw, left: TITLE_PX, top });
        parts.push({ input: theirs, raw, left: TITLE_PX + WIDTH_PX + GAP_PX, top });
        top += height + GAP_PX;
      }
    } finally {
      await browser.close();
    }
    context.record('rows', ROWS.length, 'count');
    context.record('lowest SSIM', lowest, 'ratio');
    if (context.outPath === null) return;
    const [width, background] = [TITLE_PX + 2 * WIDTH_PX + GAP_PX, '#404040'];
    await sharp({ create: { width, height: top, channels: 3, background } })
      .composite(parts)
      .png()
      .toFile(context.outPath);
  },
};
