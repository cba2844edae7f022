import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createCanvas, registerShippedFonts } from '../../src/render/canvas.js';
import { createPainter } from './canvas-painter.js';
import { FFMPEG_PATH } from '../ffmpeg.js';
import { FrameWindow, type Speed } from '../frame-window.js';
import type { ReferenceName } from '../reference-scene.js';
import { WARM_UP_FRAMES } from './contender.js';

/**
 * A process of its own: draws one scene in one thread with Skia and pipes RGBA into FFmpeg, as fast as both go.
 * It is told what to do in one message and answers with one.
 */
export type CanvasScriptTask = {
  readonly scene: ReferenceName;
  readonly folder: string;
  readonly seconds: number;
  /** What FFmpeg does with the pictures; null: they are only drawn. */
  readonly outputArgs: readonly string[] | null;
};
export type CanvasScriptAnswer = Speed;

const [WIDTH_PX, HEIGHT_PX] = [1920, 1080];

async function run({ scene, folder, seconds, outputArgs }: CanvasScriptTask): Promise<Speed> {
  registerShippedFonts();
  const paint = await createPainter(scene, folder);
  const encoder =
    outputArgs === null
      ? null
      : spawn(
          FFMPEG_PATH,
          // prettier-ignore
          ['-hide_banner', '-nostdin', '-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'rgba',
            '-s', `${WIDTH_PX}x${HEIGHT_PX}`, '-r', '60', '-i', 'pipe:0', ...outputArgs],
          { stdio: ['pipe', 'ignore', 'inherit'] },
        );
  // Two canvases: while one is being written, the other is painted.
  const canvases = [0, 1].map(() => createCanvas(WIDTH_PX, HEIGHT_PX));
  let writing = Promise.resolve();
  const window = new FrameWindow(WARM_UP_FRAMES, seconds);
  try {
    for (let frame = 0; !window.isOver; frame++) {
      const canvas = canvases[frame % 2];
      if (canvas === undefined) throw new RangeError('There are two canvases.');
      paint(canvas.getContext('2d'), frame / 60);
      const pixels = canvas.data();
      await writing;
      window.count();
      if (encoder === null) {
        // Skia's buffers are only given back when the event loop turns.
        if (frame % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      writing = new Promise((resolve, reject) => {
        encoder.stdin.write(pixels, (error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    }
    return await window.speed;
  } finally {
    if (encoder !== null) {
      await writing.catch(() => undefined);
      const exited = once(encoder, 'exit');
      encoder.kill('SIGKILL');
      await exited;
    }
  }
}

process.once('message', (task: CanvasScriptTask) => {
  void run(task).then((speed: CanvasScriptAnswer) => {
    process.send?.(speed);
    process.disconnect();
  });
});
