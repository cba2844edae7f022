import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PACKAGE_ROOT } from '../src/core/paths.js';

/** The same FFmpeg that the service would use. */
export const FFMPEG_PATH = process.env['FFMPEG_PATH'] ?? 'ffmpeg';

/** Frames that are not counted: FFmpeg opens its inputs and x264 its threads meanwhile. */
const WARM_UP_FRAMES = 20;

/**
 * Runs an FFmpeg that makes frames as fast as it can, and ends it when enough is known.
 * @param args everything, output and all; its files may be named from the folder of the package on
 * @param seconds length of the timed window, which begins after the warm-up
 * @returns frames encoded per second inside the window
 * @throws Error with what FFmpeg said when it ended before its time
 */
export async function measureFfmpegFps(args: readonly string[], seconds: number): Promise<number> {
  const child = spawn(
    FFMPEG_PATH,
    [
      '-hide_banner',
      '-nostdin',
      '-v',
      'error',
      '-stats_period',
      '0.05',
      '-progress',
      'pipe:1',
    ].concat(args),
    { cwd: PACKAGE_ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = once(child, 'exit');
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  let first: { frame: number; atMs: number } | null = null;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const frame = /^frame=(\d+)/.exec(line)?.[1];
      if (frame === undefined || Number(frame) < WARM_UP_FRAMES) continue;
      const now = { frame: Number(frame), atMs: performance.now() };
      first ??= now;
      const elapsedMs = now.atMs - first.atMs;
      if (elapsedMs >= seconds * 1000) return ((now.frame - first.frame) * 1000) / elapsedMs;
    }
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
  throw new Error(`FFmpeg ended too early: ${complaint}`);
}
