import { toHexColor } from '../../scene/color.js';
import type { Context2D } from '../canvas.js';
import type { Content, DrawingOf } from '../content.js';
import { encodeQr } from '../../scene/qr-code.js';
import { boxPixels, inPixels } from './pixels.js';

/** Paints a QR code with modules of whole pixels, as long as there is room for them. */
export function drawQr(context: Context2D, content: Content, drawing: DrawingOf<'qr'>): void {
  const { text, level, margin, dark, light } = drawing;
  const { size, isDark } = encodeQr(text, level);
  const { width, height } = boxPixels(content);
  const count = size + 2 * margin;
  const room = Math.min(width, height) / count;
  const modulePx = room >= 1 ? Math.floor(room) : room;
  const place = (extent: number): number =>
    Math.floor((extent - count * modulePx) / 2) + margin * modulePx;
  const [left, top] = [place(width), place(height)];
  inPixels(context, content, () => {
    context.fillStyle = toHexColor(light);
    context.fillRect(0, 0, width, height);
    context.beginPath();
    for (let y = 0; y < size; y++) {
      for (let x = 0, start = 0; x <= size; x++) {
        if (x < size && isDark(x, y)) continue;
        // One rectangle for modules that stand side by side.
        if (x > start)
          context.rect(
            left + start * modulePx,
            top + y * modulePx,
            (x - start) * modulePx,
            modulePx,
          );
        start = x + 1;
      }
    }
    context.fillStyle = toHexColor(dark);
    context.fill();
  });
}
