import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { BUILD_ROOT } from '../../src/core/paths.js';
import { FONTS_FOLDER } from '../../src/fonts/shipped-fonts.js';
import { drawSvg, WHOLE } from '../../src/vector/svg/draw.js';
import { openChromium, type TestBrowser } from '../support/chromium.js';
import { ssim, type Grey } from '../support/ssim.js';
import { openFixture, type Fixture } from './fixture.js';
import { NAMESPACES, uploadSvg } from './svg-drawing.js';

/** Drawings as people have them, beside Chromium. */

const SIZE = { width: 240, height: 160 } as const;

/** Two pictures are as good as the same from here on: edges are smoothed a little differently. */
const SAME = 0.99;

/**
 * Drawings are shown at any size, so their letters are outlines, as Chromium has them with geometricPrecision. Otherwise
 * it moves the edges of upright letters to whole pixels, which small ones differ by: 0.977 in place of 0.998.
 */
const EXACT = 'text{text-rendering:geometricPrecision}';

let browser: TestBrowser;
let fixture: Fixture;
before(async () => {
  browser = await openChromium(SIZE);
  fixture = await openFixture();
});
after(async () => {
  await browser.close();
  await fixture.close();
});

function svg(inner: string, attributes = `width="240" height="160"`): string {
  return `<svg ${NAMESPACES} ${attributes}>${inner}</svg>`;
}

const PNG =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFElEQVR4nGP8z8DAwMDAxMDAwMAAAA0GAQNTQoJmAAAAAElFTkSuQmCC';

