import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { FFMPEG_PATH } from '../ffmpeg.js';
import type { VideoInfo } from '../../src/scene/snapshot.js';

/** Id of the video of the sheet. */
export const VIDEO_ID = 'sheet-video';

export const VIDEO_SIZE = { width: 320, height: 180 } as const;

const SECONDS = 2;

export const VIDEO_INFO: VideoInfo = {
  durationMs: SECONDS * 1000,
  frameRate: { num: 25, den: 1 },
  codec: 'h264',
  hasAlpha: false,
  matrix: 'bt601',
};

/** Writes the video of the sheet: a test card with a counter. */
export async function makeVideoFile(path: string): Promise<void> {
  const source = `testsrc=size=${VIDEO_SIZE.width}x${VIDEO_SIZE.height}:rate=25:duration=${SECONDS}`;
  await promisify(execFile)(FFMPEG_PATH, [
    ...['-hide_banner', '-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', source],
    ...['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-crf', '12', path],
  ]);
}
