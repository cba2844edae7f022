import { writeFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { createCanvas, registerShippedFonts } from '../../src/render/canvas.js';
import type { BenchContext, Part } from '../part.js';
import { QualityService } from './quality-service.js';
import { openQualityBrowser, type QualityBrowser } from './browser.js';
import {
  lumaOf,
  placeIdeally,
  psnr,
  type Area,
  type Luma,
  type Part as PicturePart,
  type Pixels,
  type Placing,
} from './reference.js';
import { TEST_DRAWINGS } from './test-drawings.js';
import { paintPixels, PICTURE_PX, TEST_PICTURES } from './test-pictures.js';
import { makeApng, makeLottie } from './wrap-picture.js';

const SCALES = [1, 0.9, 0.75, 0.5, 1 / 3, 0.2, 0.1, 0.05] as const;
const MODES = ['still', 'moving', 'turned', 'cropped', 'film', 'lottie', 'svg'] as const;
type Mode = (typeof MODES)[number];

/** Program pixels around a picture that are compared as well: its edge belongs to how it looks. */
const MARGIN_PX = 6;
const BACKGROUND = '#204060';
const BACKGROUND_LUMA = lumaOf(0x20, 0x40, 0x60);
/** A picture may look so much worse than in Chromium, dB. */
const TOLERANCE_DB = 0.5;
/** Better than this nobody tells from perfect: both are counted as that good. */
const PERFECT_DB = 48;

const WHOLE: PicturePart = { x: 0, y: 0, ...PICTURE_PX };
const CROP: PicturePart = { x: 101.5, y: 37.25, width: 300.5, height: 220.75 };

/** What is compared: the same picture at the same place, by us, by Chromium and ideally. */
type Comparison = {
  readonly name: string;
  readonly mode: Mode;
  readonly scale: number;
  readonly oursDb: number;
  readonly theirsDb: number;
  readonly pictures: readonly Luma[];
};

function placingOf(mode: Mode, scale: number): Placing {
  const part = mode === 'cropped' ? CROP : WHOLE;
  // Whole sizes on whole pixels stand still; what moves is met between pixels.
  const snap = mode === 'moving' ? 0.37 : 0;
  const degrees = mode === 'turned' ? 7 : 0;
  const room = mode === 'turned' ? Math.ceil(PICTURE_PX.width * scale * 0.12) : 0;
  return { part, x: MARGIN_PX + snap + room, y: MARGIN_PX + snap + room, scale, degrees };
}

function areaOf({ part, x, y, scale }: Placing): Area {
  const extent = (before: number, units: number): number =>
    2 * Math.ceil((units * scale + 2 * before) / 2);
  return { width: extent(x, part.width), height: extent(y, part.height) };
}

/** The layer that shows an asset so. A picture that moves shrinks from its natural size, and is met after one second. */
function layerOf(mode: Mode, asset: string, placing: Placing): object {
  const { part, x, y, scale, degrees } = placing;
  const base = { id: 'picture', type: mode === 'lottie' ? 'lottie' : 'image', asset };
  const size = { width: part.width * scale, height: part.height * scale };
  if (mode === 'moving')
    return {
      ...base,
      x,
      y,
      animations: [
        {
          property: 'scale',
          keyframes: [1, scale, scale].map((value, i) => ({ atMs: i * 1000, value })),
        },
        {
          property: 'x',
          keyframes: [x - 9, x, x + 9].map((value, i) => ({ atMs: i * 1000, value })),
        },
      ],
    };
  if (mode === 'turned')
    return {
      ...base,
      ...size,
      x: x + size.width / 2,
      y: y + size.height / 2,
      anchor: { x: 0.5, y: 0.5 },
      rotation: degrees,
    };
  return { ...base, ...size, x, y, ...(mode === 'cropped' ? { crop: part, fit: 'fill' } : {}) };
}

function quantised(luma: Luma): Luma {
  return { ...luma, samples: luma.samples.map((value) => 16 + Math.round((value * 219) / 255)) };
}

/** In the steps of a video's luma: whoever watches sees no others. */
function compare(ideal: Luma, shown: Luma): number {
  return psnr(quantised(ideal), shown);
}

async function toSheet(rows: readonly Comparison[], path: string): Promise<void> {
  const columns = 3;
  const cell = { width: 330, height: 250 };
  const canvas = createCanvas(columns * cell.width, rows.length * (cell.height + 22));
  const context = canvas.getContext('2d');
  context.fillStyle = '#000000';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.font = '14px Inter';
  rows.forEach(({ name, mode, scale, oursDb, theirsDb, pictures }, row) => {
    const top = row * (cell.height + 22);
    context.fillStyle = '#ffffff';
    context.fillText(
      `${name}, ${mode}, ${scale.toFixed(2)}: ours ${oursDb.toFixed(1)} dB, Chromium ${theirsDb.toFixed(1)} dB, ideal`,
      6,
      top + 16,
    );
    pictures.forEach(({ width, height, samples }, column) => {
      const [shownWidth, shownHeight] = [
        Math.min(width, cell.width - 6),
        Math.min(height, cell.height),
      ];
      const image = context.createImageData(shownWidth, shownHeight);
      for (let y = 0; y < shownHeight; y++)
        for (let x = 0; x < shownWidth; x++) {
          const value = ((samples[y * width + x] ?? 0) - 16) * (255 / 219);
          image.data.set([value, value, value, 255], (y * shownWidth + x) * 4);
        }
      context.putImageData(image, column * cell.width, top + 22);
    });
  });
  await writeFile(path, await canvas.encode('png'));
}

type Ideals = (name: string, pixels: Pixels, placing: Placing, area: Area) => Luma;

/** Ideal pictures, kept by what they show and where: three ways of showing a picture have the same. */
function createIdeals(): Ideals {
  const kept = new Map<string, Luma>();
  return (name, pixels, placing, area) => {
    const key = JSON.stringify([name, placing]);
    const known =
      kept.get(key) ?? placeIdeally(pixels, placing, { ...area, background: BACKGROUND_LUMA });
    kept.set(key, known);
    return known;
  };
}

/** What is measured of one picture: its bytes for us, its address for Chromium, and how it ideally looks. */
type Subject = {
  readonly name: string;
  readonly address: string;
  readonly asset: string;
  readonly ideal: (placing: Placing, area: Area) => Promise<Luma>;
};

async function measure(
  service: QualityService,
  browser: QualityBrowser,
  mode: Mode,
  subject: Subject,
): Promise<Comparison[]> {
  const found: Comparison[] = [];
  for (const scale of SCALES) {
    const placing = placingOf(mode, scale);
    const area = areaOf(placing);
    const ideal = await subject.ideal(placing, area);
    const ours = await service.show(layerOf(mode, subject.asset, placing), BACKGROUND, area);
    const how = mode === 'moving' ? 'transform' : 'size';
    const theirs = quantised(await browser.show(subject.address, placing, how, area, 1));
    found.push({
      name: subject.name,
      mode,
      scale,
      oursDb: compare(ideal, ours),
      theirsDb: compare(ideal, theirs),
      pictures: [ours, theirs, quantised(ideal)],
    });
  }
  return found;
}

async function rasterSubjects(
  service: QualityService,
  mode: Mode,
  ideals: Ideals,
): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const [i, picture] of TEST_PICTURES.entries()) {
    const rgba = paintPixels(picture);
    const { width, height } = PICTURE_PX;
    const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
      .png()
      .toBuffer();
    const file = mode === 'film' ? makeApng(rgba, PICTURE_PX, deflateSync) : png;
    const asset = `${mode}-${i}`;
    if (mode === 'lottie')
      await service.upload(asset, 'application/json', makeLottie(png, PICTURE_PX));
    else await service.upload(asset, 'image/png', file);
    subjects.push({
      name: picture.name,
      asset,
      address: `data:image/png;base64,${png.toString('base64')}`,
      ideal: (placing, area) =>
        Promise.resolve(ideals(picture.name, { width, height, rgba }, placing, area)),
    });
  }
  return subjects;
}

