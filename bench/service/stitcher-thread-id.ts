import { readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, workerData } from 'node:worker_threads';
import { z } from 'zod';

/**
 * Loaded into the service with `--import`: the stitcher thread of the program leaves its thread id in a file of the
 * data folder, so that its processor time can be read from outside.
 */
export const STITCHER_THREAD_ID = 'stitcher-thread-id';

const StitcherData = z.object({ init: z.object({ dataDir: z.string(), tls: z.object() }) });

if (!isMainThread) {
  const stitcher = StitcherData.safeParse(workerData);
  if (stitcher.success) {
    const [, threadId = ''] = readlinkSync('/proc/thread-self').split('/task/');
    writeFileSync(join(stitcher.data.init.dataDir, STITCHER_THREAD_ID), threadId);
  }
}
