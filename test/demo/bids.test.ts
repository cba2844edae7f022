import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { parseConfig } from '../../src/config.js';
import { createLogger } from '../../src/core/logger.js';
import { DemoBids } from '../../src/demo/bids.js';
import { putDemoOnAir } from '../../src/demo/first-start.js';
import { openStateStore } from '../../src/state/open-store.js';
import { assetOf } from '../state/samples.js';
import { sceneFrom } from '../support/engine.js';

const folder = await mkdtemp(join(tmpdir(), 'sm-bids-'));
after(() => rm(folder, { recursive: true }));

const AUDIO = { durationMs: 300, samples: 14_400, channels: 2, rateHz: 48_000 };
const UNTAGGED = { codec: null, title: null, artist: null, album: null };

const Clip = z.looseObject({ id: z.string() });

/** What was played, as soon as it was: its id, and milliseconds since the demo has been on air. */
type Played = readonly [clipId: string, atMs: number];

/** The demo on air, in a service that is running or not. */
async function open(name: string, isRunning: boolean) {
  const { stream, explicitStream } = parseConfig({});
  const store = await openStateStore({
    dataDir: join(folder, name),
    redisUrl: null,
    redisPrefix: '',
    durability: 'relaxed',
    logger: createLogger('silent', 'test'),
    settings: { stream, explicitStream, streamUrl: null, rtmpPort: 0, rtmpPlayKey: null },
  });
  const audio = { ...AUDIO, ...UNTAGGED };
  for (const id of ['demo-music', 'demo-bid'])
    await store.dispatch({ type: 'asset.put', asset: assetOf({ id, kind: 'audio', audio }) });
  const startMs = Date.now();
  await putDemoOnAir(store, startMs);
  const played: Played[] = [];
  store.onApplied(({ command }) => {
    if (command.type === 'sound.clip.play')
      played.push([Clip.parse(command.clip).id, command.atMs - startMs]);
  });
  const bids = new DemoBids({ store, now: () => Date.now(), isRunning: () => isRunning });
  return { store, bids, played };
}

test('every bid of the demo is played in its second, and never before it is seen', async () => {
  const { store, bids, played } = await open('running', true);
  while (played.length < 2) await sleep(50);
  bids.close();
  for (const [clipId, atMs] of played) {
    const second = Number(clipId.slice('bid-'.length)) - 12;
    // 20 ms is what it takes to be heard; a timer may be a millisecond early, and late on a busy machine.
    assert.ok(atMs >= second * 1000 - 22 && atMs < second * 1000 + 900, `${clipId}: ${atMs} ms`);
  }
  await store.close();
});

test('no bid is played while the stream is off, nor when another scene is on air', async () => {
  const off = await open('off', false);
  const other = await open('other', true);
  await other.store.dispatch({ type: 'scene.create', scene: sceneFrom({ id: 'mine' }) });
  const atMs = Date.now();
  await other.store.dispatch({ type: 'scene.activate', sceneId: 'mine', atMs, transition: null });
  await sleep(1500);
  assert.deepEqual([...off.played, ...other.played], []);
  for (const { bids, store } of [off, other]) {
    bids.close();
    await store.close();
  }
});
