import { spawn } from 'node:child_process';

/**
 * How bright every frame of a stream is, by its place on the timeline that the stream is sent with: the program's number
 * plus a constant, for a relay lets its timeline begin when it connects. Close it in an `after` hook.
 */
export type LumaRecorder = {
  /** Pictures so far. */
  readonly frames: number;
  /** The last place that has come; -1 before the first. */
  readonly newest: number;
  /** Mean of a frame, 0 black to 255 white; null when it has not come. */
  lumaOf(place: number): number | null;
  /** The first place whose mean is near a value; null when there is none yet. */
  findLuma(luma: number, tolerance: number): number | null;
  close(): Promise<void>;
};

/** Pulls and decodes a stream, and tells its frames by their presentation times. */
export function recordLuma(url: string, fps: number): LumaRecorder {
  const child = spawn(
    'ffmpeg',
    [
      ...['-v', 'info', '-nostats', '-nostdin', '-threads', '1', '-copyts'],
      ...['-fflags', '+nobuffer', '-probesize', '200000', '-i', url, '-map', '0:v:0', '-an'],
      ...['-vf', 'scale=16:16:flags=area,format=yuv444p,showinfo'],
      ...['-fps_mode', 'passthrough', '-f', 'null', '-'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', resolve));
  const byPlace = new Map<number, number>();
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const [, seconds, luma] = /pts_time: *([\d.]+).* mean:\[(\d+) /.exec(line) ?? [];
      if (seconds === undefined) continue;
      // Limited range: 16 is black, 235 is white.
      byPlace.set(Math.round(Number(seconds) * fps), ((Number(luma) - 16) * 255) / 219);
    }
  });
  return {
    get frames() {
      return byPlace.size;
    },
    get newest() {
      return Math.max(-1, ...byPlace.keys());
    },
    lumaOf: (place) => byPlace.get(place) ?? null,
    findLuma: (luma, tolerance) => {
      const found = [...byPlace].find(([, value]) => Math.abs(value - luma) < tolerance);
      return found?.[0] ?? null;
    },
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
