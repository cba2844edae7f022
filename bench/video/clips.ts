import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { FFMPEG_PATH } from '../ffmpeg.js';
import type { Service } from '../service/service.js';

/** The clips of the benchmark: moving test cards, as cameras and editors write H.264. */

export const SMALL = { id: 'small', width: 640, height: 360, rate: 30, bitrate: '1500k' } as const;
export const FULL = { id: 'full', width: 1920, height: 1080, rate: 60, bitrate: '6M' } as const;
export type Clip = typeof SMALL | typeof FULL;

const SECONDS = 8;

export async function makeClip(
  path: string,
  { width, height, rate, bitrate }: Clip,
): Promise<void> {
  const source = `testsrc2=size=${width}x${height}:rate=${rate}:duration=${SECONDS}`;
  await promisify(execFile)(FFMPEG_PATH, [
    ...['-hide_banner', '-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', source],
    ...['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'veryfast', '-b:v', bitrate, path],
  ]);
}

export async function uploadClip(service: Service, path: string, { id }: Clip): Promise<void> {
  const bytes = await readFile(path);
  const { status } = await service.send('POST', `/api/assets?id=${id}`, bytes, 'video/mp4');
  if (status >= 300) throw new Error(`A clip was answered with ${status}.`);
}
