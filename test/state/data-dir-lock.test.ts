import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../src/core/errors.js';
import { lockDataDir } from '../../src/state/data-dir-lock.js';
import { createInstance } from '../../src/state/instance.js';
import { runProcess, startProcess, type TestProcess } from '../support/process.js';
import { SILENT } from './samples.js';

const HOLDER = fileURLToPath(new URL('./lock-holder.js', import.meta.url));
const VERDICT = /^(held|refused: .*)$/m;

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sm-lock-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function startHolder(
  t: TestContext,
  dataDir: string,
  isolation: readonly string[] = [],
): Promise<TestProcess> {
  const [command, ...args] =
    isolation.length === 0
      ? [process.execPath, HOLDER, dataDir]
      : ['unshare', ...isolation, process.execPath, HOLDER, dataDir];
  const holder = await startProcess(command, args);
  t.after(async () => {
    holder.kill('SIGKILL');
    await holder.ended;
  });
  return holder;
}

async function verdictOf(holder: TestProcess): Promise<string> {
  const [, verdict = ''] = await holder.waitForOutput(VERDICT, 60_000);
  return verdict;
}

function isInUse(by: string): (error: unknown) => boolean {
  return (error) =>
    error instanceof AppError && error.code === 'SM_DATA_DIR_IN_USE' && error.message.includes(by);
}

test('refuses a folder that another process has, and says which', async (t) => {
  const dataDir = join(await temporaryFolder(t), 'made', 'by', 'the', 'first');
  const holder = await startHolder(t, dataDir);
  assert.equal(await verdictOf(holder), 'held');
  await assert.rejects(
    lockDataDir(dataDir, createInstance(), SILENT),
    isInUse(`process ${holder.pid} on `),
  );
  // The refused one has left nothing behind that would be in the way of the owner.
  await assert.rejects(
    lockDataDir(dataDir, createInstance(), SILENT),
    isInUse(`process ${holder.pid} on `),
  );
  assert.deepEqual((await readdir(dataDir)).sort(), ['instance.json', 'instance.sock']);
});

test('refuses a folder that this process has already, and takes it once it is given back', async (t) => {
  const dataDir = await temporaryFolder(t);
  const first = await lockDataDir(dataDir, createInstance(), SILENT);
  await assert.rejects(
    lockDataDir(dataDir, createInstance(), SILENT),
    isInUse(`process ${process.pid} on `),
  );
  await first.release();
  await first.release();
  const second = await lockDataDir(dataDir, createInstance(), SILENT);
  assert.equal(second.predecessor, null);
  await second.release();
  assert.deepEqual(await readdir(dataDir), []);
});

test('takes a folder at once after a kill -9 of its owner, and knows who that was', async (t) => {
  const dataDir = await temporaryFolder(t);
  const holder = await startHolder(t, dataDir);
  assert.equal(await verdictOf(holder), 'held');
  holder.kill('SIGKILL');
  await holder.ended;
  const lock = await lockDataDir(dataDir, createInstance(), SILENT);
  assert.equal(lock.predecessor?.pid, holder.pid);
  await lock.release();
});

test('gives a folder whose owner was killed to exactly one of many that start at once', async (t) => {
  const dataDir = await temporaryFolder(t);
  const dead = await startHolder(t, dataDir);
  assert.equal(await verdictOf(dead), 'held');
  dead.kill('SIGKILL');
  await dead.ended;
  const holders = await Promise.all(Array.from({ length: 8 }, () => startHolder(t, dataDir)));
  const verdicts = await Promise.all(holders.map(verdictOf));
  assert.equal(verdicts.filter((verdict) => verdict === 'held').length, 1, verdicts.join('\n'));
});

test('takes folders whose path is longer than that of a socket may be', async (t) => {
  const dataDir = join(await temporaryFolder(t), 'a'.repeat(100), 'b'.repeat(100));
  const lock = await lockDataDir(dataDir, createInstance(), SILENT);
  await assert.rejects(
    lockDataDir(dataDir, createInstance(), SILENT),
    isInUse(`process ${process.pid} on `),
  );
  await lock.release();
});

test('notices an owner in another container, where process numbers are others', async (t) => {
  const isolation = ['--pid', '--net', '--uts', '--fork', '--kill-child', '--mount-proc'];
  const { code } = await runProcess('unshare', [...isolation, 'true']);
  if (code !== 0) {
    t.skip('needs the right to make name spaces');
    return;
  }
  const dataDir = await temporaryFolder(t);
  const holder = await startHolder(t, dataDir, isolation);
  assert.equal(await verdictOf(holder), 'held');
  // Its number in there, which is that of nobody or of somebody else out here.
  await assert.rejects(lockDataDir(dataDir, createInstance(), SILENT), isInUse('process 1 on '));
  holder.kill('SIGKILL');
  await holder.ended;
  const lock = await lockDataDir(dataDir, createInstance(), SILENT);
  await lock.release();
});

test('notices an owner on another machine by its heartbeat', async (t) => {
  const dataDir = await temporaryFolder(t);
  await mkdir(dataDir, { recursive: true });
  const file = join(dataDir, 'instance.json');
  const other = { ...createInstance(), host: 'studio-2', pid: 7, bootId: 'of another kernel' };
  await writeFile(file, JSON.stringify(other));
  const heartbeat = setInterval(() => void utimes(file, new Date(), new Date()), 500);
  t.after(() => {
    clearInterval(heartbeat);
  });
  await assert.rejects(
    lockDataDir(dataDir, createInstance(), SILENT),
    isInUse('process 7 on studio-2, since '),
  );
});

test('takes a folder again after a reboot, and one in which nothing can be written', async (t) => {
  const dataDir = await temporaryFolder(t);
  const before = { ...createInstance(), bootId: 'of the kernel before', pid: process.pid };
  await writeFile(join(dataDir, 'instance.json'), JSON.stringify(before));
  await writeFile(join(dataDir, 'instance.sock'), '');
  const lock = await lockDataDir(dataDir, createInstance(), SILENT);
  assert.equal(lock.predecessor?.token, before.token);
  await lock.release();
  const unlocked = await lockDataDir('/proc/self', createInstance(), SILENT);
  assert.equal(unlocked.predecessor, null);
  await unlocked.release();
});