async function svgSubjects(service: QualityService, browser: QualityBrowser): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const [i, { name, svg }] of TEST_DRAWINGS.entries()) {
    const asset = `svg-${i}`;
    await service.upload(asset, 'image/svg+xml', Buffer.from(svg));
    const address = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
    subjects.push({
      name,
      asset,
      address,
      // Drawn in sixteen parts of a pixel, which are averaged.
      ideal: (placing, area) => browser.show(address, placing, 'size', area, 4),
    });
  }
  return subjects;
}

/** How pictures look beside Chromium, against the ideal: 12 pictures, 8 scales, every way in which they are shown. */
export const qualityPart: Part = {
  name: 'quality',
  summary: 'pictures at eight scales beside Chromium; --out FILE.png: the worst ones, side by side',
  isExtra: true,
  async run(context: BenchContext): Promise<void> {
    registerShippedFonts();
    const service = await QualityService.start(context.folder);
    const browser = await openQualityBrowser(BACKGROUND);
    try {
      const all: Comparison[] = [];
      const ideals = createIdeals();
      for (const mode of MODES) {
        const subjects =
          mode === 'svg'
            ? await svgSubjects(service, browser)
            : await rasterSubjects(service, mode, ideals);
        const found: Comparison[] = [];
        for (const subject of subjects)
          found.push(...(await measure(service, browser, mode, subject)));
        const gainOf = ({ oursDb, theirsDb }: Comparison): number =>
          Math.min(oursDb, PERFECT_DB) - Math.min(theirsDb, PERFECT_DB);
        const worst = [...found].sort((a, b) => gainOf(a) - gainOf(b));
        const below = found.filter((one) => gainOf(one) < -TOLERANCE_DB);
        context.record(`${mode}.compared`, found.length, 'pictures');
        context.record(`${mode}.below-chromium`, below.length, 'pictures', { atMost: 0 });
        context.record(`${mode}.worst-against-chromium`, Math.min(...found.map(gainOf)), 'dB', {
          atLeast: -TOLERANCE_DB,
        });
        for (const { name, scale, oursDb, theirsDb } of worst.slice(0, 4))
          context.progress(
            `${mode}, ${name} at ${scale.toFixed(2)}: ours ${oursDb.toFixed(1)} dB, Chromium ${theirsDb.toFixed(1)} dB`,
          );
        all.push(...worst.slice(0, 3), ...worst.slice(-1));
      }
      if (context.outPath !== null) await toSheet(all, context.outPath);
    } finally {
      await browser.close();
      await service.stop();
    }
  },
};
