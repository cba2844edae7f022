import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AppError } from '../../src/core/errors.js';
import { SceneSchema } from '../../src/scene/schema/scene.js';
import { SceneTransitionSchema } from '../../src/scene/schema/scene-transition.js';
import type { Command } from '../../src/state/command.js';
import {
  createVolatileStore,
  makeJpeg,
  makePng,
  openFixture,
  sceneCommand,
  waitForAsset,
} from '../assets/fixture.js';
import { runProcess } from '../support/process.js';
import { answer, startHttpServer, type HttpServer } from '../support/http-server.js';

let server: HttpServer;
const pictures = new Map<string, Buffer>();

before(async () => {
  for (const name of ['a', 'b', 'c', 'd']) {
    pictures.set(`/${name}`, await makeJpeg(200 + name.charCodeAt(0), 200));
  }
  server = await startHttpServer((request, response) => {
    answer(response, 200, {}, pictures.get(request.url ?? '') ?? '');
  });
});
after(() => server.close());

const isReady = ({ state }: { state: string }): boolean => state === 'ready';
const isPending = ({ state }: { state: string }): boolean => state === 'pending';

function sizeOf(...names: string[]): number {
  return names.reduce((sum, name) => sum + (pictures.get(`/${name}`)?.length ?? 0), 0);
}

function isStorageError(error: unknown): boolean {
  return error instanceof AppError && error.code === 'SM_ASSET_STORAGE';
}

test('throws out what nobody shows and can be fetched again, longest unused first', async () => {
  const fixture = await openFixture({
    cdnBaseUrl: server.origin,
    cacheLimitBytes: sizeOf('a', 'b', 'c') + 1000,
  });
  const { store, assets, folder } = fixture;
  const register = async (id: string): Promise<void> => {
    await assets.register({ id, name: '', url: id });
    await waitForAsset(store, id, isReady);
  };
  try {
    await assets.upload({ id: 'own', name: '', bytes: await makePng(4, 4) });
    await register('a');
    await store.dispatch(sceneCommand('main', ['a']));
    await register('b');
    await register('c');
    await assets.content('b');
    await register('d');
    const evicted = await waitForAsset(store, 'c', isPending);
    assert.deepEqual([evicted.contentHash, evicted.width], [null, null]);
    for (const id of ['own', 'a', 'b', 'd']) assert.ok((await assets.content(id)).bytes > 0);

    await store.dispatch(sceneCommand('second', ['c']));
    await waitForAsset(store, 'c', isReady);
    await waitForAsset(store, 'b', isPending);

    const large = await makeJpeg(400, 300);
    await assert.rejects(assets.upload({ id: null, name: '', bytes: large }), isStorageError);
    assert.deepEqual(await readdir(join(folder, 'tmp')), []);
  } finally {
    await fixture.close();
  }
});

const STINGER = SceneTransitionSchema.parse({ type: 'stinger', asset: 'a' });

/** Ways in which a picture comes into use without a change of a scene. */
const WAYS: Readonly<Record<string, Command>> = {
  'a variable': { type: 'variables.set', values: { picture: 'a' }, atMs: 0, transition: null },
  'the transition of all scenes': { type: 'transition.default', transition: STINGER },
  'the transition of two scenes': {
    type: 'transition.put',
    from: 'first',
    to: 'second',
    transition: STINGER,
  },
  'a scene that goes on air': {
    type: 'scene.activate',
    sceneId: 'second',
    atMs: 0,
    transition: STINGER,
  },
};

for (const [way, command] of Object.entries(WAYS))
  test(`fetches again what comes into use by ${way}`, async () => {
    const fixture = await openFixture({
      cdnBaseUrl: server.origin,
      cacheLimitBytes: sizeOf('b') + 1000,
    });
    const { store, assets } = fixture;
    try {
      const shown = { id: 'l', type: 'image', asset: 'none', bindings: { asset: 'picture' } };
      const scene = SceneSchema.parse({ id: 'first', layers: [shown] });
      await store.dispatch({ type: 'scene.create', scene });
      await store.dispatch({ type: 'scene.create', scene: SceneSchema.parse({ id: 'second' }) });
      const moment = { atMs: 0, transition: null };
      await store.dispatch({ type: 'scene.activate', sceneId: 'first', ...moment });
      for (const id of ['a', 'b']) {
        await assets.register({ id, name: '', url: id });
        await waitForAsset(store, id, isReady);
      }
      await waitForAsset(store, 'a', isPending);
      await store.dispatch(command);
      await waitForAsset(store, 'a', isReady);
    } finally {
      await fixture.close();
    }
  });

test('finds after a restart what is there, fetches what is missing and names what is lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sm-assets-'));
  const store = createVolatileStore();
  const options = { store, cacheDir: folder, cdnBaseUrl: server.origin };
  try {
    const first = await openFixture(options);
    await first.assets.upload({ id: 'kept', name: '', bytes: await makePng(5, 4) });
    await first.assets.upload({ id: 'lost', name: '', bytes: await makePng(6, 4) });
    await first.assets.register({ id: 'b', name: '', url: 'b' });
    await waitForAsset(store, 'b', isReady);
    const lost = await first.assets.content('lost');
    const fetched = await first.assets.content('b');
    await first.close();
    await rm(lost.path);
    await rm(fetched.path);

    const second = await openFixture(options);
    assert.ok((await second.assets.content('kept')).bytes > 0);
    const record = await waitForAsset(store, 'lost', ({ state }) => state === 'failed');
    assert.match(record.error ?? '', /missing from the cache.*upload it again/);
    assert.equal((await waitForAsset(store, 'b', isReady)).contentHash, fetched.contentHash);
    await second.close();

    // Without its records everything in the folder is nobody's.
    const third = await openFixture({ cacheDir: folder });
    await third.close();
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    assert.deepEqual(
      files.filter((file) => file.isFile()),
      [],
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('says clearly that the disk is full, and leaves nothing half-written', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sm-assets-'));
  const mounted = await runProcess('mount', [
    '-t',
    'tmpfs',
    '-o',
    'size=256k',
    'tmpfs',
    folder,
  ]).catch(() => null);
  if (mounted?.code !== 0) {
    await rm(folder, { recursive: true, force: true });
    t.skip('a small disk cannot be mounted here');
    return;
  }
  const fixture = await openFixture({ cacheDir: folder });
  const { assets, store } = fixture;
  try {
    await assets.upload({ id: 'small', name: '', bytes: await makePng(4, 4) });
    await assert.rejects(
      assets.upload({ id: 'large', name: '', bytes: await makeJpeg(1200, 900) }),
      (error) =>
        isStorageError(error) && error instanceof AppError && /disk is full/.test(error.message),
    );
    assert.deepEqual(await readdir(join(folder, 'tmp')), []);
    assert.deepEqual(
      store.state.assets.map(({ id }) => id),
      ['small'],
    );
    assert.ok((await assets.content('small')).bytes > 0);
  } finally {
    await fixture.close();
    await runProcess('umount', [folder]);
    await rm(folder, { recursive: true, force: true });
  }
});

test('says at the start when the folder of the cache cannot be made', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sm-assets-'));
  try {
    await writeFile(join(folder, 'file'), '');
    await assert.rejects(openFixture({ cacheDir: join(folder, 'file', 'cache') }), isStorageError);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
