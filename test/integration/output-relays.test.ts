import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { pull, type Pull } from '../support/media.js';
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.js';
import { createOutputRig, type OutputRig, type OutputRigOptions } from '../support/output-rig.js';
import { until } from '../support/until.js';

let nginx: NginxRtmp;
let cleanUps: (() => Promise<void>)[] = [];

beforeEach(async () => {
  nginx = await startNginxRtmp();
  cleanUps = [() => nginx.close()];
});
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

async function start(options: OutputRigOptions): Promise<OutputRig> {
  const rig = await createOutputRig(options);
  cleanUps.push(() => rig.close());
  await rig.start();
  return rig;
}

function watch(url: string): Pull {
  const player = pull(url);
  cleanUps.push(() => player.stop());
  return player;
}

async function isLive(rig: OutputRig, id: string): Promise<void> {
  await until(`${id} is live`, () => rig.status(id)?.state === 'live');
}

async function receivesMore(player: Pull, bytes = 50_000): Promise<void> {
  const before = player.bytes.length;
  await until('the player receives', () => player.bytes.length > before + bytes);
}

test('the RTMP session survives when the encoder is killed', async () => {
  const rig = await start({ targets: [{ id: 'a', url: nginx.url('a') }] });
  await isLive(rig, 'a');
  const player = watch(nginx.url('a'));
  await receivesMore(player);
  const before = rig.encoder.pid;
  assert.ok(before !== null);
  process.kill(before, 'SIGKILL');
  await until('another encoder runs', () => rig.encoder.restarts === 1);
  await receivesMore(player, 150_000);
  assert.ok(player.isRunning);
  assert.equal(await nginx.publishCount(), 1);
  assert.equal(rig.status('a')?.reconnects, 0);
  const video = (await player.packets()).filter(({ type }) => type === 'video');
  const times = video.map(({ seconds }) => seconds);
  assert.ok(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0)));
});

test('a destination that dies comes back on a keyframe, and the others notice nothing', async () => {
  const other = await startNginxRtmp();
  cleanUps.push(() => other.close());
  const rig = await start({
    targets: [
      { id: 'a', url: nginx.url('a') },
      { id: 'b', url: other.url('b') },
    ],
  });
  await Promise.all([isLive(rig, 'a'), isLive(rig, 'b')]);
  const player = watch(nginx.url('a'));
  await receivesMore(player);
  await other.kill();
  await until('the loss is noticed', () => rig.status('b')?.state === 'waiting');
  assert.match(rig.status('b')?.lastError ?? '', /closed the connection|refuses connections/);
  await other.restart();
  await until('it is back', () => rig.status('b')?.state === 'live');
  assert.equal(rig.status('b')?.reconnects, 1);
  const again = watch(other.url('b'));
  await receivesMore(again, 20_000);
  const back = (await again.packets()).find(({ type }) => type === 'video');
  assert.equal(back?.isKeyframe, true);
  await receivesMore(player);
  assert.deepEqual(
    [rig.status('a')?.state, rig.status('a')?.reconnects, rig.status('a')?.droppedFrames],
    ['live', 0, 0],
  );
  assert.equal(await nginx.publishCount(), 1);
  assert.equal(rig.encoder.restarts, 0);
});

test('adding, changing and removing one leaves the others connected', async () => {
  const rig = await start({ targets: [{ id: 'a', url: nginx.url('a') }] });
  await isLive(rig, 'a');
  const a = { id: 'a', url: nginx.url('a') };
  rig.outputs.setTargets([a, { id: 'b', url: nginx.url('b1') }]);
  await isLive(rig, 'b');
  rig.outputs.setTargets([a, { id: 'b', url: nginx.url('b2') }]);
  await until('three have published', async () => (await nginx.publishCount()) === 3);
  rig.outputs.setTargets([a]);
  await receivesMore(watch(nginx.url('a')));
  assert.equal(await nginx.publishCount(), 3);
  assert.equal(rig.status('a')?.reconnects, 0);
});
