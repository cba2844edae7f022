import { toHexColor } from '../../scene/color.js';
import { createCanvas, releaseCanvas, type Context2D } from '../canvas.js';
import type { Content, DrawingOf } from '../content.js';
import { fillStyleOf, letterStyleOf } from './fill.js';
import { drawWithShadows } from './shadows.js';

type TextBlock = DrawingOf<'text-block'>;
type Run = TextBlock['runs'][number];
type Style = TextBlock['styles'][number];

/** Lines through and under letters, in font sizes: where Inter has them. */
const LINE_EM = { thickness: 0.07, under: 0.16, through: -0.3 };

function eachRun(
  context: Context2D,
  { runs, styles }: TextBlock,
  visit: (run: Run, style: Style) => void,
): void {
  for (const run of runs) {
    const style = styles[run.style];
    if (style === undefined) continue;
    context.font = style.font;
    context.letterSpacing = `${style.letterSpacing}px`;
    context.direction = run.isRightToLeft ? 'rtl' : 'ltr';
    visit(run, style);
  }
}

function drawLetters(context: Context2D, block: TextBlock): void {
  const { stroke } = block;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  if (stroke !== null) {
    context.strokeStyle = letterStyleOf(context, stroke.color, block.area);
    // Half of it is inside of the letters, where they cover it.
    context.lineWidth = 2 * stroke.width;
    context.lineJoin = 'round';
    eachRun(context, block, ({ text, x, baseline }) => {
      context.strokeText(text, x, baseline);
    });
  }
  eachRun(context, block, ({ text, x, baseline, width }, style) => {
    context.fillStyle = letterStyleOf(context, style.fill, block.area);
    context.fillText(text, x, baseline);
    const thickness = style.fontSize * LINE_EM.thickness;
    if (style.underline)
      context.fillRect(x, baseline + style.fontSize * LINE_EM.under, width, thickness);
    if (style.strikethrough)
      context.fillRect(x, baseline + style.fontSize * LINE_EM.through, width, thickness);
  });
}

function drawPanel(context: Context2D, { panel, area }: TextBlock): void {
  if (panel === null) return;
  const { x, y, width, height } = area;
  const trace = (inset: number): void => {
    const [w, h] = [Math.max(0, width - 2 * inset), Math.max(0, height - 2 * inset)];
    const radiusOf = (wanted: number): number =>
      Math.max(0, Math.min(wanted - inset, w / 2, h / 2));
    const { cornerRadius } = panel;
    const [upper, lower] =
      typeof cornerRadius === 'number' ? [cornerRadius, cornerRadius] : cornerRadius;
    const [above, below] = [radiusOf(upper), radiusOf(lower)];
    context.beginPath();
    context.roundRect(x + inset, y + inset, w, h, [above, above, below, below]);
  };
  if (panel.fill !== null) {
    context.fillStyle = fillStyleOf(context, panel.fill, area);
    trace(0);
    context.fill();
  }
  if (panel.border === null) return;
  context.strokeStyle = toHexColor(panel.border.color);
  context.lineWidth = panel.border.width;
  trace(panel.border.width / 2);
  context.stroke();
}

/** Paints set text: what is behind it, shadows, strokes, letters. The context is in units of the content. */
export function drawTextBlock(context: Context2D, content: Content, block: TextBlock): void {
  drawPanel(context, block);
  if (block.shadows.length === 0) {
    drawLetters(context, block);
    return;
  }
  const apart = createCanvas(content.widthPx, content.heightPx);
  const inner = apart.getContext('2d');
  inner.setTransform(context.getTransform());
  drawLetters(inner, block);
  context.save();
  context.resetTransform();
  drawWithShadows(context, apart, block.shadows, content.scale);
  context.restore();
  releaseCanvas(apart);
}
