import { PixelFiles } from '../decode/pixel-files.js';
import type { Decoder } from '../decode/pool.js';
import type { ApartEnd, Renderer } from '../compositor/render-pool.js';
import type { PicturePaint } from '../render/painter.js';
import {
  createRenderTasks,
  type ApartPaint,
  type LaneTask,
  type PaintReport,
  type RenderTasks,
} from '../render/tasks.js';

/** Paints and draws on the calling thread, with the code of the render threads. */
export class OneLaneRenderer implements Renderer {
  readonly lanes: number = 1;
  readonly #tasks: RenderTasks;
  readonly #pixels: PixelFiles;

  /** @param decoder what decodes pictures; whoever made it closes it */
  constructor(memory: WebAssembly.Memory, decoder: Decoder) {
    this.#pixels = new PixelFiles(decoder);
    this.#tasks = createRenderTasks(memory);
  }

  renderLane(task: LaneTask): Promise<readonly PaintReport[]> {
    return new Promise((resolve) => {
      resolve(this.#tasks.renderLane(task));
    });
  }

  paintApart(task: ApartPaint): Promise<ApartEnd> {
    return Promise.resolve({ kind: 'done', ...this.#tasks.paintApart(task) });
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
