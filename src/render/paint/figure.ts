import { toHexColor } from '../../scene/color.js';
import type { Stroke } from '../../scene/schema/stroke.js';
import type { Context2D } from '../canvas.js';
import type { Border, Content, Drawing, DrawingOf } from '../content.js';
import { MITER_LIMIT, type Outline } from '../outline.js';
import { fillStyleOf } from './fill.js';
import { traceOutline } from './trace.js';
import { dashLengthPx, MIN_DASH_PX } from '../../scene/dashes.js';

type Figure = DrawingOf<'figure'>;

/** What bounds a drawing: its border runs along it. */
function outlineOf(drawing: Drawing): Outline {
  if (drawing.kind === 'figure') return drawing.outline;
  return { type: drawing.kind === 'ellipse' ? 'ellipse' : 'rectangle' };
}

/** Makes the outline of a content's box, its corners rounded, the path of a context. */
export function traceContent(context: Context2D, content: Content): void {
  const { drawing, decoration, boxWidth: width, boxHeight: height } = content;
  const box = { x: 0, y: 0, width, height };
  traceOutline(context, outlineOf(drawing), box, decoration.cornerRadius);
}

function boxOf({ boxWidth, boxHeight }: Content) {
  return { x: 0, y: 0, width: boxWidth, height: boxHeight };
}

function setStroke(context: Context2D, content: Content, stroke: Stroke, width: number): void {
  context.strokeStyle = fillStyleOf(context, stroke.color, boxOf(content));
  context.lineWidth = width;
  context.lineCap = stroke.cap;
  context.lineJoin = stroke.join;
  context.miterLimit = MITER_LIMIT;
  // Dashes that move may come to be shorter than a scene may say.
  context.setLineDash(dashLengthPx(stroke.dash) >= MIN_DASH_PX ? [...stroke.dash] : []);
  context.lineDashOffset = stroke.dashOffset;
}

/**
 * Paints an area with its stroke. Where the stroke is on one side of the outline only, it is drawn on both, and the
 * area itself says what of it counts: so the pixels of the edge belong to both in parts that make a whole, and no
 * seam is seen. That takes a canvas that is still empty.
 */
export function drawFigure(context: Context2D, content: Content, figure: Figure): void {
  const { stroke, fillRule } = figure;
  const fill = fillStyleOf(context, figure.fill, boxOf(content));
  const isOpen = figure.outline.type === 'line';
  const align = isOpen ? 'center' : (stroke?.align ?? 'center');
  const paintStroke = (): void => {
    if (stroke === null || stroke.width <= 0) return;
    setStroke(context, content, stroke, stroke.width * (align === 'center' ? 1 : 2));
    context.stroke();
  };
  context.save();
  traceContent(context, content);
  context.fillStyle = fill;
  if (align === 'inside') {
    const { widthPx, heightPx, padPx, scale } = content;
    context.fillRect(-padPx / scale, -padPx / scale, widthPx / scale, heightPx / scale);
    paintStroke();
    context.globalCompositeOperation = 'destination-in';
    context.fillStyle = '#000';
    context.fill(fillRule);
  } else if (align === 'outside') {
    paintStroke();
    context.globalCompositeOperation = 'destination-out';
    context.fillStyle = '#000';
    context.fill(fillRule);
    context.globalCompositeOperation = 'lighter';
    context.fillStyle = fill;
    context.fill(fillRule);
  } else {
    if (!isOpen) context.fill(fillRule);
    paintStroke();
  }
  context.restore();
}

/** Paints the border of a content along its outline, inside of it. */
export function drawBorder(context: Context2D, content: Content, border: Border): void {
  const { drawing, decoration, boxWidth, boxHeight } = content;
  const outline = outlineOf(drawing);
  const { width, color } = border;
  context.save();
  context.strokeStyle = toHexColor(color);
  if (outline.type === 'rectangle' || outline.type === 'ellipse') {
    const inset = width / 2;
    const box = { x: inset, y: inset, width: boxWidth - width, height: boxHeight - width };
    traceOutline(context, outline, box, decoration.cornerRadius - inset);
    context.lineWidth = width;
  } else {
    traceContent(context, content);
    context.clip(drawing.kind === 'figure' ? drawing.fillRule : 'nonzero');
    context.lineWidth = 2 * width;
    context.miterLimit = MITER_LIMIT;
  }
  context.stroke();
  context.restore();
}
