import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../src/core/errors.js';
import type { Command } from '../../src/state/command.js';
import { FileRepository } from '../../src/state/file-repository.js';
import { readState } from '../../src/state/migrate.js';
import type { ServiceState } from '../../src/state/model.js';
import type { Durability, PersistenceStatus, StateStore } from '../../src/state/port.js';
import type { ReadState, StateRepository } from '../../src/state/repository.js';
import type { WriterTiming } from '../../src/state/repository-writer.js';
import { createStateSerializer } from '../../src/state/serialize.js';
import { settleState } from '../../src/state/settle.js';
import { createStore } from '../../src/state/store.js';
import { assetOf, emptyState, NOW, sceneOf, SETTINGS, SILENT } from './samples.js';
import { eventually } from '../support/until.js';

/** Soon degraded, for tests of just that. */
/** Long enough for a busy machine to write a file, and short enough to be waited for. */
const TIMING: WriterTiming = { patienceMs: 400, retryMinMs: 5, retryMaxMs: 10 };
/** Waits for whatever a busy machine takes to write. */
const PATIENT: WriterTiming = { ...TIMING, patienceMs: 60_000 };

/** A real file with a gate before it that a test can close. */
class GatedRepository implements StateRepository {
  readonly kind = 'redis';
  readonly place = 'the gated file';
  readonly watch = null;
  readonly savedRevisions: number[] = [];
  readonly #file: FileRepository;
  #gate: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#file = new FileRepository(path, createStateSerializer(), SILENT);
  }

  /** Holds everything up, until the returned function lets it go on or fail. */
  shut(): (error: AppError | null) => void {
    const opened = new EventEmitter();
    this.#gate = once(opened, 'open').then(([error]: (AppError | null)[]) => {
      if (error instanceof AppError) throw error;
    });
    this.#gate.catch(() => undefined);
    return (error) => {
      opened.emit('open', error);
    };
  }

  async load(read: ReadState): Promise<ServiceState | null> {
    await this.#gate;
    return this.#file.load(read);
  }

  async save(state: ServiceState): Promise<void> {
    await this.#gate;
    await this.#file.save(state);
    this.savedRevisions.push(state.revision);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

// Removed last: a store that closes may still write.
const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sm-store-'));
  folders.push(folder);
  return folder;
}

async function open(
  t: TestContext,
  primary: StateRepository,
  shadow: StateRepository | null = null,
  timing: WriterTiming = TIMING,
  durability: Durability = 'relaxed',
): Promise<StateStore> {
  const store = await createStore({
    primary,
    shadow,
    read: readState,
    settle: (stored) => settleState(stored, SETTINGS),
    measureTicker: null,
    timing: { primary: timing, shadow: timing, startPatienceMs: timing.patienceMs, closeMs: 200 },
    logger: SILENT,
    durability,
    onClosed: () => Promise.resolve(),
  });
  t.after(() => store.close());
  return store;
}

function create(id: string): Command {
  return { type: 'scene.create', scene: sceneOf({ id }) };
}

function sceneIds(store: StateStore): string[] {
  return store.state.scenes.map(({ id }) => id);
}

async function revisionIn(path: string): Promise<unknown> {
  const raw: unknown = JSON.parse(await readFile(path, 'utf8'));
  return readState(raw).revision;
}

test('answers a command once it is stored, and brings it back after a restart', async (t) => {
  const path = join(await temporaryFolder(), 'state.json');
  const store = await open(t, new GatedRepository(path), null, PATIENT);
  assert.equal(await revisionIn(path), 0);
  const applied = await store.dispatch(create('a'));
  assert.equal(await revisionIn(path), 1);
  assert.equal(applied.after, store.state);
  assert.equal(applied.before.scenes.length, 0);
  assert.ok(applied.acceptedAtNs <= process.hrtime.bigint());
  await store.close();
  const again = await open(t, new GatedRepository(path), null, PATIENT);
  assert.deepEqual(again.state, store.state);
  assert.ok(Object.isFrozen(again.state.scenes[0]));
});

test('writes commands that come in during a write together, and tells of them in order', async (t) => {
  const repository = new GatedRepository(join(await temporaryFolder(), 'state.json'));
  const store = await open(t, repository, null, PATIENT);
  const told: number[] = [];
  store.onApplied(({ after }) => told.push(after.revision));
  const ids = Array.from({ length: 50 }, (_, i) => `scene-${i}`);
  const answers = await Promise.all(ids.map((id) => store.dispatch(create(id))));
  const numbers = ids.map((_, i) => i + 1);
  assert.deepEqual(told, numbers);
  assert.deepEqual(
    answers.map(({ after }) => after.revision),
    numbers,
  );
  assert.deepEqual(repository.savedRevisions, [0, 1, 50]);
});

