import { toFps, type FrameRate } from '../core/rational.js';
import type { FrameFormat } from '../memory/handover-layout.js';
import type { ProgramConfig } from '../stitcher/contract.js';

/** Large enough to judge a scene by, and a quarter of the work of 1080p. */
const MAX_EXTENT_PX = 960;
const MAX_FPS = 30;
/** 30000/1001 and its multiples may be a little above a whole rate. */
const FPS_TOLERANCE = 0.01;

function toEven(extentPx: number): number {
  return Math.max(2, Math.round(extentPx / 2) * 2);
}

/** Every second frame, or every fourth, …, so that what is left is at most `MAX_FPS`, on moments of the program. */
function slower(rate: FrameRate): FrameRate {
  let { den } = rate;
  while (toFps({ num: rate.num, den }) > MAX_FPS + FPS_TOLERANCE) den *= 2;
  return { num: rate.num, den };
}

/** Size and rate of the preview compositor: the shape of the program in small, and no faster than people need to see it. */
export function toPreviewFormat(program: ProgramConfig): FrameFormat {
  const { width, height, frameRate } = program;
  const scale = Math.min(1, MAX_EXTENT_PX / Math.max(width, height));
  return {
    widthPx: toEven(width * scale),
    heightPx: toEven(height * scale),
    frameRate: slower(frameRate),
  };
}
