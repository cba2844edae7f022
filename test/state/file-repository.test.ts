import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { AppError } from '../../src/core/errors.js';
import { FileRepository } from '../../src/state/file-repository.js';
import { readState } from '../../src/state/migrate.js';
import type { ServiceState } from '../../src/state/model.js';
import { createStateSerializer } from '../../src/state/serialize.js';
import { emptyState, recordingLogger } from './samples.js';

async function prepare(
  t: TestContext,
): Promise<{ folder: string; path: string; repository: FileRepository; lines: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'sm-state-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'data', 'state.json');
  const { logger, lines } = recordingLogger();
  const repository = new FileRepository(path, createStateSerializer(), logger);
  return { folder: join(folder, 'data'), path, repository, lines };
}

function revision(number: number): ServiceState {
  return { ...emptyState(), revision: number };
}

test('has nothing at first, and gives back what was saved last', async (t) => {
  const { repository, folder } = await prepare(t);
  assert.equal(await repository.load(readState), null);
  await repository.save(revision(1));
  await repository.save(revision(2));
  assert.deepEqual(await repository.load(readState), revision(2));
  assert.deepEqual((await readdir(folder)).sort(), ['state.json', 'state.json.previous']);
});

test('keeps the file from other users, for there are stream keys in it', async (t) => {
  const { repository, path } = await prepare(t);
  await repository.save(revision(1));
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test('goes on with the previous copy and puts a broken file aside', async (t) => {
  const { repository, path, lines } = await prepare(t);
  await repository.save(revision(1));
  for (const broken of ['{"version":1,"revi', '', '\0\0\0\0', '{"version":1}']) {
    await repository.save(revision(1));
    await repository.save(revision(2));
    await writeFile(path, broken);
    assert.deepEqual(await repository.load(readState), revision(1));
  }
  assert.equal(await readFile(`${path}.broken-1`, 'utf8'), '{"version":1,"revi');
  assert.equal(await readFile(`${path}.broken-4`, 'utf8'), '{"version":1}');
  assert.equal(lines.filter((line) => /previous copy/.test(line)).length, 4);
  await rm(path, { force: true });
  assert.deepEqual(await repository.load(readState), revision(1));
});

test('touches nothing when neither copy can be used', async (t) => {
  const { repository, path, folder } = await prepare(t);
  await mkdir(folder);
  await writeFile(path, 'no state');
  await writeFile(`${path}.previous`, 'no state either');
  for (let i = 0; i < 2; i++) {
    await assert.rejects(
      repository.load(readState),
      (error) => error instanceof AppError && error.code === 'SM_STATE_UNREADABLE',
    );
  }
  assert.equal(await readFile(path, 'utf8'), 'no state');
});

test('does not fall back behind a state that a newer service has written', async (t) => {
  const { repository, path } = await prepare(t);
  await repository.save(revision(1));
  await repository.save(revision(2));
  await writeFile(path, JSON.stringify({ ...revision(3), version: 2 }));
  await assert.rejects(
    repository.load(readState),
    (error) => error instanceof AppError && error.code === 'SM_STATE_VERSION',
  );
});

test('says that it cannot write, and leaves nothing half done', async (t) => {
  const { repository, folder } = await prepare(t);
  await writeFile(folder, 'a file where the folder should be');
  await assert.rejects(
    repository.save(revision(1)),
    (error) => error instanceof AppError && error.code === 'SM_STATE_UNWRITABLE',
  );
  await rm(folder);
  await repository.save(revision(1));
  assert.deepEqual(await readdir(folder), ['state.json']);
});