const DRAWINGS: Readonly<Record<string, string>> = {
  icon: svg(
    '<path d="M12 2L2 7l10 5 10-5-10-5zM2 17l10 5 10-5M2 12l10 5 10-5" fill="none" stroke="#246" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
    'width="160" height="160" viewBox="0 0 24 24"',
  ),
  'a plot as matplotlib writes it': svg(
    '<defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style></defs><g id="figure_1"><g id="patch_1"><path d="M 0 115.2 L 172.8 115.2 L 172.8 0 L 0 0 z" style="fill: #ffffff"/></g><g id="line2d_1"><path d="M 20 100 L 50 40 L 80 70 L 110 20 L 150 60" clip-path="url(#p1)" style="fill: none; stroke: #1f77b4; stroke-width: 1.5; stroke-linecap: square"/></g><g><defs><path id="m1" d="M 0 0 L 0 3.5" style="stroke: #000000; stroke-width: 0.8"/></defs><g><use xlink:href="#m1" x="50" y="100" style="stroke: #000000; stroke-width: 0.8"/></g></g></g><defs><clipPath id="p1"><rect x="15" y="10" width="130" height="95"/></clipPath></defs>',
    'width="172.8pt" height="115.2pt" viewBox="0 0 172.8 115.2"',
  ),
  'a drawing as Inkscape writes it': svg(
    '<g transform="translate(-10,-5)" style="display:inline"><rect style="opacity:1;fill:#aa0000;fill-opacity:0.6;stroke:#000;stroke-width:1.2;stroke-dasharray:2.4,1.2;stroke-dashoffset:0.6" width="30" height="20" x="15" y="10" ry="4"/><path style="fill:#0000aa" d="m 50,10 c 10,0 10,20 0,20 -6,0 -8,-8 -4,-12 z"/></g>',
    'width="60mm" height="40mm" viewBox="0 0 60 40"',
  ),
  gradients: svg(
    '<defs><linearGradient id="a" x1="0" x2="1" y2="1"><stop offset=".1" stop-color="#f80"/><stop offset="1" stop-color="#08f" stop-opacity=".3"/></linearGradient><radialGradient id="b" fx=".3" fy=".3"><stop stop-color="#fff"/><stop offset="1" stop-color="#a0a"/></radialGradient></defs><rect x="10" y="10" width="100" height="140" fill="url(#a)"/><circle cx="170" cy="80" r="60" fill="url(#b)"/>',
  ),
  masks: svg(
    '<mask id="m"><linearGradient id="g"><stop stop-color="#fff"/><stop offset="1"/></linearGradient><rect width="240" height="160" fill="url(#g)"/><circle cx="60" cy="80" r="30" fill="#000"/></mask><rect width="240" height="160" fill="#063" mask="url(#m)"/>',
  ),
  patterns: svg(
    '<pattern id="p" width="20" height="20" patternUnits="userSpaceOnUse" patternTransform="rotate(30)"><rect width="10" height="10" fill="#c33"/><circle cx="15" cy="15" r="4" fill="#33c"/></pattern><rect width="240" height="160" fill="url(#p)"/>',
  ),
  'clips and uses': svg(
    '<defs><clipPath id="c"><circle cx="120" cy="80" r="70"/></clipPath><symbol id="s" viewBox="0 0 10 10"><path d="M5 0L10 10H0z"/></symbol></defs><g clip-path="url(#c)"><rect width="240" height="160" fill="#fc0"/><use href="#s" x="70" y="40" width="100" height="80" fill="#048"/></g>',
  ),
  'a shadow': svg(
    '<filter id="f" x="-.5" y="-.5" width="2" height="2"><feDropShadow dx="6" dy="8" stdDeviation="5" flood-color="#208" flood-opacity=".7"/></filter><rect x="60" y="40" width="120" height="70" rx="12" fill="#fe8" filter="url(#f)"/>',
  ),
  'a blur and a matrix': svg(
    '<filter id="f"><feGaussianBlur stdDeviation="4"/><feColorMatrix type="hueRotate" values="90"/></filter><rect x="50" y="30" width="140" height="100" fill="#e33" filter="url(#f)"/>',
  ),
  'styles and variables': svg(
    '<style>:root{--main:#0a7;--w:6px}.bar{fill:var(--main)}.bar:nth-child(even){fill:#07a}g>.line{stroke:var(--main);stroke-width:var(--w)}</style><g><rect class="bar" x="20" y="60" width="30" height="80"/><rect class="bar" x="60" y="30" width="30" height="110"/><rect class="bar" x="100" y="80" width="30" height="60"/><path class="line" d="M10 145H230"/></g>',
  ),
  'turned about origins': svg(
    '<g style="transform:rotate(20deg);transform-origin:120px 80px"><rect x="80" y="50" width="80" height="60" fill="#369"/></g><rect x="20" y="20" width="40" height="40" fill="#963" style="transform-box:fill-box;transform-origin:center;transform:rotate(45deg) scale(.8)"/>',
  ),
  text: svg(
    '<style>.t{font:bold 28px Inter}</style><text class="t" x="10" y="40">Quarter 3</text><text x="230" y="80" font-size="24" text-anchor="end" font-family="Inter" fill="#a30">12.5 %</text><text x="120" y="130" font-size="30" font-family="Inter" text-anchor="middle">AVATAR</text><text x="20" y="155" font-size="20" font-family="Inter" fill="#028" letter-spacing="3">AVATAR fi</text>',
  ),
  'text set apart from its anchors': svg(
    '<g font-family="Inter" font-size="24"><text x="120" y="30" text-anchor="middle" letter-spacing="6">AVATAR</text><text x="230" y="60" text-anchor="end" letter-spacing="8">Sold 12</text><text x="10" y="90" letter-spacing="-1">Tight words</text><text x="120" y="120" text-anchor="middle" letter-spacing=".2em">N<tspan fill="#c00">E</tspan>ON</text><text x="230" y="150" text-anchor="end" style="letter-spacing:5px">a<tspan letter-spacing="0">bcd</tspan>e</text></g>',
  ),
  'text from the right': svg(
    '<g font-family="Inter" font-size="24" direction="rtl"><text x="230" y="30">12 abc</text><text x="10" y="60" text-anchor="end">12 abc</text><text x="120" y="90" text-anchor="middle" letter-spacing="4">12 abc</text></g>',
  ),
  'text on a path': svg(
    '<path id="p" d="M20 120Q120 10 220 120" fill="none" stroke="#ccc"/><text font-family="Inter" font-size="22"><textPath href="#p" startOffset="12">On a curved path</textPath></text>',
  ),
  'text letter by letter': svg(
    '<text font-family="Inter" font-size="32" x="20 60 100 140 180" y="40 70 100 70 40" rotate="0 10 20 30 40">Jumps</text><text x="20" y="140" font-family="Inter" font-size="20">plain <tspan font-weight="700" fill="#c00" dy="-6">up</tspan><tspan dy="6"> down</tspan></text>',
  ),
  'markers and dashes': svg(
    '<marker id="m" markerWidth="6" markerHeight="6" refX="3" refY="3" orient="auto"><path d="M0 0L6 3L0 6z" fill="#c00"/></marker><polyline points="20,140 80,30 150,110 220,40" fill="none" stroke="#333" stroke-width="4" stroke-dasharray="14 6" marker-end="url(#m)" marker-mid="url(#m)"/>',
  ),
  'markers that are reversed at the start and take the colours of their lines': svg(
    '<marker id="m" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="6" markerHeight="6" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="context-stroke"/></marker><marker id="n" markerWidth="5" markerHeight="4" refX="1" refY="2" orient="auto-start-reverse"><path d="M0 0h4v4z" fill="context-fill" stroke="context-stroke"/></marker><g fill="none" stroke-width="4"><path d="M30 20L200 50" stroke="#c00" marker-start="url(#m)" marker-end="url(#m)"/><g style="stroke:#06c;marker:url(#m)"><polyline points="40,90 120,60 200,100"/></g><line x1="40" y1="140" x2="200" y2="120" stroke="#080" fill="#fc0" marker-start="url(#n)" marker-end="url(#n)"/></g>',
  ),
  'rings and lines dashed in shares of their length': svg(
    '<g fill="none" stroke-width="14"><circle cx="60" cy="60" r="40" stroke="#06c" pathLength="100" stroke-dasharray="65 35" stroke-dashoffset="25"/><g style="stroke-dasharray:2 1"><rect x="130" y="20" width="80" height="60" stroke="#c60" pathLength="24"/><polygon points="30,150 90,120 110,150" stroke="#080" stroke-width="6" pathLength="12"/></g><path d="M130 110H220V150" stroke="#808" pathLength="1" stroke-dasharray=".1 .05"/></g>',
  ),
  'blending and pictures': svg(
    `<rect width="240" height="160" fill="#48c"/><image href="${PNG}" x="20" y="20" width="80" height="80" image-rendering="pixelated"/><rect x="90" y="50" width="120" height="90" fill="#fc4" style="mix-blend-mode:multiply"/>`,
  ),
  'a background and a view': svg(
    '<circle cx="50" cy="50" r="40" fill="#c0c"/>',
    'width="240" height="160" viewBox="0 0 100 100" preserveAspectRatio="xMinYMid slice" style="background:#def"',
  ),
};

