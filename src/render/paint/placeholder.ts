import type { Context2D } from '../canvas.js';
import type { Content } from '../content.js';

const PLACEHOLDER_COLORS = { area: '#2b2f3a', line: '#5c6475' };

/** What stands where a picture should be: a crossed area. */
export function drawPlaceholder(
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
