import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import { BUILD_ROOT } from '../../src/core/paths.js';
import { pull, type Pull } from '../support/media.js';
import { MOVING_SCENE } from '../support/scenes.js';
import { Service, SMALL_STREAM } from '../support/service.js';
import { timelineOf } from '../support/stream-view.js';

const FPS = 30;
/** What holds up the encoder on a busy machine does so now and then; what the main thread holds up, every time. */
const TRIES = 4;
const BLOCKER = pathToFileURL(join(BUILD_ROOT, 'test', 'support', 'block-main-thread.js')).href;

let service: Service;
let player: Pull;
before(async () => {
  service = await Service.start({ ...SMALL_STREAM, NODE_OPTIONS: `--import=${BLOCKER}` });
  await service.show(MOVING_SCENE);
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
  player = pull(service.playUrl);
  await service.until('the player receives', () => player.bytes.length > 50_000);
});
after(async () => {
  await player.stop();
  await service.close();
});

/** Blocks the main thread for two seconds and answers what the clock and the stream have done meanwhile. */
async function block(round: number): Promise<{
  readonly slots: number;
  readonly dueSlots: number;
  readonly skipped: number;
  readonly missing: number;
  readonly longestGapSeconds: number;
}> {
  const before = await service.status();
  const fromSeconds = timelineOf(await player.packets(), FPS).lastSeconds;
  service.signal('SIGWINCH');
  await service.until('the block is over', () => {
    return (service.output.match(/blocked for \d+ ms/g)?.length ?? 0) > round;
  });
  // The figures of the time of the block reach the main thread after it.
  await service.until('newer figures are there', async () => {
    return (await service.status()).frames.clock >= before.frames.clock + 2 * FPS;
  });
  const after = await service.status();
  const toSeconds = fromSeconds + 2.5;
  await service.until('the player has the time of the block', async () => {
    return timelineOf(await player.packets(), FPS).lastSeconds > toSeconds;
  });
  const { missing, longestGapSeconds } = timelineOf(
    await player.packets(),
    FPS,
    fromSeconds,
    toSeconds,
  );
  return {
    slots: after.frames.clock - before.frames.clock,
    dueSlots: ((after.uptimeMs - before.uptimeMs) * FPS) / 1000,
    skipped: after.frames.skipped - before.frames.skipped,
    missing,
    longestGapSeconds,
  };
}

test('a main thread that is blocked for two seconds costs not one frame', async () => {
  for (let round = 0; ; round++) {
    const { slots, dueSlots, skipped, missing, longestGapSeconds } = await block(round);
    const seen = JSON.stringify({ slots, dueSlots, skipped, missing, longestGapSeconds });
    assert.ok(Math.abs(slots - dueSlots) <= 2, `the clock has gone on as time has: ${seen}`);
    assert.ok(slots >= 2 * FPS, seen);
    await service.ledger();
    if (skipped === 0 && missing === 0) break;
    assert.ok(round + 1 < TRIES, `frames are missing: ${seen}`);
  }
  const { isForward } = timelineOf(await player.packets(), FPS);
  assert.ok(isForward && player.isRunning);
  const [, blockedMs] = /blocked for (\d+) ms/.exec(service.output) ?? [];
  assert.ok(Number(blockedMs) >= 1990, `it was blocked for ${blockedMs ?? 'no'} ms`);
});
