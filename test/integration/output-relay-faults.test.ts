import assert from 'node:assert/strict';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { originFrameFor } from '../../src/output/encoder.js';
import { pull, type Pull } from '../support/media.js';
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.js';
import { freePort } from '../support/ports.js';
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

test('bad addresses and refusals are explained without the key', async () => {
  const port = await freePort();
  const rig = await start({
    targets: [
      { id: 'refused', url: `rtmp://127.0.0.1:${port}/live/hidden-key` },
      { id: 'denied', url: `rtmp://127.0.0.1:${nginx.port}/closed/hidden-key?token=hidden-token` },
      { id: 'unknown', url: 'rtmp://nowhere.invalid/live/hidden-key' },
      { id: 'wrong', url: 'ftp://127.0.0.1/live/hidden-key' },
    ],
  });
  const error = (id: string): string => rig.status(id)?.lastError ?? '';
  await until('all have failed', () =>
    ['refused', 'denied', 'unknown', 'wrong'].every((id) => error(id) !== ''),
  );
  assert.match(error('refused'), /refuses connections/);
  assert.match(error('denied'), /stream key/);
  assert.match(error('unknown'), /cannot be resolved|does not respond/);
  assert.match(error('wrong'), /must be an RTMP address/);
  for (const id of ['refused', 'denied', 'unknown', 'wrong'])
    assert.doesNotMatch(error(id), /hidden/);
  assert.equal(rig.status('wrong')?.state, 'idle');
});

/** A server for single connections on a port of its own, closed with everything that is connected. */
async function serve(onConnection: (socket: Socket) => void): Promise<AddressInfo> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address;
}

test('servers that never read, or stop reading, are noticed and left, at no cost to the others', async () => {
  const silent = await serve((socket) => socket.pause());
  let isStuck = false;
  const sticky = await serve((socket) => {
    const upstream = connect(nginx.port, '127.0.0.1').on('error', () => undefined);
    cleanUps.push(() => Promise.resolve(void upstream.destroy()));
    upstream.pipe(socket);
    socket.on('data', (data) => {
      if (isStuck) socket.pause();
      else upstream.write(data);
    });
  });
  const rig = await start({
    targets: [
      { id: 'silent', url: `rtmp://127.0.0.1:${silent.port}/live/key` },
      { id: 'sticky', url: `rtmp://127.0.0.1:${sticky.port}/live/sticky` },
      { id: 'a', url: nginx.url('a') },
    ],
    bitrateBps: 8_000_000,
  });
  await Promise.all([isLive(rig, 'a'), isLive(rig, 'sticky')]);
  isStuck = true;
  const error = (id: string): string => rig.status(id)?.lastError ?? '';
  // After a dozen seconds and half a dozen, counted in turns that a busy machine makes longer.
  await until('both are noticed', () => error('silent') !== '' && error('sticky') !== '', 90_000);
  assert.match(error('silent'), /does not respond/);
  assert.match(error('sticky'), /stopped accepting data/);
  assert.deepEqual(
    [rig.status('a')?.state, rig.status('a')?.reconnects, rig.status('a')?.droppedFrames],
    ['live', 0, 0],
  );
});

test('goes on when the time stamps of MPEG-TS wrap after 26.5 hours', async () => {
  const wrapFrame = Math.floor((2 ** 33 / 90_000) * 30);
  const rig = await start({
    targets: [{ id: 'a', url: nginx.url('a') }],
    originFrame: wrapFrame - originFrameFor({ num: 30, den: 1 }) - 60,
  });
  await isLive(rig, 'a');
  const player = watch(nginx.url('a'));
  await until('the wrap is passed', () => rig.counts.due >= 210);
  assert.equal(rig.status('a')?.reconnects, 0);
  assert.equal(await nginx.publishCount(), 1);
  const packets = await player.packets();
  const left = rig.counts.due - rig.counts.taken;
  for (const type of ['video', 'audio'] as const) {
    const times = packets.filter((packet) => packet.type === type).map(({ seconds }) => seconds);
    const steps = times.slice(1).map((time, index) => time - (times[index] ?? time));
    assert.ok(times.length > 60, `${type}: ${times.length} packets`);
    // A frame that was due and that the encoder could not take is a hole of its length.
    assert.ok(
      steps.every((step) => step > 0 && step < 0.1 + left / 30),
      `${type}: ${Math.min(...steps)} to ${Math.max(...steps)}, ${left} frames left out`,
    );
  }
});
