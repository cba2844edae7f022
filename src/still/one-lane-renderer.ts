import type { ApartEnd, Renderer } from '../program/render-pool.js';
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

  constructor(memory: WebAssembly.Memory) {
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

  paintPicture(task: PicturePaint): Promise<void> {
    return this.#tasks.paintPicture(task);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
