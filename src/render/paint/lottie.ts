import { createCanvas, releaseCanvas, type Context2D, type Lottie } from '../canvas.js';
import type { Content, Drawing } from '../content.js';
import { boxPixels, inPixels } from './pixels.js';

/** Longest side of the canvas that an animation is drawn on to be stretched, in pixels. */
const MAX_SIDE_PX = 4096;

/** Sides that are so near to the proportions of the animation are meant to have them, in pixels. */
const SAME_PX = 0.5;

/**
 * Draws a frame of a vector animation. It is drawn on a canvas of its own: the animation would ignore the transform
 * of the context and keep its own proportions.
 */
export function drawLottie(
  context: Context2D,
  { frame, to }: Extract<Drawing, { kind: 'lottie' }>,
  content: Content,
  lottie: Lottie,
): void {
  const { scale } = content;
  const { width: ownWidth, height: ownHeight } = lottie;
  const [wantedWidth, wantedHeight] = [to.width * scale, to.height * scale];
  lottie.seekFrame(frame);
  if (Math.abs(wantedWidth * ownHeight - wantedHeight * ownWidth) < SAME_PX * ownWidth) {
    // Pixel by pixel: nothing of it is drawn larger or smaller and then brought to its size.
    const { width, height } = boxPixels(content);
    const canvas = createCanvas(width, height);
    lottie.render(canvas.getContext('2d'), {
      x: to.x * scale,
      y: to.y * scale,
      width: wantedWidth,
      height: wantedHeight,
    });
    inPixels(context, content, () => {
      context.drawImage(canvas, 0, 0);
    });
    return;
  }
  const wanted = Math.max(wantedWidth / ownWidth, wantedHeight / ownHeight);
  const zoom = Math.min(wanted, MAX_SIDE_PX / Math.max(ownWidth, ownHeight));
  const width = Math.max(1, Math.ceil(ownWidth * zoom));
  const height = Math.max(1, Math.ceil(ownHeight * zoom));
  const canvas = createCanvas(width, height);
  lottie.render(canvas.getContext('2d'), { x: 0, y: 0, width, height });
  // One of the sides may be much shorter than what was drawn.
  context.imageSmoothingQuality = 'medium';
  context.drawImage(canvas, to.x, to.y, to.width, to.height);
  releaseCanvas(canvas);
}