test('shows nothing before it is stored', async (t) => {
  const repository = new GatedRepository(join(await temporaryFolder(), 'state.json'));
  const store = await open(t, repository, null, PATIENT);
  const letGo = repository.shut();
  const answer = store.dispatch(create('a'));
  await sleep(5);
  assert.equal(store.state.scenes.length, 0);
  letGo(null);
  await answer;
  assert.equal(store.state.scenes.length, 1);
});

test('changes nothing when a command is refused', async (t) => {
  const store = await open(t, new GatedRepository(join(await temporaryFolder(), 'state.json')));
  await store.dispatch(create('a'));
  const before = store.state;
  await assert.rejects(
    store.dispatch(create('a')),
    (error) => error instanceof AppError && error.code === 'SM_SCENE_EXISTS',
  );
  assert.equal(store.state, before);
});

test('goes on when a listener fails', async (t) => {
  const store = await open(t, new GatedRepository(join(await temporaryFolder(), 'state.json')));
  let count = 0;
  store.onApplied(() => {
    throw new Error('a mistake of the listener');
  });
  const end = store.onApplied(() => count++);
  await store.dispatch(create('a'));
  end();
  await store.dispatch(create('b'));
  assert.equal(count, 1);
});

test('goes on without a disk, says why, and writes the newest state when it is back', async (t) => {
  const folder = join(await temporaryFolder(), 'data');
  const path = join(folder, 'state.json');
  const store = await open(t, new FileRepository(path, createStateSerializer(), SILENT));
  const statuses: PersistenceStatus[] = [];
  store.onPersistence((status) => statuses.push(status));
  await rename(folder, `${folder}-away`);
  await writeFile(folder, 'in the way');
  await store.dispatch(create('a'));
  await store.dispatch(create('b'));
  assert.equal(store.state.scenes.length, 2);
  assert.equal(store.persistence.state, 'degraded');
  assert.match(store.persistence.reason ?? '', /^SM_STATE_UNWRITABLE: /);
  assert.equal(store.persistence.storedRevision, 0);
  await rm(folder);
  await eventually(() => store.persistence.state === 'ok');
  assert.equal(await revisionIn(path), 2);
  assert.deepEqual(
    statuses.map(({ state, storedRevision }) => [state, storedRevision]),
    [
      ['degraded', 0],
      ['ok', 2],
    ],
  );
});

test('does not wait for a store that hangs, and catches up when it goes on', async (t) => {
  const repository = new GatedRepository(join(await temporaryFolder(), 'state.json'));
  const store = await open(t, repository);
  const letGo = repository.shut();
  await store.dispatch(create('a'));
  assert.equal(store.persistence.state, 'degraded');
  await Promise.all(['b', 'c', 'd'].map((id) => store.dispatch(create(id))));
  letGo(null);
  await eventually(() => store.persistence.state === 'ok');
  assert.deepEqual(repository.savedRevisions, [0, 1, 4]);
});

test('keeps what it could not store in the shadow, from where a restart has it', async (t) => {
  const folder = await temporaryFolder();
  const primary = new GatedRepository(join(folder, 'primary.json'));
  const shadow = (): FileRepository =>
    new FileRepository(join(folder, 'shadow.json'), createStateSerializer(), SILENT);
  const store = await open(t, primary, shadow());
  primary.shut()(new AppError('SM_STATE_UNREACHABLE', 'It is away.'));
  await store.dispatch(create('a'));
  assert.equal(store.persistence.storedRevision, 1);
  assert.match(store.persistence.reason ?? '', /kept in .*shadow\.json/);
  await store.close();

  const restarted = await open(t, primary, shadow());
  assert.equal(restarted.persistence.state, 'degraded');
  assert.equal(restarted.state.scenes.length, 1);
  primary.shut()(null);
  await eventually(() => restarted.persistence.state === 'ok');
  assert.equal(await revisionIn(join(folder, 'primary.json')), 1);
});

test('takes over the state of a store that was away at the start and has a newer one', async (t) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'primary.json');
  await new FileRepository(path, createStateSerializer(), SILENT).save({
    ...emptyState(),
    revision: 40,
    scenes: [sceneOf({ id: 'kept' })],
  });
  const primary = new GatedRepository(path);
  primary.shut()(new AppError('SM_STATE_UNREACHABLE', 'It is away.'));
  const store = await open(t, primary);
  await store.dispatch(create('meanwhile'));
  const applied: string[] = [];
  store.onApplied(({ command }) => applied.push(command.type));
  primary.shut()(null);
  await eventually(() => store.state.revision === 40);
  assert.deepEqual(
    store.state.scenes.map(({ id }) => id),
    ['kept'],
  );
  assert.deepEqual(applied, ['state.adopt']);
  assert.equal(store.persistence.state, 'ok');
  await store.dispatch(create('next'));
  assert.equal(await revisionIn(path), 41);
});

