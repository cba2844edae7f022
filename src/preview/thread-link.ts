import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { AppError } from '../core/errors.js';
import { workerEntryPath } from '../core/paths.js';
import type { FromPreview, PreviewInit, ToPreview } from './contract.js';

/** How long the thread may take to load, on a machine that is busy with other things. */
const START_PATIENCE_MS = 15_000;
/** How long it may take to finish the picture it is at. */
const CLOSE_PATIENCE_MS = 1000;

/** A running preview thread, seen from the main thread. */
export type PreviewThread = {
  post(message: ToPreview): void;
  /** Resolves when the thread has ended, with the reason, for people. */
  readonly ended: Promise<string>;
  /** Asks the thread to end, and ends it when it does not. */
  close(): Promise<void>;
};

/**
 * Starts the preview thread; resolves when it is ready.
 * @throws AppError SM_THREAD_EXITED when it ends instead, or does not start in time.
 */
export async function startPreviewThread(
  init: PreviewInit,
  onMessage: (message: FromPreview) => void,
): Promise<PreviewThread> {
  const worker = new Worker(workerEntryPath('preview'), { workerData: init, name: 'preview' });
  let reason = 'it ended by itself';
  let markReady = (): void => undefined;
  const ready = new Promise<true>((resolve) => {
    markReady = () => {
      resolve(true);
    };
  });
  const ended = new Promise<string>((resolve) => {
    worker.once('exit', () => {
      resolve(reason);
    });
  });
  worker.on('error', (error: unknown) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  worker.on('message', (message: FromPreview) => {
    if (message.type === 'ready') markReady();
    else onMessage(message);
  });

  const startPatience = new AbortController();
  const late = sleep(START_PATIENCE_MS, 'it did not start in time', {
    signal: startPatience.signal,
  }).catch(() => 'it did not start');
  const outcome = await Promise.race([ready, ended, late]);
  startPatience.abort();
  if (outcome !== true) {
    await worker.terminate();
    throw new AppError('SM_THREAD_EXITED', `The preview thread could not be started: ${outcome}.`);
  }

  return {
    post(message) {
      worker.postMessage(message);
    },
    ended,
    async close() {
      worker.postMessage({ type: 'close' } satisfies ToPreview);
      const closePatience = new AbortController();
      await Promise.race([
        ended,
        sleep(CLOSE_PATIENCE_MS, null, { signal: closePatience.signal }).catch(() => null),
      ]);
      closePatience.abort();
      await worker.terminate();
    },
  };
}
