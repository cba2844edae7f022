import { AppError } from '../../core/errors.js';
import { createCanvas, readLottie } from '../../render/canvas.js';
import { brokenLottie } from './errors.js';
import { LOTTIE_TRIAL_PX, type CheckedLottie } from './check.js';

/** Moments of the animation at which it is drawn. */
const MOMENTS = [0, 0.13, 0.25, 0.5, 0.75, 0.99];

/**
 * What a frame may take on trial, milliseconds of processor time: such a one is painted in the background, a few
 * times a second, and keeps no thread for long.
 */
const MAX_FRAME_MS = 200;

/**
 * Draws some frames of an animation, so that one that takes too long is refused now.
 * @throws AppError SM_ASSET_BROKEN when the renderer does not take it, SM_ASSET_TOO_COMPLEX
 */
export function tryLottie(json: string, { width, height, frames }: CheckedLottie): void {
  const animation = open(json);
  const scale = Math.min(1, LOTTIE_TRIAL_PX / Math.max(width, height));
  const [widthPx, heightPx] = [
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  ];
  for (const moment of MOMENTS) {
    const canvas = createCanvas(widthPx, heightPx);
    const before = process.cpuUsage();
    animation.seekFrame(moment * frames);
    animation.render(canvas.getContext('2d'), { x: 0, y: 0, width: widthPx, height: heightPx });
    // Nothing is drawn before the pixels are asked for.
    canvas.data();
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1000;
    if (tookMs > MAX_FRAME_MS) {
      throw new AppError(
        'SM_ASSET_TOO_COMPLEX',
        `Drawing a frame of the Lottie animation takes ${Math.round(tookMs)} ms; the limit is ${MAX_FRAME_MS} ms. Use fewer shapes, masks and effects, or convert it to an animated picture.`,
      );
    }
  }
}

function open(json: string): ReturnType<typeof readLottie> {
  try {
    return readLottie(Buffer.from(json));
  } catch {
    throw brokenLottie('the renderer does not understand it');
  }
}
