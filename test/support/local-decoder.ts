import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { ASSET_JOBS } from '../../src/assets/decode-jobs.js';
import type { Decoder } from '../../src/decode/pool.js';

/** Where programs under test that nobody closed left decoded pictures. */
const folders = new Set<string>();
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Does the jobs of decoder processes in this one: for files of the tests' own. */
export const LOCAL_DECODER: Decoder = {
  run(name, input) {
    if (name === 'writePixels' && 'intoPath' in input) folders.add(dirname(input.intoPath));
    return ASSET_JOBS[name](input);
  },
};
