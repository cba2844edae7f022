/**
 * The way of one frame, phase "draw", in the render threads: takes paints, then tiles, from a job until none is left. Owns
 * the canvases and decoded animations of its thread; pixels go into shared memory.
 */

import { measureWork } from '../core/thread-time.js';
import { instantiateKernels, type Kernels } from '../memory/kernels.js';
import { JOB_DONE, JOB_NEXT, JOB_PAINTS, JOB_TILES } from '../memory/records.js';
import { Painter, type DecodedPicture, type Paint, type PicturePaint } from './painter.js';

/** What a render thread is given when it starts. */
export type RenderInit = {
  readonly memory: WebAssembly.Memory;
  /** How far it stands back for others, 0 to 19. */
  readonly niceness: number;
};

/** What became of one paint. */
export type PaintReport = {
  readonly offset: number;
  /** How long its thread worked at it, milliseconds: what others made it wait does not count. */
  readonly tookMs: number;
  /** Why it failed; null: it is painted. */
  readonly failure: string | null;
};

/** One render worker's part in a program frame: it takes paints and tiles from the job until none is left. */
export type JobTask = {
  readonly jobOffset: number;
  /** The render worker's own scratch. */
  readonly scratchOffset: number;
  readonly paints: readonly Paint[];
};

/** Two words, in which the thread that begins something leaves its id and the one that the system knows it by. */
export type Runner = Int32Array<SharedArrayBuffer>;

/** A render worker's part as it is sent to a thread. */
export type JobOrder = {
  readonly task: JobTask;
  /** Null: nobody wants to know who is at it. */
  readonly runner: Runner | null;
};

/** A paint in the background. */
export type BackgroundPaint = { readonly paint: Paint; readonly scratchOffset: number };

/** The same as it is sent to a thread. */
export type BackgroundOrder = { readonly task: BackgroundPaint; readonly runner: Runner };

export type RenderTasks = {
  /** Answers what became of the paints that it took. Layers whose paint failed are left out, and the frame is whole without them. */
  renderJob(task: JobTask): readonly PaintReport[];
  paintInBackground(task: BackgroundPaint): PaintReport;
  loadLottie(task: PicturePaint): Promise<void>;
  takePicture(task: DecodedPicture): void;
};

/** The work of a render thread, over the shared memory. Stateless but for canvases that it keeps. */
export function createRenderTasks(memory: WebAssembly.Memory): RenderTasks {
  const kernels = instantiateKernels(memory);
  const painter = new Painter(memory, kernels);
  const words = new Int32Array(memory.buffer);
  return {
    renderJob: (task) => renderJob(task, words, kernels, painter),
    paintInBackground: ({ paint, scratchOffset }) => paintOne(painter, paint, scratchOffset),
    loadLottie: (task) => painter.loadLottie(task),
    takePicture: (task) => {
      painter.takePicture(task);
    },
  };
}

function paintOne(painter: Painter, paint: Paint, scratchOffset: number): PaintReport {
  const workedMs = measureWork();
  let failure: string | null = null;
  try {
    painter.paint(paint, scratchOffset);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  return { offset: paint.offset, tookMs: workedMs(), failure };
}

function renderJob(
  { jobOffset, scratchOffset, paints }: JobTask,
  words: Int32Array<SharedArrayBuffer>,
  kernels: Kernels,
  painter: Painter,
): readonly PaintReport[] {
  const word = (field: number): number => (jobOffset + field) >> 2;
  const paintCount = words[word(JOB_PAINTS)] ?? 0;
  const total = paintCount + (words[word(JOB_TILES)] ?? 0);
  const reports: PaintReport[] = [];
  for (;;) {
    // Each index is handed out once: the add is atomic. Paints have the lower indices, so when a render worker takes a tile,
    // every paint has been taken by a render worker that is at work on it.
    const index = Atomics.add(words, word(JOB_NEXT), 1);
    if (index >= total) break;
    const paint = paints[index];
    if (index >= paintCount) kernels.renderTile(jobOffset, index - paintCount, scratchOffset);
    else if (paint !== undefined) reports.push(paintOne(painter, paint, scratchOffset));
    // Added after the work: whoever reads the full count sees all patches.
    Atomics.add(words, word(JOB_DONE), 1);
  }
  return reports;
}
