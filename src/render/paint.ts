import { toHexColor } from '../scene/color.js';
import type { Content, Drawing } from './content.js';
import { createCanvas, type Canvas, type Context2D } from './canvas.js';
import { letterStyleOf } from './paint/fill.js';
import { drawWithShadows } from './paint/shadows.js';
import { drawTextBlock } from './paint/text-block.js';

/** Painting of contents with Skia. Coordinates are units of the layer, from the top left of the content's box. */

/** Pixels that are there already. */
export type Sources = {
  /** A picture that stands in shared memory. */
  readonly picture: (source: number, widthPx: number, heightPx: number) => Canvas;
  /** What the content's items draw, as large as its bitmap. */
  readonly composed: () => Canvas;
};

const PLACEHOLDER_COLORS = { area: '#2b2f3a', line: '#5c6475' };

function tracePath(
  context: Context2D,
  drawing: Drawing,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
): void {
  context.beginPath();
  if (drawing.kind === 'ellipse')
    context.ellipse(x + width / 2, y + height / 2, width / 2, height / 2, 0, 0, 2 * Math.PI);
  else context.roundRect(x, y, width, height, Math.max(0, Math.min(radius, width / 2, height / 2)));
}

function drawPlaceholder(
  context: Context2D,
  { boxWidth: width, boxHeight: height }: Content,
): void {
  context.fillStyle = PLACEHOLDER_COLORS.area;
  context.fillRect(0, 0, width, height);
  context.strokeStyle = PLACEHOLDER_COLORS.line;
  context.lineWidth = Math.max(1, Math.min(width, height) / 60);
  context.beginPath();
  context.moveTo(0, 0);
  context.lineTo(width, height);
  context.moveTo(width, 0);
  context.lineTo(0, height);
  context.stroke();
}

function draw(context: Context2D, content: Content, sources: Sources): void {
  const { drawing, boxWidth, boxHeight, decoration } = content;
  switch (drawing.kind) {
    case 'text':
      context.font = drawing.style.font;
      context.letterSpacing = `${drawing.style.letterSpacing}px`;
      context.fillStyle = letterStyleOf(context, drawing.style.color, {
        x: 0,
        y: 0,
        width: boxWidth,
        height: boxHeight,
      });
      context.textBaseline = 'alphabetic';
      for (const { text, x, baseline } of drawing.lines) context.fillText(text, x, baseline);
      return;
    case 'text-block':
      drawTextBlock(context, content, drawing);
      return;
    case 'rectangle':
    case 'ellipse':
      context.fillStyle = toHexColor(drawing.fill);
      tracePath(context, drawing, 0, 0, boxWidth, boxHeight, decoration.cornerRadius);
      context.fill();
      return;
    case 'line':
      context.strokeStyle = toHexColor(drawing.fill);
      context.lineWidth = drawing.lineWidth;
      context.beginPath();
      context.moveTo(0, 0);
      context.lineTo(boxWidth, boxHeight);
      context.stroke();
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
        tracePath(context, drawing, 0, 0, boxWidth, boxHeight, decoration.cornerRadius);
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
  tracePath(
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
