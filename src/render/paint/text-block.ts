import { toHexColor } from '../../scene/color.js';
import { createCanvas, releaseCanvas, type Context2D } from '../canvas.js';
import type { BlockText, Content, DrawingOf } from '../content.js';
import { fillStyleOf, letterStyleOf } from './fill.js';
import { fillGlyphs, strokeGlyphs, type PlacedRun } from './glyphs.js';
import { drawWithShadows } from './shadows.js';

type TextBlock = DrawingOf<'text-block'>;

/** A run with all that it is drawn with. */
type InkedRun = PlacedRun & { readonly style: BlockText['styles'][number] };

function runsOf({ texts }: TextBlock): InkedRun[] {
  return texts.flatMap(({ x: left, y: top, lines, fonts, styles }) =>
    lines.flatMap(({ x, baseline, runs, glyphs }) =>
      runs.flatMap((run): InkedRun[] => {
        const [font, style] = [run.font === null ? undefined : fonts[run.font], styles[run.span]];
        const first = fonts[0] ?? font;
        if (font === undefined || first === undefined || style === undefined) return [];
        return [{ run, glyphs, font, first, style, x: left + x, baseline: top + baseline }];
      }),
    ),
  );
}

/** Does something where no more is seen of a run than is to be seen. */
function clipped(context: Context2D, { run, x, baseline, font }: InkedRun, draw: () => void): void {
  if (!run.isClipped) {
    draw();
    return;
  }
  context.save();
  context.beginPath();
  const reach = 4 * font.fontSize;
  context.rect(x + run.x, baseline - reach, run.width, 2 * reach);
  context.clip();
  draw();
  context.restore();
}

function drawLetters(context: Context2D, block: TextBlock): void {
  const { stroke, area } = block;
  const runs = runsOf(block);
  if (stroke !== null) {
    context.strokeStyle = letterStyleOf(context, stroke.color, area);
    context.lineJoin = 'round';
    for (const inked of runs) {
      if (inked.font.isColor) continue;
      clipped(context, inked, () => {
        // Half of it is inside of the letters, where they cover it.
        strokeGlyphs(context, inked, 2 * stroke.width);
      });
    }
  }
  for (const inked of runs) {
    const { run, style, x, baseline } = inked;
    clipped(context, inked, () => {
      context.fillStyle = letterStyleOf(context, style.fill, area);
      fillGlyphs(context, inked);
    });
    context.fillStyle = fillStyleOf(context, style.fill, area);
    const line = (y: number): void => {
      context.fillRect(x + run.x, baseline + y, run.width, style.thickness);
    };
    if (style.isUnderlined) line(style.underline);
    if (style.isStruckThrough) line(style.strikethrough);
  }
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
  const background = createCanvas(content.widthPx, content.heightPx);
  const inner = background.getContext('2d');
  inner.setTransform(context.getTransform());
  drawLetters(inner, block);
  context.save();
  context.resetTransform();
  drawWithShadows(context, background, block.shadows, content.scale);
  context.restore();
  releaseCanvas(background);
}
