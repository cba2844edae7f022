import { toHexColor } from '../../scene/color.js';
import { createCanvas, type Context2D } from '../canvas.js';
import type { BlockText, Content, DrawingOf } from '../content.js';
import type { GlyphFont, GlyphRun } from '../text/text-spec.js';
import { fillStyleOf, letterStyleOf } from './fill.js';
import { fillGlyphs, strokeGlyphs, type Pen } from './glyphs.js';
import { drawWithShadows } from './shadows.js';

type TextBlock = DrawingOf<'text-block'>;

/** A run with all that it is drawn with. */
type InkedRun = {
  readonly run: GlyphRun;
  readonly font: GlyphFont;
  readonly style: BlockText['styles'][number];
  readonly pen: Pen;
};

function runsOf({ texts }: TextBlock): InkedRun[] {
  return texts.flatMap(({ x, y, lines, fonts, styles }) =>
    lines.flatMap(({ baseline, runs }) =>
      runs.flatMap((run): InkedRun[] => {
        const [font, style] = [run.font === null ? undefined : fonts[run.font], styles[run.span]];
        if (font === undefined || style === undefined) return [];
        return [{ run, font, style, pen: { x: x + run.x, baseline: y + baseline } }];
      }),
    ),
  );
}

/** Does something where no more is seen of a run than is to be seen. */
function clipped(context: Context2D, { run, pen, font }: InkedRun, draw: () => void): void {
  if (run.clip === null) {
    draw();
    return;
  }
  context.save();
  context.beginPath();
  const reach = 4 * font.fontSize;
  context.rect(pen.x + run.clip.x - run.x, pen.baseline - reach, run.clip.width, 2 * reach);
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
      const { run, font, pen } = inked;
      if (font.isColor) continue;
      clipped(context, inked, () => {
        // Half of it is inside of the letters, where they cover it.
        strokeGlyphs(context, run, font, { ...pen, width: 2 * stroke.width });
      });
    }
  }
  for (const inked of runs) {
    const { run, font, style, pen } = inked;
    clipped(context, inked, () => {
      context.fillStyle = letterStyleOf(context, style.fill, area);
      fillGlyphs(context, run, font, pen);
    });
    context.fillStyle = fillStyleOf(context, style.fill, area);
    const line = (y: number): void => {
      context.fillRect(pen.x, pen.baseline + y, run.width, style.thickness);
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
  const apart = createCanvas(content.widthPx, content.heightPx);
  const inner = apart.getContext('2d');
  inner.setTransform(context.getTransform());
  drawLetters(inner, block);
  context.save();
  context.resetTransform();
  drawWithShadows(context, apart, block.shadows, content.scale);
  context.restore();
}
