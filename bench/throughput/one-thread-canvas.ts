import { Child } from '../child.js';
import type { CanvasScriptAnswer, CanvasScriptTask } from './canvas-script.js';

/** Runs the canvas script in a process of its own. @throws Error when it ends without an answer */
export async function measureCanvasFps(task: CanvasScriptTask): Promise<number> {
  const child = new Child<CanvasScriptTask, CanvasScriptAnswer>(
    new URL('./canvas-script.js', import.meta.url),
  );
  const { fps } = await child.ask(task);
  await child.ended();
  return fps;
}
