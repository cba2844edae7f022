import {
  createCanvas,
  releaseCanvas,
  type Canvas,
  type Context2D,
  type Lottie,
} from '../canvas.js';
import type { Content, DrawingOf } from '../content.js';
import { drawBorder, drawFigure, traceContent } from './figure.js';
import { fillStyleOf } from './fill.js';
import { drawLottie } from './lottie.js';
import { drawPattern } from './pattern.js';
import { drawPlaceholder } from './placeholder.js';
import { drawQr } from './qr.js';
import { drawWithShadows } from './shadows.js';
import { drawTextBlock } from './text-block.js';
import { drawTextLines } from './text-lines.js';

/**
 * Painting of contents with Skia. Coordinates are units of the layer, from the top left of the content's box. A new
 * kind of drawing is a file beside this one and a case below.
 */

/** Pixels that are there already. */
export type Sources = {
  /** A picture that stands in shared memory. */
  readonly picture: (source: number, widthPx: number, heightPx: number) => Canvas;
  readonly lottie: (contentHash: string, path: string) => Lottie;
  /** What the content's items draw, as large as its bitmap. */
  readonly composed: () => Canvas;
};

function draw(context: Context2D, content: Content, sources: Sources): void {
  const { drawing, boxWidth, boxHeight, decoration } = content;
  switch (drawing.kind) {
    case 'text':
      drawTextLines(context, content, drawing);
      return;
    case 'text-block':
      drawTextBlock(context, content, drawing);
      return;
    case 'rectangle':
    case 'ellipse':
      context.fillStyle = fillStyleOf(context, drawing.fill, {
        ...{ x: 0, y: 0, width: boxWidth, height: boxHeight },
      });
      traceContent(context, content);
      context.fill();
      return;
    case 'figure':
      drawFigure(context, content, drawing);
      return;
    case 'nothing':
      return;
    case 'composed':
      drawOnce(sources.composed(), (canvas) => {
        context.drawImage(canvas, -content.padPx, -content.padPx);
      });
      return;
    case 'placeholder':
    case 'picture':
    case 'lottie':
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
  drawing: DrawingOf<'placeholder' | 'picture' | 'lottie' | 'pattern' | 'qr'>,
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
    case 'lottie':
      drawLottie(context, drawing, content, sources.lottie(drawing.contentHash, drawing.path));
  }
}

function drawPicture(
  context: Context2D,
  { boxWidth, boxHeight }: Content,
  { source, widthPx, heightPx, from }: DrawingOf<'picture'>,
  { picture }: Sources,
): void {
  const { x, y, width, height } = from ?? { x: 0, y: 0, width: widthPx, height: heightPx };
  drawOnce(picture(source, widthPx, heightPx), (canvas) => {
    context.drawImage(canvas, x, y, width, height, 0, 0, boxWidth, boxHeight);
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
