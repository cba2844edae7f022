import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeScratchFolder, sweepScratchFolders } from '../../src/core/scratch-folders.js';

let parent: string;
before(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sm-scratch-'));
});
after(() => rm(parent, { recursive: true, force: true }));

/** A process that makes a folder with a file in it and lives on until it is killed. */
async function startOwner(): Promise<{ folder: string; kill: () => Promise<void> }> {
  const script = `
    import { writeFileSync } from 'node:fs';
    import { makeScratchFolder } from ${JSON.stringify(import.meta.resolve('../../src/core/scratch-folders.js'))};
    const folder = await makeScratchFolder(${JSON.stringify(parent)});
    writeFileSync(folder + '/pixels', 'x');
    process.stdout.write(folder);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const folder = await new Promise<string>((resolve) => {
    child.stdout.once('data', (bytes: Buffer) => {
      resolve(bytes.toString());
    });
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return { folder, kill };
}

test('removes the folder of a killed process with what is in it, and none of a living one', async () => {
  const owner = await startOwner();
  const own = await makeScratchFolder(parent);
  try {
    assert.deepEqual(await sweepScratchFolders(parent), []);
    await owner.kill();
    assert.deepEqual(await sweepScratchFolders(parent), [basename(owner.folder)]);
    assert.deepEqual(await readdir(parent), [basename(own)]);
  } finally {
    await owner.kill();
    await rm(own, { recursive: true });
  }
});

test('knows a process that has got the number of a dead one', async () => {
  const own = await makeScratchFolder(parent);
  const [, pid = '', start = '', rest = ''] =
    /^stream-manager-(\d+)-(\d+)-(.*)$/.exec(basename(own)) ?? [];
  const earlier = `stream-manager-${pid}-${Number(start) - 1}-${rest}`;
  await mkdir(join(parent, earlier));
  assert.deepEqual(await sweepScratchFolders(parent), [earlier]);
  assert.deepEqual(await readdir(parent), [basename(own)]);
  await rm(own, { recursive: true });
});

test('leaves alone what others have called, and what counts in another namespace', async () => {
  const names = ['stream-manager-2TUF3f', 'stream-manager-4194305-1-1-abc', 'stream-manager', 'x'];
  for (const name of names) await mkdir(join(parent, name));
  await writeFile(join(parent, 'stream-manager-1-2-3'), 'x');
  assert.deepEqual(await sweepScratchFolders(parent), []);
  assert.equal((await readdir(parent)).length, names.length + 1);
});
