import { fileURLToPath } from 'node:url';
import { ChildProcess } from '../../src/core/child-process.js';
import type { DecodeAnswer } from '../../src/decode/messages.js';

/** Has a busy decoder write into the folder that is given, says its process id once it has begun, and waits: to be killed. */
const [folder = ''] = process.argv.slice(2);
const decoder = new ChildProcess<DecodeAnswer, object>({
  path: process.execPath,
  args: [fileURLToPath(new URL('./busy-decoder.js', import.meta.url))],
  environment: process.env,
  files: [],
  onMessage: () => {
    process.stdout.write(`busy ${decoder.pid ?? 0}\n`);
  },
});
decoder.send({ name: 'writePixels', input: { intoPath: `${folder}/pixels` } });
