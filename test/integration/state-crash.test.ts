import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openStateStore } from '../../src/state/open-store.js';
import { readState } from '../../src/state/migrate.js';
import { runProcess, startProcess } from '../support/process.js';
import { recordingLogger, sceneWithLayers, SETTINGS } from '../state/samples.js';

const WRITER = fileURLToPath(new URL('../state/endless-writer.js', import.meta.url));

// Removed last: a store that closes may still write.
const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sm-crash-'));
  folders.push(folder);
  return folder;
}

test('has every answered command after a kill -9 in the middle of a write', async (t) => {
  const dataDir = await temporaryFolder();
  for (let round = 1; round <= 4; round++) {
    const writer = await startProcess(process.execPath, [WRITER, dataDir]);
    t.after(() => writer.stop());
    await writer.waitForOutput(new RegExp(`(stored \\d+\\n){${round * 7}}`));
    writer.kill('SIGKILL');
    await writer.ended;
    const answered = [...writer.output().matchAll(/stored (\d+)\n/g)].map(([, n]) => Number(n));

    const { logger, lines } = recordingLogger();
    const store = await openStateStore({
      dataDir,
      redisUrl: null,
      redisPrefix: '',
      settings: SETTINGS,
      durability: 'relaxed',
      logger,
    });
    const { revision, scenes } = store.state;
    await store.close();
    assert.ok(revision >= (answered.at(-1) ?? Infinity), `${revision} < ${answered.at(-1) ?? ''}`);
    const counter = scenes[0]?.layers.at(-1);
    assert.equal(counter?.type === 'text' ? counter.text : null, String(revision));
    assert.deepEqual(lines, []);
  }
});

test('keeps the stored state whole when the disk is full, and goes on', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sm-full-'));
  t.after(async () => {
    await runProcess('umount', [dataDir]);
    await rm(dataDir, { recursive: true, force: true });
  });
  const mount = ['-t', 'tmpfs', '-o', 'size=160k', 'tmpfs', dataDir];
  const { code } = await runProcess('mount', mount);
  if (code !== 0) {
    t.skip('needs the right to mount a small file system');
    return;
  }
  const { logger } = recordingLogger();
  const options = {
    dataDir,
    redisUrl: null,
    redisPrefix: '',
    settings: SETTINGS,
    durability: 'relaxed',
    logger,
  } as const;
  const store = await openStateStore(options);
  await store.dispatch({ type: 'scene.create', scene: sceneWithLayers('fits', 100) });
  await store.dispatch({ type: 'scene.create', scene: sceneWithLayers('too-large', 500) });
  assert.equal(store.persistence.state, 'degraded');
  assert.match(store.persistence.reason ?? '', /SM_STATE_UNWRITABLE.*no space left/);
  const raw: unknown = JSON.parse(await readFile(join(dataDir, 'state.json'), 'utf8'));
  assert.equal(readState(raw).revision, 1);
  await store.dispatch({ type: 'scene.remove', sceneId: 'too-large' });
  await store.close();
  const restarted = await openStateStore(options);
  assert.equal(restarted.state.revision, 3);
  // Its lock is a socket on this file system, which cannot be unmounted before.
  await restarted.close();
});
