import { Piscina } from 'piscina';
import { workerEntryPath } from '../core/paths.js';
import { BACKGROUND_NICENESS } from '../core/thread-priority.js';
import { WorkLimit } from '../core/thread-time.js';
import { PixelFiles } from '../decode/pixel-files.js';
import { DecoderPool } from '../decode/pool.js';
import type { DecodedPicture, PicturePaint } from '../render/painter.js';
import type {
  BackgroundOrder,
  BackgroundPaint,
  JobOrder,
  JobTask,
  PaintReport,
  RenderInit,
  Runner,
} from '../render/tasks.js';

/** What became of a paint in the background. */
export type BackgroundEnd =
  | ({ readonly kind: 'done' } & PaintReport)
  /** It took too long, or its thread died: the thread writes nothing any more as soon as `gone` resolves. */
  | { readonly kind: 'ended'; readonly reason: string; readonly gone: Promise<void> };

/** What the program needs of whoever paints and draws. */
export interface Renderer {
  readonly workers: number;
  /** Answers what became of paints. Rejects when the thread died. */
  renderJob(task: JobTask): Promise<readonly PaintReport[]>;
  /** Paints one content where it keeps no render worker from its frames. One at a time; never rejects. */
  paintInBackground(task: BackgroundPaint): Promise<BackgroundEnd>;
  /** Decodes a picture, or has whoever paints read a vector animation. Rejects when that fails. */
  paintPicture(task: PicturePaint): Promise<void>;
  close(): Promise<void>;
}

/** How long the threads get to end what they are at, milliseconds. */
const CLOSE_TIMEOUT_MS = 2000;

/** Tasks that may be at a thread at once: a picture that is being decoded elsewhere does not keep others waiting. */
const TASKS_PER_THREAD = 4;

/** How long a thread may work at a paint in the background, milliseconds: then it is ended and replaced. */
export const PAINT_LIMIT_MS = 2000;

/**
 * The same for a render worker that paints. Longer than PAINT_WAIT_NS, so that render workers which only wait for the one that hangs
 * have gone on by then, and it alone is ended.
 */
const JOB_LIMIT_MS = 3000;

/** How often it is looked for threads that hang, in the time that they are allowed. */
const LOOKS = 4;

/** The background thread ends when nothing was slow for so long: it takes some 40 MB, and a tenth of a second to start. */
const BACKGROUND_IDLE_MS = 10_000;

/** How long after the end of a thread it is seen to that there are as many as there should be, milliseconds. */
const REFILL_MS = 100;

/** How often a picture is begun anew whose thread was ended for what somebody else had painted. */
const PICTURE_TRIES = 3;

/** Pictures that are decoded at once: one that takes long holds up nobody. */
const DECODERS = 2;

/** What the background thread takes; null to hear whether it is ready. */
type BackgroundTask = BackgroundOrder | PicturePaint | DecodedPicture | null;

type PoolSize = { readonly minThreads: number; readonly maxThreads: number };

function createPool<Task, Answer>(
  init: RenderInit,
  size: PoolSize,
  idleTimeoutMs: number,
): Piscina<Task, Answer> {
  const pool = new Piscina<Task, Answer>({
    filename: workerEntryPath('renderer'),
    ...size,
    idleTimeout: idleTimeoutMs,
    // The pool tries require() first. A thread that is ended while that loads a module takes the whole process with it
    // (Node 20: "IsGraphAsync must be used on an instantiated module"); import() does not.
    execArgv: [...process.execArgv, '--no-experimental-require-module'],
    concurrentTasksPerWorker: TASKS_PER_THREAD,
    // A worker that sleeps in Atomics.wait between tasks runs no finalizers, and canvases pile up.
    atomics: 'disabled',
    recordTiming: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    workerData: init,
  });
  // Errors reach whoever waits for the task; a thread that dies between tasks is replaced without a word.
  pool.on('error', () => undefined);
  return pool;
}

function createRunner(): Runner {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}

/**
 * Tells, again and again, of a thread that works longer than it may, once it has begun and left its ids. The time that
 * others have kept it from working does not count. The function that is answered ends that.
 */
function watchRunner(
  runner: Runner,
  limitMs: number,
  onOver: (threadId: number) => void,
): () => void {
  let limit: WorkLimit | null = null;
  const timer = setInterval(() => {
    const threadId = Atomics.load(runner, 0);
    if (threadId === 0) return;
    limit ??= new WorkLimit(Atomics.load(runner, 1), limitMs);
    if (limit.isOver) onOver(threadId);
  }, limitMs / LOOKS);
  return () => {
    clearInterval(timer);
  };
}

/** Resolves when a thread has ended; its id is -1 then. */
function exitOf(thread: Piscina['threads'][number] | undefined): Promise<void> {
  if (thread === undefined || thread.threadId === -1) return Promise.resolve();
  return new Promise((resolve) => {
    thread.once('exit', () => {
      resolve();
    });
  });
}

/**
 * The owner of piscina: the render threads, and one more that stands back for them and does what is slow: decoding
 * pictures, and painting what would keep a render worker from its frame. A thread that dies rejects its tasks and is replaced.
 */
