import type { Content, DrawingOf } from './content.js';

/** Contents whose cost grows with the same things: what one took tells about the others. */
export const PAINT_KINDS = [
  'area',
  'text',
  'picture',
  'composed',
  'blurred',
  'pattern',
  'lottie',
  'video-frame',
  'levels',
] as const;
export type PaintKind = (typeof PAINT_KINDS)[number];

/**
 * What painting costs, in nanoseconds and milliseconds, fitted to paints of 20x20 to 4K on one core of a shared
 * virtual machine. Only their ratios are meant: whoever predicts on another machine corrects them by what it measures.
 */
const COST = {
  /** Every paint: making the content, telling Skia, measuring the rows. */
  baseMs: 0.05,
  /** Clearing, filling and copying out a canvas that is kept, and one that is not: its memory is new. */
  keptNsPerPx: 3,
  freshNsPerPx: 10,
  keptPx: 512 * 512,
  /** A shadow or blur that fits the caches, and a large one; the radius matters little, since Skia shrinks what it blurs widely. */
  smallBlurNsPerPx: 30,
  largeBlurNsPerPx: 90,
  smallBlurPx: 256 * 256,
  colorFilterNsPerPx: 8,
  pictureNsPerPx: 15,
  /** A picture of a video that is taken out of its ring: converted, or copied and looked through for rows that are opaque. */
  copiedNsPerPx: 1.5,
  /** The same for what is drawn with it. */
  videoNsPerPx: 1,
  /** Cutting corners off and drawing borders. */
  edgeNsPerPx: 4,
  gradientNsPerPx: 4,
  /** Outlines with many corners, dashes and antialiasing; modules of a code. */
  figureNsPerPx: 6,
  /** Reckoned pixel by pixel. */
  patternNsPerPx: 15,
  /** A frame of an animation is drawn on a canvas of its own before. */
  lottieMs: 1,
  lottieNsPerPx: 15,
  /** A letter of 24 px, and how much more of it larger ones are. */
  letterNs: 900,
  letterNsPerPx: 60,
  /** A letter that does not stand where the one before ends is drawn by a call of its own, which costs so many more. */
  aloneLetters: 6,
  /**
   * Letters in many fonts are new to Skia again and again, since it keeps few of each: a change of the font costs so much
   * from the one on that is not usual in a text.
   */
  fontChangeNs: 120_000,
  usualFontChanges: 4,
  /** An outlined letter costs so many plain ones more. */
  strokeLetters: 2,
  /** All levels of a bitmap, for a pixel of the bitmap. */
  levelsNsPerPx: 2,
  /** One item of those that draw a content, on the part of it that it touches: half is a guess that holds on the whole. */
  itemNsPerPx: 1.5,
  /** More items than this do not all touch every pixel. */
  fullItems: 8,
} as const;

/** By which measurements a content's prediction is corrected. */
export function paintKindOf({ drawing, decoration, filters }: Content): PaintKind {
  const isBlurred =
    decoration.shadows.length > 0 ||
    filters.some(({ type }) => type === 'blur') ||
    (drawing.kind === 'text-block' && drawing.shadows.length > 0);
  if (isBlurred) return 'blurred';
  switch (drawing.kind) {
    case 'text-block':
      return 'text';
    case 'picture':
      return 'picture';
    case 'composed':
    case 'pattern':
    case 'lottie':
    case 'video-frame':
    case 'levels':
      return drawing.kind;
    default:
      return 'area';
  }
}

function lettersNs(count: number, fontSizePx: number, isStroked: boolean): number {
  const each = COST.letterNs + COST.letterNsPerPx * fontSizePx;
  return count * each * (isStroked ? 1 + COST.strokeLetters : 1);
}

function blockNs(block: DrawingOf<'text-block'>, scale: number, px: number): number {
  let [letters, changes] = [0, 0];
  for (const { lines, fonts } of block.texts)
    for (const { runs, glyphs } of lines)
      for (const { font, first, end } of runs) {
        changes += 1;
        const sizePx = (font === null ? 0 : (fonts[font]?.fontSize ?? 0)) * scale;
        let count = end - first;
        for (let i = first; i < end; i++) if (glyphs.plain[i] === 0) count += COST.aloneLetters;
        letters += lettersNs(count, sizePx, block.stroke !== null);
      }
  const styles = block.texts.flatMap((text) => text.styles);
  const fills = [...styles.map(({ fill }) => fill), block.panel?.fill ?? ''];
  const gradients = fills.filter((fill) => typeof fill !== 'string').length;
  const fontsNs = Math.max(0, changes - COST.usualFontChanges) * COST.fontChangeNs;
  return letters + fontsNs + gradients * COST.gradientNsPerPx * px;
}

function drawingNs({ drawing, scale, widthPx, heightPx }: Content, blurNs: number): number {
  const px = widthPx * heightPx;
  switch (drawing.kind) {
    case 'text-block':
      return blockNs(drawing, scale, px) + drawing.shadows.length * blurNs;
    case 'picture':
      return (px + drawing.widthPx * drawing.heightPx) * COST.pictureNsPerPx;
    case 'rectangle':
    case 'ellipse':
      return typeof drawing.fill === 'string' ? 0 : px * COST.gradientNsPerPx;
    case 'figure':
    case 'qr':
      return px * COST.figureNsPerPx;
    case 'pattern':
      return px * COST.patternNsPerPx;
    case 'video-frame':
      return drawing.ring.widthPx * drawing.ring.heightPx * COST.videoNsPerPx;
    case 'lottie':
      return 1e6 * COST.lottieMs + px * COST.lottieNsPerPx;
    case 'levels':
      return drawing.widthPx * drawing.heightPx * COST.levelsNsPerPx;
    case 'composed':
      return px * Math.min(COST.fullItems, drawing.count) * COST.itemNsPerPx;
    default:
      return 0;
  }
}

/** Whether a content is a picture of a video as it was decoded, which goes over no canvas. */
export function isCopied({ drawing, decoration, filters, widthPx, heightPx }: Content): boolean {
  const { cornerRadius, border, shadows } = decoration;
  return (
    drawing.kind === 'video-frame' &&
    cornerRadius === 0 &&
    border === null &&
    shadows.length === 0 &&
    filters.length === 0 &&
    drawing.ring.widthPx === widthPx &&
    drawing.ring.heightPx === heightPx
  );
}

/**
 * About how long it takes one thread to paint a content, milliseconds: by its size, its letters, and whatever is done
 * to its pixels. A pure function, so that a plan that rests on it can be repeated.
 */
export function predictPaintMs(content: Content): number {
  const { widthPx, heightPx, decoration, filters } = content;
  const px = widthPx * heightPx;
  if (isCopied(content)) return COST.baseMs + (px * COST.copiedNsPerPx) / 1e6;
  const blurNs = px * (px <= COST.smallBlurPx ? COST.smallBlurNsPerPx : COST.largeBlurNsPerPx);
  const blurs = filters.filter(({ type }) => type === 'blur').length;
  const hasEdges = decoration.border !== null || decoration.cornerRadius > 0;
  const ns =
    px * (px <= COST.keptPx ? COST.keptNsPerPx : COST.freshNsPerPx) +
    drawingNs(content, blurNs) +
    (decoration.shadows.length + blurs) * blurNs +
    (filters.length - blurs) * px * COST.colorFilterNsPerPx +
    (hasEdges ? px * COST.edgeNsPerPx : 0);
  return COST.baseMs + ns / 1e6;
}
