import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PACKAGE_ROOT } from '../src/core/paths.js';
import type { Speed } from './frame-window.js';
import { readTreeUsage } from './process-tree.js';

/** The same FFmpeg that the service would use. */
export const FFMPEG_PATH = process.env['FFMPEG_PATH'] ?? 'ffmpeg';

/** Frames that are not counted: FFmpeg opens its inputs and x264 its threads meanwhile. */
const WARM_UP_FRAMES = 20;

/**
 * Runs an FFmpeg that makes frames as fast as it can, and ends it when enough is known.
 * @param args everything, output and all; its files may be named from the folder of the package on
 * @param seconds length of the timed window, which begins after the warm-up
 * @throws Error with what FFmpeg said when it ended before its time
 */
export async function measureFfmpeg(args: readonly string[], seconds: number): Promise<Speed> {
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
  const cpuSeconds = async (): Promise<number> => (await readTreeUsage(child.pid ?? 0)).cpuSeconds;
  let first: { frame: number; atMs: number; cpu: Promise<number> } | null = null;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const frame = /^frame=(\d+)/.exec(line)?.[1];
      if (frame === undefined || Number(frame) < WARM_UP_FRAMES) continue;
      const now = { frame: Number(frame), atMs: performance.now() };
      first ??= { ...now, cpu: cpuSeconds() };
      const elapsedMs = now.atMs - first.atMs;
      if (elapsedMs < seconds * 1000) continue;
      const frames = now.frame - first.frame;
      const usedSeconds = (await cpuSeconds()) - (await first.cpu);
      return { fps: (frames * 1000) / elapsedMs, cpuMsPerFrame: (usedSeconds * 1000) / frames };
    }
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
  throw new Error(`FFmpeg ended too early: ${complaint}`);
}
