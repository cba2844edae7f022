import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/core/errors.js';
import { migrate, readState } from '../../src/state/migrate.js';
import { reduce } from '../../src/state/reduce.js';
import { settleState } from '../../src/state/settle.js';
import { emptyState, outputOf, sceneOf, SETTINGS } from './samples.js';

test('starts empty, with the built-in output and the one of STREAM_URL', () => {
  const state = settleState(null, {
    ...SETTINGS,
    rtmpPort: 1935,
    rtmpPlayKey: null,
    streamUrl: 'rtmp://host/app/key',
  });
  assert.equal(state.revision, 0);
  assert.deepEqual(
    state.outputs.map(({ id, url, builtIn }) => [id, url, builtIn]),
    [
      ['program', 'rtmp://127.0.0.1:1935/live/program', true],
      ['stream-url', 'rtmp://host/app/key', false],
    ],
  );
  assert.deepEqual(readState(JSON.parse(JSON.stringify(state))), state);
});

test('leaves a stored state alone when the environment says nothing new', () => {
  const stored = settleState(null, { ...SETTINGS, rtmpPort: 1935 });
  assert.equal(settleState(stored, { ...SETTINGS, rtmpPort: 1935 }), stored);
});

test('keeps the stored configuration, but for variables that are set', () => {
  const { state: stored } = reduce(emptyState(), {
    type: 'config.patch',
    patch: { bitrate: 1_000_000, fps: { num: 25, den: 1 } },
  });
  const stream = { ...SETTINGS.stream, bitrate: 2_000_000 };
  const settled = settleState(stored, {
    ...SETTINGS,
    stream,
    explicitStream: { bitrate: 2_000_000 },
  });
  assert.equal(settled.config.bitrate, 2_000_000);
  assert.deepEqual(settled.config.fps, { num: 25, den: 1 });
  assert.equal(settled.revision, stored.revision + 1);
});

test('follows STREAM_URL and RTMP_PORT, and keeps what users have made and switched', () => {
  const settings = { ...SETTINGS, rtmpPort: 1935, streamUrl: 'rtmp://host/app/key' };
  let state = settleState(null, settings);
  state = reduce(state, { type: 'output.create', output: outputOf({ id: 'mine' }) }).state;
  const off = { enabled: false };
  state = reduce(state, { type: 'output.patch', outputId: 'stream-url', patch: off }).state;
  const moved = settleState(state, {
    ...settings,
    rtmpPort: 1936,
    streamUrl: 'rtmp://host/app/new',
  });
  assert.deepEqual(
    moved.outputs.map(({ id, url, enabled }) => [id, url, enabled]),
    [
      ['program', 'rtmp://127.0.0.1:1936/live/program', true],
      ['stream-url', 'rtmp://host/app/new', false],
      ['mine', 'rtmp://live.example.org/app/secret-key', true],
    ],
  );
  const without = settleState(moved, SETTINGS);
  assert.deepEqual(
    without.outputs.map(({ id }) => id),
    ['mine'],
  );
});

test('puts nothing on air when the scene that was is not there', () => {
  const stored = { ...emptyState(), program: { sceneId: 'gone', takenAtMs: 3, transition: null } };
  assert.equal(settleState(stored, SETTINGS).program.sceneId, null);
});

test('takes an older state from version to version', () => {
  const migrations = new Map([
    [1, (raw: Readonly<Record<string, unknown>>) => ({ ...raw, trail: 'one' })],
    [
      2,
      (raw: Readonly<Record<string, unknown>>) => ({
        ...raw,
        trail: `${String(raw['trail'])} two`,
      }),
    ],
  ]);
  assert.deepEqual(migrate({ version: 1 }, migrations, 3), { version: 3, trail: 'one two' });
  assert.deepEqual(migrate({ version: 3, x: 1 }, migrations, 3), { version: 3, x: 1 });
});

test('refuses a newer state, and what is no state', () => {
  const code = (raw: unknown): string => {
    try {
      readState(raw);
    } catch (error) {
      return error instanceof AppError ? error.code : String(error);
    }
    return 'accepted';
  };
  assert.equal(code({ ...emptyState(), version: 2 }), 'SM_STATE_VERSION');
  const scene = { ...sceneOf({ id: 'a' }), extra: 1 };
  for (const raw of [null, [], 'text', {}, { version: '1' }, { version: 0 }, { version: 1 }]) {
    assert.equal(code(raw), 'SM_STATE_UNREADABLE', JSON.stringify(raw));
  }
  assert.equal(code({ ...emptyState(), scenes: [scene] }), 'SM_STATE_UNREADABLE');
});
