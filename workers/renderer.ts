import { workerData } from 'node:worker_threads';
import type { PicturePaint } from '../src/render/painter.js';
import { createRenderTasks, type LaneTask, type RenderInit } from '../src/render/tasks.js';

/** Entry of a render thread: the pool calls these functions by name. */

const tasks = createRenderTasks((workerData as RenderInit).memory);

export function renderLane(task: LaneTask): readonly string[] {
  return tasks.renderLane(task);
}

export async function paintPicture(task: PicturePaint): Promise<void> {
  await tasks.paintPicture(task);
}
