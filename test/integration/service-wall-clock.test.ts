import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { BUILD_ROOT } from '../../src/core/paths.js';
import { Service, SMALL_STREAM } from '../support/service.js';
import type { WallClockSetting } from '../support/settable-wall-clock.js';
import { viewStream, type StreamView } from '../support/stream-view.js';

const FPS = 30;
const STEP_MS = 30_000;
const DRIFT_PPM = 200;
const HOOK = pathToFileURL(join(BUILD_ROOT, 'test', 'support', 'settable-wall-clock.js')).href;

let service: Service;
let view: StreamView;
let stepMs = 0;
before(async () => {
  service = await Service.prepare({
    ...SMALL_STREAM,
    NODE_OPTIONS: `--import=${HOOK}`,
  });
  const path = join(service.folder, 'wall-clock.json');
  set({ stepMs: 0, driftPpm: 0, sinceMs: Date.now() });
  await service.start({ SETTABLE_WALL_CLOCK: path });
  await service.show({ id: 'clock', background: '#000000', layers: [] });
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
  view = viewStream(service.playUrl);
});
after(async () => {
  await view.close();
  await service.close();
});

/** Sets the wall clock of all threads of the service, whole at once. */
function set(setting: WallClockSetting): void {
  const path = join(service.folder, 'wall-clock.json');
  writeFileSync(`${path}.new`, JSON.stringify(setting));
  renameSync(`${path}.new`, path);
}

function step(byMs: number): void {
  stepMs += byMs;
  set({ stepMs, driftPpm: 0, sinceMs: Date.now() });
}

/** What the service takes for the hour of day. */
function wallNow(): number {
  return Date.now() + stepMs;
}

/** A batch that paints the scene; scheduled for a wall-clock moment. */
async function schedule(id: string, atMs: number, background: string): Promise<void> {
  const operations = [{ method: 'scenes.update', params: { id: 'clock', background } }];
  const at = { time: new Date(atMs).toISOString() };
  const { json } = await service.must('POST', '/api/batch', { id, at, operations });
  assert.equal(json['state'], 'scheduled', JSON.stringify(json));
}

async function stateOf(id: string): Promise<unknown> {
  return (await service.must('GET', `/api/batches/${id}`)).json['state'];
}

/** Slots of the clock, and those that time by the monotonic clock gives, since a status. */
async function slotsSince(status: Awaited<ReturnType<Service['status']>>): Promise<{
  readonly slots: number;
  readonly due: number;
}> {
  const now = await service.status();
  await service.ledger();
  return {
    slots: now.frames.clock - status.frames.clock,
    due: ((now.uptimeMs - status.uptimeMs) * FPS) / 1000,
  };
}

test('a wall clock that is set makes countdowns and batches follow it, and costs no slot', async () => {
  const before = await service.status();
  await service.must('POST', '/api/scenes/clock/layers', {
    id: 'left',
    type: 'countdown',
    to: new Date(wallNow() + STEP_MS).toISOString(),
    onEnd: 'hide',
    fontSize: 600,
    color: '#ffffff',
    x: 100,
    y: 200,
  });
  await view.until('the countdown is seen', (seen) => seen.brightPixels(200) > 20);

  // Due ten seconds from now, which have been skipped.
  await schedule('skipped', wallNow() + 10_000, '#004000');
  step(STEP_MS);
  await service.until('the batch is on air', async () => (await stateOf('skipped')) === 'applied');
  await view.until('the countdown is over, the batch seen', (seen) => {
    const [, green] = seen.colorAt(0.02, 0.02) ?? [0, 0, 0];
    return seen.brightPixels(200) === 0 && green > 30;
  });

  // Due two seconds from now, which are 32 after the clock was put back.
  await schedule('put-back', wallNow() + 2000, '#400000');
  step(-STEP_MS);
  await view.until('the countdown goes on', (seen) => seen.brightPixels(200) > 20);
  await sleep(4000);
  assert.equal(await stateOf('put-back'), 'scheduled');
  step(STEP_MS);
  await service.until(
    'the other batch is on air',
    async () => (await stateOf('put-back')) === 'applied',
  );
  await view.until('it is seen', (seen) => (seen.colorAt(0.02, 0.02)?.[0] ?? 0) > 30);

  const { slots, due } = await slotsSince(before);
  assert.ok(Math.abs(slots - due) <= FPS, `${slots} slots, ${due} by time`);
});

test('a wall clock that drifts is followed by batches, and the frames go on by time', async () => {
  const before = await service.status();
  // Drift that has come about for an hour: 720 ms, which is more than a batch may be off.
  const sinceMs = Date.now() - 3_600_000;
  set({ stepMs, driftPpm: DRIFT_PPM, sinceMs });
  const aheadMs = (3_600_000 * DRIFT_PPM) / 1e6;
  await sleep(3000);
  const dueMs = wallNow() + aheadMs + 2000;
  await schedule('drifted', dueMs, '#000040');
  await service.until('it is on air', async () => (await stateOf('drifted')) === 'applied');
  const nowMs = wallNow() + aheadMs;
  assert.ok(nowMs >= dueMs - 50, `on air ${dueMs - nowMs} ms before its time`);
  const { slots, due } = await slotsSince(before);
  assert.ok(Math.abs(slots - due) <= FPS, `${slots} slots, ${due} by time`);
});
