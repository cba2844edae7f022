import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Has a busy decoder write into the folder that is given, says its process id once it has begun, and waits: to be killed. */
const [folder = ''] = process.argv.slice(2);
const decoder = fork(fileURLToPath(new URL('./busy-decoder.js', import.meta.url)));
decoder.on('message', () => {
  process.stdout.write(`busy ${decoder.pid ?? 0}\n`);
});
decoder.send({ name: 'writePixels', input: { intoPath: `${folder}/pixels` } });