test('does not start over a state that it cannot read', async (t) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'state.json');
  await writeFile(path, 'no state');
  await assert.rejects(
    open(t, new GatedRepository(path)),
    (error) => error instanceof AppError && error.code === 'SM_STATE_UNREADABLE',
  );
  assert.equal(await readFile(path, 'utf8'), 'no state');
});

test('writes at the end what was still to be written, and takes nothing after it', async (t) => {
  const folder = join(await temporaryFolder(), 'data');
  const path = join(folder, 'state.json');
  const store = await open(t, new FileRepository(path, createStateSerializer(), SILENT));
  await rm(folder, { recursive: true });
  await writeFile(folder, 'in the way');
  await store.dispatch(create('a'));
  await rm(folder);
  // The store may just have made it to try again.
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o700);
  await Promise.all([store.close(), store.close()]);
  assert.equal(await revisionIn(path), 1);
  await assert.rejects(
    store.dispatch(create('b')),
    (error) => error instanceof AppError && error.code === 'SM_SHUTTING_DOWN',
  );
});

function isNotDurable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'SM_STATE_NOT_DURABLE';
}

test('tells whether what was answered would outlive a crash', async (t) => {
  const primary = new GatedRepository(join(await temporaryFolder(), 'state.json'));
  const store = await open(t, primary, null, TIMING);
  assert.equal(store.persistence.durable, true);
  const letGo = primary.shut();
  await store.dispatch(create('a'));
  assert.equal(store.persistence.durable, false);
  letGo(null);
  await eventually(() => store.persistence.durable);
});

test('refuses what it cannot store when it must be durable, and is as it was before', async (t) => {
  const path = join(await temporaryFolder(), 'state.json');
  const primary = new GatedRepository(path);
  const store = await open(t, primary, null, TIMING, 'strict');
  await store.dispatch(create('stored'));
  await store.dispatch({ type: 'asset.put', asset: assetOf({ id: 'logo' }) });
  const told: string[] = [];
  store.onApplied(({ command }) => told.push(command.type));
  const letGo = primary.shut();
  const answers = await Promise.allSettled([
    store.dispatch(create('refused')),
    // Builds on the one before.
    store.dispatch({ ...NOW, type: 'scene.patch', sceneId: 'refused', patch: { name: 'x' } }),
    store.dispatch({ type: 'stream.want', wanted: 'live', atMs: 1 }),
    store.dispatch({ type: 'asset.put', asset: assetOf({ id: 'logo', state: 'failed' }) }),
    store.dispatch({ type: 'asset.put', asset: assetOf({ id: 'new' }) }),
  ]);
  assert.deepEqual(
    answers.map((answer) => answer.status === 'fulfilled' || isNotDurable(answer.reason)),
    [true, true, true, true, true],
  );
  assert.deepEqual(
    answers.map(({ status }) => status),
    ['rejected', 'rejected', 'fulfilled', 'fulfilled', 'rejected'],
  );
  // The next one is not even tried, until the store is back.
  await assert.rejects(store.dispatch(create('refused-at-once')), isNotDurable);
  assert.deepEqual(sceneIds(store), ['stored']);
  assert.equal(store.state.stream.wanted, 'live');
  assert.equal(store.head, store.state);
  assert.deepEqual(told, ['stream.want', 'asset.put']);

  // The write that was given up arrives after all, and is written over.
  letGo(null);
  await eventually(() => store.persistence.state === 'ok');
  await store.dispatch(create('next'));
  assert.deepEqual(sceneIds(store), ['stored', 'next']);
  const raw: unknown = JSON.parse(await readFile(path, 'utf8'));
  assert.deepEqual(readState(raw), store.state);
});

test('takes a change that must be durable as long as one of two places stores it', async (t) => {
  const folder = await temporaryFolder();
  const primary = new GatedRepository(join(folder, 'primary.json'));
  const shadow = new GatedRepository(join(folder, 'shadow.json'));
  const store = await open(t, primary, shadow, TIMING, 'strict');
  primary.shut()(new AppError('SM_STATE_UNREACHABLE', 'It is away.'));
  await store.dispatch(create('a'));
  await store.dispatch(create('b'));
  assert.equal(store.persistence.durable, true);
  shadow.shut()(new AppError('SM_STATE_UNWRITABLE', 'It is full.'));
  await assert.rejects(store.dispatch(create('c')), isNotDurable);
  primary.shut()(null);
  await eventually(() => store.persistence.state === 'ok');
  await store.dispatch(create('d'));
  assert.deepEqual(sceneIds(store), ['a', 'b', 'd']);
});
