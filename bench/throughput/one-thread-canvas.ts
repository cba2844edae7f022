import { Child } from '../child.js';
import type { Speed } from '../frame-window.js';
import type { CanvasScriptAnswer, CanvasScriptTask } from './canvas-script.js';

/** Runs the canvas script in a process of its own. @throws Error when it ends without an answer */
export async function measureCanvas(task: CanvasScriptTask): Promise<Speed> {
  const child = new Child<CanvasScriptTask, CanvasScriptAnswer>(
    new URL('./canvas-script.js', import.meta.url),
  );
  const speed = await child.ask(task);
  await child.ended();
  return speed;
}
