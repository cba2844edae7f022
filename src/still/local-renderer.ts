import { PixelFiles } from '../decode/pixel-files.js';
import type { Decoder } from '../decode/pool.js';
import type { BackgroundEnd, Renderer } from '../compositor/render-pool.js';
import type { PicturePaint } from '../render/painter.js';
import {
  createRenderTasks,
  type BackgroundPaint,
  type JobTask,
  type PaintReport,
  type RenderTasks,
} from '../render/tasks.js';

/** Paints and draws on the calling thread, with the code of the render threads. */
export class LocalRenderer implements Renderer {
  readonly workers: number = 1;
  readonly #tasks: RenderTasks;
  readonly #pixels: PixelFiles;

  /** @param decoder what decodes pictures; whoever made it closes it */
  constructor(memory: WebAssembly.Memory, decoder: Decoder) {
    this.#pixels = new PixelFiles(decoder);
    this.#tasks = createRenderTasks(memory);
  }

  renderJob(task: JobTask): Promise<readonly PaintReport[]> {
    return new Promise((resolve) => {
      resolve(this.#tasks.renderJob(task));
    });
  }

  paintInBackground(task: BackgroundPaint): Promise<BackgroundEnd> {
    return Promise.resolve({ kind: 'done', ...this.#tasks.paintInBackground(task) });
  }

  async paintPicture(task: PicturePaint): Promise<void> {
    if (task.content.kind === 'lottie') {
      await this.#tasks.loadLottie(task);
      return;
    }
    await this.#pixels.with(task.content, (pixelsPath) => {
      this.#tasks.takePicture({ ...task, pixelsPath });
    });
  }

  close(): Promise<void> {
    return this.#pixels.close();
  }
}
