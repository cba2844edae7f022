import assert from 'node:assert/strict';
import { closeSync, openSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { canSpawnLightly, spawnLightly } from '../../src/core/light-spawn.js';

const skip = !canSpawnLightly();

/** What a line of shell writes, and how it ends. */
async function run(
  line: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<{
  readonly text: string;
  readonly code: number | null;
  readonly signal: string | null;
}> {
  const path = join(tmpdir(), `light-spawn-${process.pid}-${Math.random()}`);
  const [input, file] = [openSync('/dev/null', 'r'), openSync(path, 'w+', 0o600)];
  try {
    const descriptors = [input, file, file];
    const child = spawnLightly({ path: 'sh', args: ['-c', line], environment, descriptors });
    const exit = await child.exited;
    return { text: readFileSync(path, 'utf8'), ...exit };
  } finally {
    closeSync(input);
    closeSync(file);
    unlinkSync(path);
  }
}

test(
  'a program gets its arguments, its environment and what it is given, and nothing else',
  { skip },
  async () => {
    const own = openSync('/dev/null', 'r');
    const { text, code } = await run('echo "$WORD ünï"; ls /proc/self/fd | tr "\n" " "; exit 3', {
      WORD: 'a b=c',
      PATH: process.env['PATH'],
      NOT: undefined,
    });
    closeSync(own);
    assert.equal(code, 3);
    const [first, second = ''] = text.split('\n');
    assert.equal(first, 'a b=c ünï');
    // The last one is the folder that is listed.
    assert.equal(second.trim(), '0 1 2 3');
  },
);

test('how it ended is told: its code, or the signal', { skip }, async () => {
  assert.deepEqual(await run('exit 0'), { text: '', code: 0, signal: null });
  const environment = { PATH: process.env['PATH'] };
  const { signal } = await run('kill -TERM $$', environment);
  assert.equal(signal, 'SIGTERM');
});

test('what this process ignores a program does not', { skip }, async () => {
  // Node.js ignores SIGPIPE.
  const { text } = await run('grep SigIgn /proc/self/status', { PATH: process.env['PATH'] });
  const ignored = parseInt(/SigIgn:\s+(\w+)/.exec(text)?.[1] ?? 'f', 16);
  // The C library keeps two of the real-time signals to itself.
  assert.equal(ignored % 2 ** 31, 0);
});

test('what cannot be started says why', { skip }, () => {
  assert.throws(
    () => spawnLightly({ path: '/no/such', args: [], environment: {}, descriptors: [] }),
    /^Error: spawn \/no\/such ENOENT$/,
  );
});

test('one that is killed ends, and a second signal reaches nobody', { skip }, async () => {
  const input = openSync('/dev/null', 'r');
  const child = spawnLightly({
    path: 'sleep',
    args: ['60'],
    environment: { PATH: process.env['PATH'] },
    descriptors: [input, input, input],
  });
  closeSync(input);
  assert.equal(child.kill('SIGKILL'), true);
  assert.equal((await child.exited).signal, 'SIGKILL');
  assert.equal(child.kill('SIGKILL'), false);
});

test(
  'many at a time end, each with its own code, and leave no process behind',
  { skip },
  async () => {
    const codes = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => (await run(`exit ${i}`)).code),
    );
    assert.deepEqual(
      codes,
      Array.from({ length: 40 }, (_, i) => i),
    );
    await sleep(50);
    const zombies = readdirSync('/proc').filter((name) => {
      try {
        const [, state, parent] =
          /\) (\S) (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'latin1')) ?? [];
        return state === 'Z' && Number(parent) === process.pid;
      } catch {
        return false;
      }
    });
    assert.deepEqual(zombies, []);
  },
);
