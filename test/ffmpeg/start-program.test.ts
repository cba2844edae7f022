import assert from 'node:assert/strict';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { canSpawnLightly } from '../../src/core/light-spawn.js';
import { startProgram, type ProgramStart } from '../../src/ffmpeg/start-program.js';

const START = {
  path: '/bin/sh',
  environment: { PATH: process.env['PATH'], WORD: 'a word' },
  stdout: null,
  files: [],
} as const satisfies Partial<ProgramStart>;

for (const isLight of [true, false]) {
  const how = isLight ? 'without a copy of this process' : 'by Node.js';
  const options = { skip: isLight && !canSpawnLightly() };

  test(
    `started ${how}, a program has its streams, its files and its environment`,
    options,
    async () => {
      const path = join(tmpdir(), `start-program-${process.pid}`);
      const file = openSync(path, 'w+', 0o600);
      unlinkSync(path);
      writeSync(file, 'in the file', 0);
      const line = 'cat; head -c 6 /dev/fd/3; echo " $WORD"; echo wrong >&2; exit 7';
      const started = startProgram({ ...START, args: ['-c', line], files: [file] }, isLight);
      let [said, complained] = ['', ''];
      started.stdout?.on('data', (bytes: Buffer) => (said += bytes.toString()));
      started.stderr.on('data', (bytes: Buffer) => (complained += bytes.toString()));
      started.stdin.end('typed, ');
      assert.deepEqual(await started.ended, { code: 7, signal: null, problem: null });
      assert.equal(said, 'typed, in the a word\n');
      assert.equal(complained, 'wrong\n');
      closeSync(file);
    },
  );

  test(`started ${how}, it writes to what it was given, and is killed`, options, async () => {
    const path = join(tmpdir(), `start-program-${process.pid}`);
    const file = openSync(path, 'w+', 0o600);
    unlinkSync(path);
    const args = ['-c', 'echo begun; exec sleep 60'];
    const started = startProgram({ ...START, args, stdout: file }, isLight);
    started.stderr.resume();
    const bytes = Buffer.alloc(6);
    while (readSync(file, bytes, 0, 6, 0) < 6)
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(bytes.toString(), 'begun\n');
    assert.equal(started.stdout, null);
    started.kill('SIGKILL');
    assert.deepEqual(await started.ended, { code: null, signal: 'SIGKILL', problem: null });
    started.kill('SIGKILL');
    closeSync(file);
  });

  test(`started ${how}, one that is not there says so`, options, async () => {
    const started = startProgram({ ...START, path: '/no/such/program', args: [] }, isLight);
    started.stdin.on('error', () => undefined);
    const { code, signal, problem } = await started.ended;
    assert.deepEqual([code, signal], [null, null]);
    assert.match(problem ?? '', /\/no\/such\/program ENOENT/);
    assert.equal(started.pid, null);
  });
}
