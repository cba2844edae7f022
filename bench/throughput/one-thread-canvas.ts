import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CanvasScriptAnswer, CanvasScriptTask } from './canvas-script.js';

const SCRIPT = fileURLToPath(new URL('./canvas-script.js', import.meta.url));

/** Runs the canvas script in a process of its own. @throws Error when it ends without an answer */
export async function measureCanvasFps(task: CanvasScriptTask): Promise<number> {
  const child = fork(SCRIPT, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const answered = once(child, 'message') as Promise<[CanvasScriptAnswer]>;
  child.send(task);
  const [answer] = await Promise.race([answered, exited.then(() => [null])]);
  await exited;
  if (answer === null) throw new Error('The canvas script ended without a figure.');
  return answer.fps;
}
