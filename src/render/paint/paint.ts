import {
  createCanvas,
  releaseCanvas,
  type Canvas,
  type Context2D,
  type Lottie,
} from '../canvas.js';
import type { Box } from '../../scene/picture-fit.js';
import type { Content, DrawingOf } from '../content.js';
import { drawBorder, drawFigure, traceContent } from './figure.js';
import { fillStyleOf } from './fill.js';
import { drawLottie } from './lottie.js';
import { drawPattern } from './pattern.js';
import { inPixels } from './pixels.js';
import { drawPlaceholder } from './placeholder.js';
import { drawQr } from './qr.js';
import { drawWithShadows } from './shadows.js';
import { drawTextBlock } from './text-block.js';

/**
 * Painting of contents with Skia. Coordinates are units of the layer, from the top left of the content's box. A new
 * kind of drawing is a file beside this one and a case below.
 */

/** Pixels that are there already. */
export type Sources = {
  /** Whole pixels of a picture that stands in shared memory, `widthPx` wide. */
  readonly picture: (source: number, widthPx: number, part: Box) => Canvas;
  readonly lottie: (contentHash: string, path: string) => Lottie;
  /** A picture of a video, as it was decoded but for its key. */
  readonly video: (drawing: DrawingOf<'video-frame'>) => Canvas;
  /** What the content's items draw, as large as its bitmap. */
  readonly composed: () => Canvas;
};

function draw(context: Context2D, content: Content, sources: Sources): void {
  const { drawing, boxWidth, boxHeight, decoration } = content;
  switch (drawing.kind) {
    case 'text-block':
      drawTextBlock(context, content, drawing);
      return;
    case 'rectangle':
    case 'ellipse':
      context.fillStyle = fillStyleOf(context, drawing.fill, {
        x: 0,
        y: 0,
        width: boxWidth,
        height: boxHeight,
      });
      traceContent(context, content);
      context.fill();
      return;
    case 'figure':
      drawFigure(context, content, drawing);
      return;
    case 'nothing':
    // Made by the kernels, where they stand: there is nothing to draw on a canvas.
    case 'levels':
      return;
    case 'composed':
      drawOnce(sources.composed(), (canvas) => {
        context.drawImage(canvas, -content.padPx, -content.padPx);
      });
      return;
    case 'placeholder':
    case 'picture':
    case 'lottie':
    case 'video-frame':
    case 'pattern':
    case 'qr':
      context.save();
      if (decoration.cornerRadius > 0 || drawing.kind === 'lottie') {
        traceContent(context, content);
        context.clip();
      }
      drawInBox(context, content, drawing, sources);
      context.restore();
  }
}

/** Paints what fills its box up to the edges. */
function drawInBox(
  context: Context2D,
  content: Content,
  drawing: DrawingOf<'placeholder' | 'picture' | 'lottie' | 'video-frame' | 'pattern' | 'qr'>,
  sources: Sources,
): void {
  switch (drawing.kind) {
    case 'placeholder':
      drawPlaceholder(context, content);
      return;
    case 'pattern':
      drawPattern(context, content, drawing);
      return;
    case 'qr':
      drawQr(context, content, drawing);
      return;
    case 'picture':
      drawPicture(context, content, drawing, sources);
      return;
    case 'video-frame':
      drawVideo(context, content, drawing, sources);
      return;
    case 'lottie':
      drawLottie(context, drawing, content, sources.lottie(drawing.contentHash, drawing.path));
  }
}

/** Draws what of a picture of a video is in the box. */
function drawVideo(
  context: Context2D,
  { boxWidth, boxHeight }: Content,
  drawing: DrawingOf<'video-frame'>,
  { video }: Sources,
): void {
  const { x, y, width, height } = drawing.to;
  drawOnce(video(drawing), (canvas) => {
    context.beginPath();
    context.rect(0, 0, boxWidth, boxHeight);
    context.clip();
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = 'high';
    context.drawImage(canvas, x, y, width, height);
  });
}

