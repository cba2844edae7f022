import assert from 'node:assert/strict';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUILD_ROOT } from '../../src/core/paths.js';
import { runProcess } from '../support/process.js';

const isLinux = process.platform === 'linux';

/** Runs a script in a process that is started with a niceness and may not have a lower one, as nobody but root may. */
async function runNice(niceness: number, script: string): Promise<string> {
  const isRoot = process.getuid?.() === 0;
  const unprivileged = isRoot ? ['setpriv', '--bounding-set', '-sys_nice'] : [];
  const node = [process.execPath, '--input-type=module', '-e', script];
  const [command = 'nice', ...args] = [...unprivileged, 'nice', '-n', String(niceness), ...node];
  const { code, output } = await runProcess(command, args);
  assert.equal(code, 0, output);
  return output.trim();
}

function pathOf(file: string): string {
  return JSON.stringify(join(BUILD_ROOT, 'src', file));
}

test(
  'a thread waits for others, and one that waits longer already goes on as it is',
  { skip: !isLinux },
  async () => {
    const lower = `
      import { getPriority } from 'node:os';
      import { lowerThreadPriority } from ${pathOf('core/thread-priority.js')};
      lowerThreadPriority(10);
      console.log(getPriority());`;
    const own = getPriority();
    const expected = [own, Math.min(19, own + 15)].map((niceness) => `${Math.max(10, niceness)}`);
    assert.deepEqual([await runNice(0, lower), await runNice(15, lower)], expected);
  },
);

test(
  'decoders start in a service that was started to wait for others',
  { skip: !isLinux },
  async () => {
    const decode = `
      import { DecoderPool } from ${pathOf('decode/pool.js')};
      const pool = new DecoderPool({ processes: 1 });
      const path = ${JSON.stringify(join(BUILD_ROOT, 'none.png'))};
      const job = pool.run('probePicture', { path, mediaType: 'image/png' }, null);
      console.log(await job.catch((error) => error.code));
      await pool.close();`;
    assert.deepEqual(
      [await runNice(0, decode), await runNice(15, decode)],
      ['SM_ASSET_BROKEN', 'SM_ASSET_BROKEN'],
    );
  },
);