export class RenderPool implements Renderer {
  readonly workers: number;
  readonly #workers: Piscina<JobOrder | PicturePaint | null, readonly PaintReport[]>;
  readonly #background: Piscina<BackgroundTask, PaintReport>;
  readonly #paintLimitMs: number;
  readonly #decoders = new DecoderPool({ processes: DECODERS });
  readonly #pixels = new PixelFiles(this.#decoders);
  /** How often the background thread has been ended. */
  #endings = 0;
  #isClosing = false;

  /** @param paintLimitMs how long a paint in the background may take, milliseconds; default PAINT_LIMIT_MS */
  constructor(memory: WebAssembly.Memory, threads: number, paintLimitMs = PAINT_LIMIT_MS) {
    this.workers = threads;
    const workers = { minThreads: threads, maxThreads: threads };
    this.#workers = createPool({ memory, niceness: 0 }, workers, Infinity);
    this.#workers.on('workerDestroy', () => {
      setTimeout(() => {
        this.#refill();
      }, REFILL_MS).unref();
    });
    const background = { minThreads: 0, maxThreads: 1 };
    this.#background = createPool(
      { memory, niceness: BACKGROUND_NICENESS },
      background,
      BACKGROUND_IDLE_MS,
    );
    this.#paintLimitMs = paintLimitMs;
  }

  /**
   * The pool replaces threads that die, but never again once one of them died while it was starting. It starts another
   * one for tasks that none has room for.
   */
  #refill(): void {
    const { length } = this.#workers.threads;
    if (this.#isClosing || length >= this.workers) return;
    for (let i = 0; i <= length * TASKS_PER_THREAD; i++)
      void this.#workers.run(null, { name: 'isReady' }).catch(() => undefined);
  }

  /** The threads of render workers that are alive: tests end one to see it replaced. */
  get threads(): readonly { terminate(): Promise<number> }[] {
    return this.#workers.threads;
  }

  async renderJob(task: JobTask): Promise<readonly PaintReport[]> {
    const options = { name: 'renderJob' };
    // Tiles take what they take; only a paint can hang.
    if (task.paints.length === 0) return this.#workers.run({ task, runner: null }, options);
    // A signal would do, but the pool lets tasks with one wait for a thread that has nothing to do, while those after
    // them go ahead: render workers of later frames would wait for paints of earlier ones, which wait for their threads.
    const runner = createRunner();
    const stop = watchRunner(runner, JOB_LIMIT_MS, (threadId) => {
      void this.#workers.threads.find((thread) => thread.threadId === threadId)?.terminate();
    });
    try {
      return await this.#workers.run({ task, runner }, options);
    } finally {
      stop();
    }
  }

  async paintInBackground(task: BackgroundPaint): Promise<BackgroundEnd> {
    const limit = new AbortController();
    // A thread that is just being started, or draws a picture, is not yet at this paint.
    await this.#background.run(null, { name: 'isReady' }).catch(() => undefined);
    const [thread] = this.#background.threads;
    const runner = createRunner();
    const stop = watchRunner(runner, this.#paintLimitMs, () => {
      if (limit.signal.aborted) return;
      this.#endings += 1;
      limit.abort();
    });
    try {
      const options = { name: 'paintInBackground', signal: limit.signal };
      const report = await this.#background.run({ task, runner }, options);
      return { kind: 'done', ...report };
    } catch (error) {
      const reason = limit.signal.aborted
        ? `Painting it took longer than ${this.#paintLimitMs / 1000} s.`
        : `The thread that painted it has died: ${String(error)}`;
      return { kind: 'ended', reason, gone: exitOf(thread) };
    } finally {
      stop();
    }
  }

  /** Starts what decodes pictures, which takes a tenth of a second, ahead of the first of them. */
  prestart(): void {
    this.#decoders.prestart();
    void this.#background.run(null, { name: 'isReady' }).catch(() => undefined);
  }

  /** Pictures are decoded one at a time while memory is short. */
  setMemoryShort(isShort: boolean): void {
    this.#decoders.setMemoryShort(isShort);
  }

  async paintPicture(task: PicturePaint): Promise<void> {
    if (task.content.kind === 'lottie') {
      await this.#readByAll(task);
      await this.#begin('loadLottie', task);
      return;
    }
    await this.#pixels.with(task.content, (pixelsPath) =>
      this.#begin('takePicture', { ...task, pixelsPath }),
    );
  }

  /** Has the background thread do something with a picture. */
  async #begin(name: 'loadLottie' | 'takePicture', task: BackgroundTask): Promise<void> {
    for (let tries = 1; ; tries++) {
      const endings = this.#endings;
      try {
        await this.#background.run(task, { name });
        return;
      } catch (error) {
        if (endings === this.#endings || tries === PICTURE_TRIES) throw error;
      }
    }
  }

  /** A vector animation is read by every thread, each of which has less to do than the next one that is asked. */
  async #readByAll(task: PicturePaint): Promise<void> {
    const read = (): Promise<unknown> => this.#workers.run(task, { name: 'loadLottie' });
    await Promise.all(Array.from({ length: this.workers }, read));
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all([
      this.#workers.destroy(),
      this.#background.destroy(),
      this.#decoders.close(),
    ]);
    await this.#pixels.close();
  }
}
