import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { afterEach, test } from 'node:test';
import { AppError } from '../../src/core/errors.js';
import { THREAD_FAULTS } from '../../src/core/heartbeat.js';
import { createLogger } from '../../src/core/logger.js';
import {
  createRtmpServer,
  type RtmpServerHandle,
} from '../../src/output/rtmp-server/rtmp-server.js';
import { grabFrame, probeStreams, pull } from '../support/media.js';
import { isListening } from '../support/ports.js';
import { until } from '../support/until.js';

const logger = createLogger('silent', 'test');
let cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  cleanUps = [];
});

async function serve(playKey: string | null = null): Promise<RtmpServerHandle> {
  const server = await createRtmpServer({
    host: '127.0.0.1',
    port: 0,
    playKey,
    logger,
    logLevel: 'silent',
  });
  cleanUps.push(() => server.close());
  return server;
}

/** Publishes a test picture in real time, or as fast as it goes; ended with the test. */
function publish(url: string, colour: string, isRealTime = true): ChildProcess {
  const paced = isRealTime ? ['-re'] : [];
  const source = ['-f', 'lavfi', '-i', `color=${colour}:size=320x180:rate=30,noise=alls=20:allf=t`];
  const child = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-nostdin', ...paced, ...source, '-f', 'lavfi', '-i', 'anullsrc'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30'],
      ...['-b:v', isRealTime ? '500k' : '40M', '-qmin', '1', '-c:a', 'aac', '-f', 'flv', url],
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => child.once('close', resolve));
  cleanUps.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return child;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

test('players get picture and sound of what the service publishes', async () => {
  const server = await serve();
  publish(server.publishUrl, 'red');
  const streams = await probeStreams(server.playUrl);
  assert.deepEqual(streams.map(({ codec_name }) => codec_name).sort(), ['aac', 'h264']);
  const png = await grabFrame(server.playUrl);
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
});

test('nobody else can publish, and what they send is seen by nobody', async () => {
  const server = await serve();
  publish(server.publishUrl, 'red');
  await probeStreams(server.playUrl);
  const player = pull(server.playUrl);
  cleanUps.push(() => player.stop());
  const wrongSecret = server.publishUrl.replace(/secret=.{8}/, 'secret=00000000');
  const intruders = [
    publish(server.playUrl, 'blue'),
    publish(wrongSecret, 'blue'),
    publish(server.publishUrl.replace('/program', '/other'), 'blue'),
  ];
  await until('they are turned away', () => intruders.every(hasEnded));
  const before = player.bytes.length;
  await until('the player goes on', () => player.bytes.length > before + 20_000);
  const times = (await player.packets())
    .filter(({ type }) => type === 'video')
    .map(({ seconds }) => seconds);
  assert.ok(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0)));
});

test('the newest publisher with the secret is the right one', async () => {
  const server = await serve();
  const first = publish(server.publishUrl, 'red');
  await probeStreams(server.playUrl);
  const second = publish(server.publishUrl, 'green');
  await until('the first is turned out', () => hasEnded(first));
  assert.equal((await probeStreams(server.playUrl)).length, 2);
  assert.ok(!hasEnded(second));
});

test('a publisher that comes back is taken at once, and time goes on for those who watch', async () => {
  const server = await serve();
  const first = publish(server.publishUrl, 'red');
  await probeStreams(server.playUrl);
  const player = pull(server.playUrl);
  cleanUps.push(() => player.stop());
  await until('the player receives', () => player.bytes.length > 20_000);
  first.kill('SIGKILL');
  await until('it is gone', () => hasEnded(first));
  const before = player.bytes.length;
  publish(server.publishUrl, 'green');
  await until('the player receives again', () => player.bytes.length > before + 30_000);
  assert.ok(player.isRunning);
  for (const type of ['video', 'audio'] as const) {
    const times = (await player.packets())
      .filter((packet) => packet.type === type)
      .map(({ seconds }) => seconds);
    assert.ok(
      times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0)),
      type,
    );
  }
});

test('garbage and silence on the port harm nobody', async () => {
  const server = await serve();
  publish(server.publishUrl, 'red');
  await probeStreams(server.playUrl);
  const player = pull(server.playUrl);
  cleanUps.push(() => player.stop());
  const handshake = Buffer.alloc(1 + 1536 + 1536, 3);
  const badConnect = Buffer.concat([
    Buffer.from('03000000000022140000000002', 'hex'),
    Buffer.from('0007636f6e6e656374003ff0000000000000030005746355726c020003787878000009', 'hex'),
  ]);
  const hugeMessage = Buffer.from('0500000000ffffff0900000000', 'hex');
  for (const bytes of [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.alloc(20_000, 0xff),
    Buffer.concat([handshake, badConnect]),
    Buffer.concat([handshake, hugeMessage, hugeMessage]),
  ]) {
    const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
    socket.write(bytes);
    cleanUps.push(() => Promise.resolve(void socket.destroy()));
  }
  const before = player.bytes.length;
  await until('the player goes on', () => player.bytes.length > before + 30_000);
  assert.ok(player.isRunning);
});

test('a player that stops reading is disconnected', async () => {
  const server = await serve();
  publish(server.publishUrl, 'gray', false);
  const player = spawn(
    'ffmpeg',
    ['-v', 'error', '-nostdin', '-i', server.playUrl, '-c', 'copy', '-f', 'null', '-'],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => player.once('close', resolve));
  cleanUps.push(async () => {
    player.kill('SIGKILL');
    await ended;
  });
  await probeStreams(server.playUrl);
  player.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 3000));
  player.kill('SIGCONT');
  await until('it finds itself disconnected', () => hasEnded(player));
});

test('only players that have the key get pictures, where there is one', async () => {
  const server = await serve('the-key-of-players');
  publish(server.publishUrl, 'green');
  assert.equal((await probeStreams(server.playUrl)).length, 2);
  const [plain = ''] = server.playUrl.split('?');
  for (const query of ['', '?key=', '?key=the-key-of-player', '?key=the-key-of-playerz'])
    await assert.rejects(probeStreams(`${plain}${query}`), `${plain}${query}`);
  assert.equal((await probeStreams(server.playUrl)).length, 2, 'those who have it go on');
});

test('a port that is in use is a clear error', async () => {
  const server = await serve();
  const second = createRtmpServer({
    host: '127.0.0.1',
    port: server.port,
    playKey: null,
    logger,
    logLevel: 'silent',
  });
  await assert.rejects(second, (error: unknown) => {
    assert.ok(error instanceof AppError && error.code === 'SM_PORT_IN_USE');
    assert.match(error.message, /RTMP_PORT/);
    return true;
  });
});

test('when its thread dies or hangs another takes its place at the same address', async () => {
  const server = await serve();
  for (const [i, fault] of THREAD_FAULTS.entries()) {
    server.inject(fault);
    await until('it has ended', () => server.restarts === i + 1);
    await until('it listens', () => isListening(server.port));
  }
  publish(server.publishUrl, 'red');
  assert.equal((await probeStreams(server.playUrl)).length, 2);
  await server.close();
  await server.close();
});
