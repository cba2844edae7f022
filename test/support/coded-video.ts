import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Videos whose pictures say which they are: stripes, white for each bit of the number that is set. */

const BITS = 12;
export const CODED_SIZE = { width: 16 * BITS, height: 96 } as const;
const STRIPE_PX = CODED_SIZE.width / BITS;

export type CodedVideo = {
  /** Pictures a second, such as `25` or `24000/1001`. */
  readonly rate: string;
  readonly frames: number;
  /** What follows the input. Default: H.264 with a keyframe every 12 pictures. */
  readonly encode?: readonly string[];
};

/** Writes a video. Its pictures are numbered from 1 on, so that none looks like nothing. */
export async function makeCodedVideo(
  path: string,
  { rate, frames, encode }: CodedVideo,
): Promise<void> {
  const { width, height } = CODED_SIZE;
  const bit = `mod(floor((N+1)/pow(2\\,floor(X/${STRIPE_PX})))\\,2)`;
  const source = `color=black:size=${width}x${height}:rate=${rate},format=gray,geq=lum=255*${bit}`;
  const h264 = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-g', '12', '-bf', '2'];
  await promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-y', '-nostdin', '-f', 'lavfi', '-i', source],
    ...['-frames:v', String(frames), ...(encode ?? h264), path],
  ]);
}

/** The number in a picture, by the value of what is in the middle of its stripes; 0: there is none. @param valueAt - 0 to 255, by shares of the picture */
export function readCode(valueAt: (x: number, y: number) => number): number {
  let number = 0;
  for (let bit = 0; bit < BITS; bit++)
    if (valueAt((bit + 0.5) / BITS, 0.5) > 127) number += 2 ** bit;
  return number;
}
