import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbedPacket } from './media.js';

/** Size that watched pictures are scaled to. */
export const VIEW = { widthPx: 64, heightPx: 36 } as const;
const FRAME_BYTES = VIEW.widthPx * VIEW.heightPx * 3;
const POLL_MS = 20;
const DEFAULT_WAIT_MS = 20_000;

export type Rgb = readonly [red: number, green: number, blue: number];

/** A player that decodes a stream into small pictures. Close it in an `after` hook. */
export type StreamView = {
  /** Pictures so far. */
  readonly frames: number;
  readonly isRunning: boolean;
  /** Colour of the newest picture at a place in parts of its size, 0 to 1; null before the first. */
  colorAt(x: number, y: number): Rgb | null;
  /** How many pixels of the newest picture are brighter than `level` (0 to 255) in green. */
  brightPixels(level: number): number;
  /** Waits until a picture fits. @throws Error with what was seen last after `timeoutMs` */
  until(what: string, fits: (view: StreamView) => boolean, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
};

/** Starts to play an address. */
export function viewStream(url: string): StreamView {
  const child = spawn(
    'ffmpeg',
    [
      ...[
        '-v',
        'error',
        '-nostdin',
        '-threads',
        '1',
        '-fflags',
        '+nobuffer',
        '-probesize',
        '200000',
      ],
      ...['-i', url, '-map', '0:v:0', '-an', '-fps_mode', 'passthrough'],
      ...['-vf', `scale=${VIEW.widthPx}:${VIEW.heightPx}:flags=area,format=rgb24`],
      ...['-f', 'rawvideo', 'pipe:1'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', resolve));
  let complaints = '';
  let partial: Buffer = Buffer.alloc(0);
  let newest: Buffer | null = null;
  let frames = 0;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  child.stdout.on('data', (chunk: Buffer) => {
    partial = Buffer.concat([partial, chunk]);
    while (partial.length >= FRAME_BYTES) {
      newest = partial.subarray(0, FRAME_BYTES);
      partial = partial.subarray(FRAME_BYTES);
      frames += 1;
    }
  });
  const view: StreamView = {
    get frames() {
      return frames;
    },
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    colorAt(x, y) {
      const column = Math.min(VIEW.widthPx - 1, Math.floor(x * VIEW.widthPx));
      const row = Math.min(VIEW.heightPx - 1, Math.floor(y * VIEW.heightPx));
      const at = (row * VIEW.widthPx + column) * 3;
      return newest === null ? null : [newest[at] ?? 0, newest[at + 1] ?? 0, newest[at + 2] ?? 0];
    },
    brightPixels(level) {
      return newest?.filter((value, i) => i % 3 === 1 && value > level).length ?? 0;
    },
    async until(what, fits, timeoutMs = DEFAULT_WAIT_MS) {
      for (const endMs = performance.now() + timeoutMs; performance.now() < endMs;) {
        if (newest !== null && fits(view)) return;
        await sleep(POLL_MS);
      }
      throw new Error(
        `Did not see in ${frames} pictures: ${what}; the middle is ${String(view.colorAt(0.5, 0.5))}. ${complaints}`,
      );
    },
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  return view;
}

/** Whether two colours are the same but for what encoding does to them. */
export function isNear(color: Rgb | null, wanted: Rgb): boolean {
  return color !== null && color.every((value, i) => Math.abs(value - (wanted[i] ?? 0)) <= 24);
}

/** What the presentation times of the video say about a pulled stream. */
export type Timeline = {
  readonly frames: number;
  /** Slots of the frame rate, between the first frame and the last, for which none came. */
  readonly missing: number;
  readonly longestGapSeconds: number;
  /** Whether every frame is later than the one before. */
  readonly isForward: boolean;
  readonly firstSeconds: number;
  readonly lastSeconds: number;
};

/** Reads the video frames between two moments of the stream, in seconds. */
export function timelineOf(
  packets: readonly ProbedPacket[],
  fps: number,
  fromSeconds = -Infinity,
  toSeconds = Infinity,
): Timeline {
  const times = packets
    .filter(({ type }) => type === 'video')
    .map(({ seconds }) => seconds)
    .filter((seconds) => seconds >= fromSeconds && seconds <= toSeconds);
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  return {
    frames: times.length,
    missing: steps.reduce((sum, step) => sum + Math.max(0, Math.round(step * fps) - 1), 0),
    longestGapSeconds: Math.max(0, ...steps),
    isForward: steps.every((step) => step > 0),
    firstSeconds: times[0] ?? 0,
    lastSeconds: times.at(-1) ?? 0,
  };
}
