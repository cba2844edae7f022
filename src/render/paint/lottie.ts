import { createCanvas, releaseCanvas, type Context2D, type Lottie } from '../canvas.js';
import type { Content, Drawing } from '../content.js';

/** Longest side of the canvas that an animation is drawn on, in pixels. */
const MAX_SIDE_PX = 4096;

/**
 * Draws a frame of a vector animation. It is drawn on a canvas of its own: the animation would ignore the transform
 * of the context and keep its own proportions.
 */
export function drawLottie(
  context: Context2D,
  { frame, to }: Extract<Drawing, { kind: 'lottie' }>,
  { scale }: Content,
  lottie: Lottie,
): void {
  const { width: ownWidth, height: ownHeight } = lottie;
  const wanted = Math.max(to.width / ownWidth, to.height / ownHeight) * scale;
  const zoom = Math.min(wanted, MAX_SIDE_PX / Math.max(ownWidth, ownHeight));
  const width = Math.max(1, Math.ceil(ownWidth * zoom));
  const height = Math.max(1, Math.ceil(ownHeight * zoom));
  const canvas = createCanvas(width, height);
  lottie.seekFrame(frame);
  lottie.render(canvas.getContext('2d'), { x: 0, y: 0, width, height });
  context.drawImage(canvas, to.x, to.y, to.width, to.height);
  releaseCanvas(canvas);
}
