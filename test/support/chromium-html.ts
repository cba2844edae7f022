import type { Page } from 'playwright-core';
import sharp from 'sharp';

/** A line of HTML on black, in CSS terms. */
export type HtmlLine = {
  readonly width: number;
  readonly height: number;
  /** CSS of the line: its font at the least. */
  readonly style: string;
  /** What is in the line. */
  readonly html: string;
  readonly direction: 'ltr' | 'rtl';
  /** Of the left edge of the line. */
  readonly x: number;
};

/** A line as Chromium shows it. */
export type ShownLine = {
  /** RGBA. */
  readonly rgba: Uint8Array;
  /** Where its baseline is, from the top. */
  readonly baseline: number;
  readonly lineWidth: number;
};

/** Lays out and paints a line in a page whose fonts have been loaded. */
export async function drawHtml(page: Page, line: HtmlLine): Promise<ShownLine> {
  const { width, height, style, html, direction, x } = line;
  const place = `position:absolute;left:${x}px;top:0;white-space:pre;line-height:${height}px`;
  const marker = '<i id="b" style="display:inline-block;width:0;height:0"></i>';
  await page.setViewportSize({ width, height });
  await page.evaluate(
    `document.body.style.cssText = 'margin:0;background:#000';
     document.body.innerHTML = ${JSON.stringify(`<div id="l" dir="${direction}" style="${place};${style}">${html}${marker}</div>`)};
     document.fonts.ready`,
  );
  const [baseline = 0, lineWidth = 0] = await page.evaluate<number[]>(
    `[document.getElementById('b').getBoundingClientRect().bottom, document.getElementById('l').getBoundingClientRect().width]`,
  );
  const png = await page.screenshot({ clip: { x: 0, y: 0, width, height } });
  return { rgba: await sharp(png).ensureAlpha().raw().toBuffer(), baseline, lineWidth };
}