/** Lengths in pixels that are less than this apart are the same: the box is not always a whole number of them. */
const SAME_PX = 1;
/** A part of a picture that is so near to whole pixels stands on them. */
const WHOLE_PX = 1e-6;
/** Reduced more than this, a picture is drawn from levels of it; else Skia's plain sampling is exact and sharper. */
const LEVELS_BELOW = 0.9;

/** The first of the pixels of which something is in a part, and how many they are; or of those that are all in it. */
function pixelsOf(
  start: number,
  length: number,
  limit: number,
  isInner: boolean,
): [number, number] {
  const end = start + length;
  const [first, last] = isInner
    ? [Math.ceil(start - WHOLE_PX), Math.floor(end + WHOLE_PX)]
    : [Math.floor(start + WHOLE_PX), Math.ceil(end - WHOLE_PX)];
  const from = last > first ? first : Math.floor(start + WHOLE_PX);
  return [from, Math.min(limit, Math.max(last, from + 1)) - from];
}

/**
 * Draws a part of a picture, at its own pixels where they are as many as those of the box. Skia samples over the edge of
 * a part, so it is given no more than the pixels that are in it, if only by a fraction.
 */
function drawPicture(
  context: Context2D,
  content: Content,
  { source, widthPx, heightPx, from, isReduced }: DrawingOf<'picture'>,
  { picture }: Sources,
): void {
  const { boxWidth, boxHeight, scale } = content;
  const part = from ?? { x: 0, y: 0, width: widthPx, height: heightPx };
  const [left, width] = pixelsOf(part.x, part.width, widthPx, isReduced);
  const [top, height] = pixelsOf(part.y, part.height, heightPx, isReduced);
  if (width <= 0 || height <= 0) return;
  drawOnce(picture(source, widthPx, { x: left, y: top, width, height }), (canvas) => {
    const isSame = (pixels: number, units: number): boolean =>
      Math.abs(pixels - units * scale) < SAME_PX;
    if (from === null && isSame(width, boxWidth) && isSame(height, boxHeight)) {
      inPixels(context, content, () => {
        context.drawImage(canvas, 0, 0);
      });
      return;
    }
    const [unitX, unitY] = [boxWidth / part.width, boxHeight / part.height];
    context.save();
    context.beginPath();
    context.rect(0, 0, boxWidth, boxHeight);
    context.clip();
    context.imageSmoothingQuality =
      Math.min(unitX, unitY) * scale < LEVELS_BELOW ? 'medium' : 'low';
    // What the pixels that are left out leave free at the edges, less than one of them, is as those beside it.
    if (isReduced) context.drawImage(canvas, 0, 0, boxWidth, boxHeight);
    context.drawImage(
      canvas,
      (left - part.x) * unitX,
      (top - part.y) * unitY,
      width * unitX,
      height * unitY,
    );
    context.restore();
  });
}

/** Draws from a canvas that nobody needs afterwards. */
function drawOnce(canvas: Canvas, draw: (canvas: Canvas) => void): void {
  try {
    draw(canvas);
  } finally {
    releaseCanvas(canvas);
  }
}

function drawAll(context: Context2D, content: Content, sources: Sources): void {
  const { border } = content.decoration;
  toUnits(context, content);
  draw(context, content, sources);
  if (border !== null) drawBorder(context, content, border);
}

function toUnits(context: Context2D, { padPx, scale }: Content): void {
  context.setTransform(scale, 0, 0, scale, padPx, padPx);
}

/** Paints a content, decoration and all, on an empty canvas of its size. */
export function paintContent(canvas: Canvas, content: Content, sources: Sources): void {
  const context = canvas.getContext('2d');
  const { shadows } = content.decoration;
  context.reset();
  if (shadows.length === 0) {
    drawAll(context, content, sources);
    return;
  }
  drawOnce(createCanvas(content.widthPx, content.heightPx), (unshadowed) => {
    drawAll(unshadowed.getContext('2d'), content, sources);
    drawWithShadows(context, unshadowed, shadows, content.scale);
  });
}
