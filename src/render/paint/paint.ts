import { toHexColor } from '../../scene/color.js';
import { createCanvas, type Canvas, type Context2D } from '../canvas.js';
import type { Content } from '../content.js';
import { drawLine, traceBox } from './figure.js';
import { drawPlaceholder } from './placeholder.js';
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
      context.fillStyle = toHexColor(drawing.fill);
      traceBox(context, drawing, 0, 0, boxWidth, boxHeight, decoration.cornerRadius);
      context.fill();
      return;
    case 'line':
      drawLine(context, content, drawing);
      return;
    case 'nothing':
      return;
    case 'composed':
      context.drawImage(sources.composed(), -content.padPx, -content.padPx);
      return;
    case 'placeholder':
    case 'picture':
      context.save();
      if (decoration.cornerRadius > 0) {
        traceBox(context, drawing, 0, 0, boxWidth, boxHeight, decoration.cornerRadius);
        context.clip();
      }
      if (drawing.kind === 'placeholder') drawPlaceholder(context, content);
      else
        context.drawImage(
          sources.picture(drawing.source, drawing.widthPx, drawing.heightPx),
          0,
          0,
          boxWidth,
          boxHeight,
        );
      context.restore();
  }
}

function drawBorder(
  context: Context2D,
  { drawing, decoration, boxWidth, boxHeight }: Content,
): void {
  const { border, cornerRadius } = decoration;
  if (border === null) return;
  const inset = border.width / 2;
  context.strokeStyle = toHexColor(border.color);
  context.lineWidth = border.width;
  traceBox(
    context,
    drawing,
    inset,
    inset,
    boxWidth - border.width,
    boxHeight - border.width,
    cornerRadius - inset,
  );
  context.stroke();
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
    toUnits(context, content);
    draw(context, content, sources);
    drawBorder(context, content);
    return;
  }
  const apart = createCanvas(content.widthPx, content.heightPx);
  const inner = apart.getContext('2d');
  toUnits(inner, content);
  draw(inner, content, sources);
  drawBorder(inner, content);
  drawWithShadows(context, apart, shadows, content.scale);
}