async function fontFaces(): Promise<string> {
  const faces = await Promise.all(
    [400, 700].map(async (weight) => {
      const file = await readFile(join(FONTS_FOLDER, `inter-latin-${weight}-normal.ttf`));
      return `@font-face{font-family:Inter;font-weight:${weight};src:url(data:font/ttf;base64,${file.toString('base64')})}`;
    }),
  );
  return faces.join('');
}

async function inChromium(drawing: string): Promise<Buffer> {
  await browser.page.setContent(
    `<style>${await fontFaces()}body{margin:0}svg{display:block}${EXACT}</style>${drawing}`,
  );
  await browser.page.evaluate('Promise.all([...document.fonts].map((font) => font.load()))');
  const png = await browser.page.screenshot({ clip: { x: 0, y: 0, ...SIZE } });
  return sharp(png).removeAlpha().raw().toBuffer();
}

async function here(drawing: string): Promise<Buffer> {
  const asset = await uploadSvg(fixture, drawing);
  assert.deepEqual(asset.notDrawn, []);
  const source = fixture.assets.pictureSourceOf(asset);
  assert.ok(source !== null);
  const { width, height } = source;
  const { rgba } = await drawSvg(await readFile(source.path, 'utf8'), WHOLE, width, height);
  const canvas = { ...SIZE, channels: 3, background: '#fff' } as const;
  const picture = await sharp(rgba, { raw: { width, height, channels: 4, premultiplied: true } })
    .extract({
      left: 0,
      top: 0,
      width: Math.min(width, SIZE.width),
      height: Math.min(height, SIZE.height),
    })
    .png()
    .toBuffer();
  return sharp({ create: canvas })
    .composite([{ input: picture, left: 0, top: 0 }])
    .removeAlpha()
    .raw()
    .toBuffer();
}

function greyOf(rgb: Buffer): Grey {
  const samples = Array.from({ length: rgb.length / 3 }, (_, i) => {
    const [r = 0, g = 0, b = 0] = rgb.subarray(3 * i, 3 * i + 3);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  });
  return { ...SIZE, samples };
}

/** Both side by side, to be looked at: in the build's folder of snapshots. */
async function keep(name: string, pictures: readonly Buffer[]): Promise<void> {
  const folder = join(BUILD_ROOT, 'snapshots', 'svg-chromium');
  await mkdir(folder, { recursive: true });
  const inputs = pictures.map((input, i) => ({
    input,
    raw: { ...SIZE, channels: 3 as const },
    left: i * (SIZE.width + 4),
    top: 0,
  }));
  const create = {
    width: 2 * SIZE.width + 4,
    height: SIZE.height,
    channels: 3,
    background: '#888',
  };
  await sharp({ create: { ...create, channels: 3 } })
    .composite(inputs)
    .png()
    .toFile(join(folder, `${name.replaceAll(' ', '-')}.png`));
}

for (const [name, drawing] of Object.entries(DRAWINGS)) {
  test(`${name}: looks as in Chromium`, async (t) => {
    const [theirs, ours] = [await inChromium(drawing), await here(drawing)];
    await keep(name, [theirs, ours]);
    const similarity = ssim(greyOf(theirs), greyOf(ours));
    t.diagnostic(`SSIM ${similarity.toFixed(4)}`);
    assert.ok(similarity >= SAME, `SSIM ${similarity.toFixed(4)}`);
  });
}
