import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { VideoEvents } from '../../src/api/video-events.js';
import type { Command } from '../../src/state/command.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { until } from '../support/until.js';
import { emptyState, layerOf, sceneOf } from '../state/samples.js';
import { videoAsset } from '../state/video-asset.js';

/** What is told of videos on air. */

const FRAME_RATE = { num: 50, den: 1 };

/** A clock that begins now, and what is told of a state with a video of a second on air. */
function open(loop: boolean | number): {
  told: string[];
  startMs: number;
  apply: (command: Command) => void;
} {
  const startMs = Date.now();
  const told: string[] = [];
  const anchor = { frame: 0, wallTimeMs: startMs, programTimeMs: startMs, stepMs: 0 };
  const events = new VideoEvents({
    publish: ({ type, data }) =>
      told.push(`${type} ${String(data['layerId'])} ${String(data['frame'])}`),
    clock: () => ({
      frameRate: FRAME_RATE,
      startedAtMs: startMs,
      firstDueNs: 0n,
      leadMs: 0,
      anchor,
    }),
    now: () => Date.now(),
  });
  after(() => {
    events.close();
  });
  let state: ServiceState = emptyState();
  const apply = (command: Command): void => {
    state = reduce(state, command).state;
    events.follow(state);
  };
  apply({ type: 'asset.put', asset: videoAsset('intro', 1000) });
  const layer = layerOf({ id: 'clip', type: 'video', asset: 'intro', loop });
  apply({ type: 'scene.create', scene: { ...sceneOf({ id: 'a' }), layers: [layer] } });
  apply({ type: 'scene.activate', sceneId: 'a', atMs: startMs, transition: null });
  return { told, startMs, apply };
}

test('beginning, repetition and end of a video are told once, each with its frame', async () => {
  const { told } = open(2);
  await until('it is over', () => told.length === 3);
  await sleep(1200);
  assert.deepEqual(told, ['video.started clip 0', 'video.looped clip 50', 'video.ended clip 100']);
});

test('a video that stands does not end, and one that is sought ends sooner', async () => {
  const { told, startMs, apply } = open(false);
  const control = { type: 'video.control', sceneId: 'a', layerId: 'clip' } as const;
  apply({ ...control, action: { type: 'pause' }, atMs: startMs + 100 });
  await sleep(1300);
  assert.deepEqual(told, ['video.started clip 0']);
  apply({ ...control, action: { type: 'seek', positionMs: 600 }, atMs: startMs + 1400 });
  apply({ ...control, action: { type: 'resume' }, atMs: startMs + 1400 });
  await until('it is over', () => told.length === 2);
  assert.deepEqual(told, ['video.started clip 0', 'video.ended clip 90']);
});
