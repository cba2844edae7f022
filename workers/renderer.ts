import { threadId, workerData } from 'node:worker_threads';
import { lowerThreadPriority } from '../src/core/thread-priority.js';
import type { DecodedPicture, PicturePaint } from '../src/render/painter.js';
import {
  createRenderTasks,
  type ApartPaint,
  type LaneOrder,
  type PaintReport,
  type RenderInit,
} from '../src/render/tasks.js';

/** Entry of a render thread: the pool calls these functions by name. */

const { memory, niceness } = workerData as RenderInit;
lowerThreadPriority(niceness);
const tasks = createRenderTasks(memory);

export function renderLane({ task, runner }: LaneOrder): readonly PaintReport[] {
  if (runner !== null) Atomics.store(runner, 0, threadId);
  return tasks.renderLane(task);
}

/** Answered as soon as the thread is at it. */
export function isReady(): boolean {
  return true;
}

export function paintApart(task: ApartPaint): PaintReport {
  return tasks.paintApart(task);
}

export async function loadLottie(task: PicturePaint): Promise<void> {
  await tasks.loadLottie(task);
}

export function takePicture(task: DecodedPicture): void {
  tasks.takePicture(task);
}
