import { Piscina } from 'piscina';
import { workerEntryPath } from '../core/paths.js';
import type { PicturePaint } from '../render/painter.js';
import type { LaneTask, RenderInit } from '../render/tasks.js';

/** What the program needs of whoever paints and draws. */
export interface Renderer {
  readonly lanes: number;
  /** Answers why paints failed. Rejects when the thread died. */
  renderLane(task: LaneTask): Promise<readonly string[]>;
  paintPicture(task: PicturePaint): Promise<void>;
  close(): Promise<void>;
}

/** How long the threads get to end what they are at, milliseconds. */
const CLOSE_TIMEOUT_MS = 2000;

/** Tasks that may be at a thread at once: a picture that is being decoded elsewhere does not keep lanes waiting. */
const TASKS_PER_THREAD = 4;

/** The owner of piscina: the render threads. A thread that dies rejects its tasks and is replaced. */
export class RenderPool implements Renderer {
  readonly lanes: number;
  readonly #pool: Piscina;

  constructor(memory: WebAssembly.Memory, threads: number) {
    const init: RenderInit = { memory };
    this.lanes = threads;
    this.#pool = new Piscina({
      filename: workerEntryPath('renderer'),
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Infinity,
      concurrentTasksPerWorker: TASKS_PER_THREAD,
      // A worker that sleeps in Atomics.wait between tasks runs no finalizers, and canvases pile up.
      atomics: 'disabled',
      recordTiming: false,
      closeTimeout: CLOSE_TIMEOUT_MS,
      workerData: init,
    });
    // Errors reach whoever waits for the task; a thread that dies between tasks is replaced without a word.
    this.#pool.on('error', () => undefined);
  }

  /** The threads that are alive: tests end one to see it replaced. */
  get threads(): readonly { terminate(): Promise<number> }[] {
    return this.#pool.threads;
  }

  renderLane(task: LaneTask): Promise<readonly string[]> {
    return this.#pool.run(task, { name: 'renderLane' });
  }

  paintPicture(task: PicturePaint): Promise<void> {
    return this.#pool.run(task, { name: 'paintPicture' });
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
