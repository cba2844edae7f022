import { setTimeout as sleep } from 'node:timers/promises';
import { openStateStore } from '../../src/state/open-store.js';
import { SETTINGS, SILENT } from './samples.js';

/** Opens the state in a Redis, says `open` or why not, and keeps it until it is ended. */
const [, , dataDir = '', redisUrl = ''] = process.argv;
try {
  await openStateStore({
    dataDir,
    redisUrl,
    redisPrefix: 'test:',
    settings: SETTINGS,
    durability: 'relaxed',
    logger: SILENT,
  });
  process.stdout.write('open\n');
  await sleep(600_000);
} catch (error) {
  process.stdout.write(`refused: ${error instanceof Error ? error.message : String(error)}\n`);
}
