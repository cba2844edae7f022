import { threadId, workerData } from 'node:worker_threads';
import { beatInPool } from '../src/core/pool-beats.js';
import { answerThreadMemory } from '../src/core/thread-memory.js';
import { lowerThreadPriority } from '../src/core/thread-priority.js';
import { systemThreadId } from '../src/core/thread-time.js';
import type { DecodedPicture, PicturePaint } from '../src/render/painter.js';
import {
  createRenderTasks,
  type BackgroundOrder,
  type JobOrder,
  type PaintReport,
  type RenderInit,
  type Runner,
} from '../src/render/tasks.js';

/** Entry of a render thread: the pool calls these functions by name. */

const { memory, niceness, beats } = workerData as RenderInit;
lowerThreadPriority(niceness);
beatInPool(beats, threadId);
answerThreadMemory('render');
const tasks = createRenderTasks(memory);

function leaveIds(runner: Runner): void {
  Atomics.store(runner, 1, systemThreadId());
  Atomics.store(runner, 0, threadId);
}

export function renderJob({ task, runner }: JobOrder): readonly PaintReport[] {
  if (runner !== null) leaveIds(runner);
  return tasks.renderJob(task);
}

/** Answered as soon as the thread is at it. */
export function isReady(): boolean {
  return true;
}

export function paintInBackground({ task, runner }: BackgroundOrder): PaintReport {
  leaveIds(runner);
  return tasks.paintInBackground(task);
}

export async function loadLottie(task: PicturePaint): Promise<void> {
  await tasks.loadLottie(task);
}

export function takePicture(task: DecodedPicture): void {
  tasks.takePicture(task);
}
