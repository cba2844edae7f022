import { setTimeout as sleep } from 'node:timers/promises';
import { lockDataDir } from '../../src/state/data-dir-lock.js';
import { createInstance } from '../../src/state/instance.js';
import { SILENT } from './samples.js';

/** Takes the lock of a folder, says `held` or why not, and keeps it until it is ended. */
const [, , dataDir = ''] = process.argv;
try {
  await lockDataDir(dataDir, createInstance(), SILENT);
  process.stdout.write('held\n');
  await sleep(600_000);
} catch (error) {
  process.stdout.write(`refused: ${error instanceof Error ? error.message : String(error)}\n`);
}
