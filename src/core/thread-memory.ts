import { getHeapStatistics } from 'node:v8';
import { BroadcastChannel } from 'node:worker_threads';

/**
 * How much memory the JavaScript of each thread holds. Node.js tells a thread only of itself, so whoever wants to know
 * asks all of them, and waits for none that has no time.
 */

const QUESTIONS = 'stream-manager: thread memory wanted';
const ANSWERS = 'stream-manager: thread memory';
/** A thread that has not answered by then is left out. */
const ANSWER_TIMEOUT_MS = 100;

/** Heap and what belongs to it outside (buffers), in bytes; not what Skia or shared memory take. */
export type ThreadMemory = { readonly thread: string; readonly bytes: number };

function ownBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** Lets this thread answer, under a name that others may share. Does not keep it running. */
export function answerThreadMemory(thread: string): void {
  const questions = new BroadcastChannel(QUESTIONS);
  questions.onmessage = () => {
    const answers = new BroadcastChannel(ANSWERS);
    const answer: ThreadMemory = { thread, bytes: ownBytes() };
    answers.postMessage(answer);
    answers.close();
  };
  questions.unref();
}

/** Asks all threads that answer; `ownName` is that of the thread that asks. Threads of one name are added up. */
export async function readThreadMemory(ownName: string): Promise<ThreadMemory[]> {
  const sums = new Map([[ownName, ownBytes()]]);
  const answers = new BroadcastChannel(ANSWERS);
  answers.onmessage = ({ data }) => {
    if (isThreadMemory(data)) sums.set(data.thread, (sums.get(data.thread) ?? 0) + data.bytes);
  };
  const questions = new BroadcastChannel(QUESTIONS);
  questions.postMessage(null);
  questions.close();
  await new Promise((resolve) => setTimeout(resolve, ANSWER_TIMEOUT_MS));
  answers.close();
  return [...sums].map(([thread, bytes]) => ({ thread, bytes }));
}

function isThreadMemory(data: unknown): data is ThreadMemory {
  return (
    typeof data === 'object' &&
    data !== null &&
    'thread' in data &&
    typeof data.thread === 'string' &&
    'bytes' in data &&
    typeof data.bytes === 'number'
  );
}
