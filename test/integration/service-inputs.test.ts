import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRpc, type RpcClient } from '../api/rpc-client.js';
import { hear, onsets, see } from '../support/heard.js';
import { FLASH_AND_BEEP, LiveSender, type SenderOptions } from '../support/live-sender.js';
import { pull } from '../support/media.js';
import { freePort } from '../support/ports.js';
import { Service, SMALL_STREAM } from '../support/service.js';
import { failThread, faultVariables } from '../support/thread-faults.js';

/** Live inputs through the whole service: published, shown and heard, lost and back again, measured in the pulled stream. */

const FPS = 30;
const FRAME_SECONDS = 1 / FPS;
const KEY = 'a-key-for-the-camera';
/** How often the sender is unplugged and comes again. More of them: REPLUGS. */
const REPLUGS = Number(process.env['REPLUGS'] ?? 2);
const SIZE = { width: 1920, height: 1080 };

let folder: string;
let service: Service;
let rpc: RpcClient;
const senders: LiveSender[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-inputs-'));
  service = await Service.start({
    ...SMALL_STREAM,
    ...faultVariables(join(folder, 'faults')),
    ASSET_ALLOW_PRIVATE: '127.0.0.1',
  });
  await service.must('POST', '/api/inputs', {
    id: 'camera',
    content: { kind: 'rtmp-push', key: KEY },
    latencyMs: 400,
  });
  await service.show({
    id: 'main',
    background: '#000000',
    layers: [
      { id: 'camera', type: 'input', input: 'camera', ...SIZE, whenLost: 'hide', lostAfterMs: 500 },
    ],
  });
  await service.must('POST', '/api/audio/sources', {
    id: 'camera',
    bus: 'inputs',
    content: { kind: 'input', input: 'camera' },
  });
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
  rpc = await openRpc(`ws://127.0.0.1:${service.apiPort}/ws`);
  await rpc.call('events.subscribe', { topics: ['input'] });
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.kill()));
  await service.until('nobody sends', async () => (await stateOf('camera')) !== 'live');
});
after(async () => {
  rpc.close();
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

function send(options: SenderOptions): LiveSender {
  const sender = new LiveSender(options);
  senders.push(sender);
  return sender;
}

function publishUrl(key = KEY, name = 'camera'): string {
  return `rtmp://127.0.0.1:${service.rtmpPort}/inputs/${name}?key=${key}`;
}

function publish(picture = FLASH_AND_BEEP.picture('320x180', FPS)): LiveSender {
  return send({ picture, sound: FLASH_AND_BEEP.sound, to: ['-f', 'flv', publishUrl()] });
}

async function stateOf(id: string): Promise<string> {
  const { json } = await service.must('GET', `/api/inputs/${id}`);
  return String(Reflect.get(Object(json['status']), 'state'));
}

function isIn(id: string, state: string): Promise<void> {
  return service.until(`${id} is ${state}`, async () => (await stateOf(id)) === state, 60_000);
}

/** Frame slots of the clock whose picture or sound did not make it into the stream at its time, so far. */
async function lostSlots(): Promise<number> {
  const { frames, audioSamples } = await service.status();
  const { mixer, encoder } = audioSamples.missing;
  return frames.late + frames.skipped + ((mixer + encoder) * FPS) / 48_000;
}

/**
 * Flashes and beeps of some seconds as they are pulled: each has its partner within a frame. Only a slot that the ledger says was
 * lost, or a picture that came after it was due, may take one from another.
 */
async function areTogether(seconds: number): Promise<number[]> {
  const lateOf = async (): Promise<number> => {
    const { json } = await service.must('GET', '/api/inputs/camera');
    const { late, dropped } = Object(json['status']) as { late: number; dropped: number };
    return late + dropped + (await lostSlots());
  };
  const before = await lateOf();
  const player = pull(service.playUrl);
  await service.until('the player receives', () => player.bytes.length > 20_000);
  await sleep(seconds * 1000);
  const { bytes } = player;
  await player.stop();
  const lost = (await lateOf()) - before;
  const pictures = await see(bytes);
  const flashes = pictures
    .filter(({ luma }, i) => luma > 128 && (pictures[i - 1]?.luma ?? 255) < 128)
    .map(({ seconds: at }) => at);
  const beeps = onsets(await hear(bytes), 0.1, 300);
  // Of those at the ends there may be half a pair.
  const inner = flashes.filter(
    (at) => at > (flashes[0] ?? 0) + 0.5 && at < (flashes.at(-1) ?? 0) - 0.5,
  );
  const offsets = inner.map((at) => Math.min(...beeps.map((beep) => Math.abs(beep - at))));
  const apart = offsets.filter((offset) => offset > FRAME_SECONDS);
  assert.ok(inner.length > 0 || lost > seconds * FPS * 0.2, 'no flash was seen');
  assert.ok(apart.length <= lost, `${offsets.join(' ')} s, with ${lost} slots lost`);
  return offsets.map((offset) => offset * 1000);
}

test('what is published is shown and heard together, and again each time it is unplugged', async (context) => {
  let sender = publish();
  await isIn('camera', 'live');
  await sleep(2500);
  const offsets = await areTogether(5);
  for (let i = 0; i < REPLUGS; i++) {
    await sender.kill();
    await service.until('it is lost', async () => (await stateOf('camera')) !== 'live');
    await sleep(Math.random() * 1500);
    sender = publish();
    await isIn('camera', 'live');
    await sleep(2500);
    offsets.push(...(await areTogether(4)));
  }
  context.diagnostic(
    `${offsets.length} pairs, at most ${Math.max(...offsets).toFixed(1)} ms off, with ${REPLUGS} gaps`,
  );
  const states = rpc.events.map(({ data }) => data['state']);
  assert.ok(states.includes('live') && states.some((state) => state !== 'live'));
});

test('who does not know the key, or publishes what is not there, is refused', async () => {
  for (const url of [publishUrl('another-key-that-is-wrong'), publishUrl(KEY, 'nobody')]) {
    const sender = send({
      picture: FLASH_AND_BEEP.picture('320x180', FPS),
      sound: null,
      to: ['-f', 'flv', url],
    });
    await service.until('it is refused', () => sender.end !== null);
  }
  assert.notEqual(await stateOf('camera'), 'live');
});

test('a second publisher takes the place of the first', async () => {
  const first = publish();
  await isIn('camera', 'live');
  publish('color=c=white:s=320x180:r=30');
  await service.until('the first is disconnected', () => first.end !== null);
  await isIn('camera', 'live');
});

test('an input that is lost is hidden, and shown again when it is back', async () => {
  const luma = async (): Promise<number> => {
    const player = pull(service.playUrl);
    await service.until('the player receives', () => player.bytes.length > 10_000);
    await sleep(2500);
    const { bytes } = player;
    await player.stop();
    return (await see(bytes)).at(-1)?.luma ?? NaN;
  };
  const white = 'color=c=white:s=320x180:r=30';
  let sender = publish(white);
  await isIn('camera', 'live');
  await service.until('it is seen', async () => (await luma()) > 200);
  await sender.kill();
  await service.until('it is hidden', async () => (await luma()) < 30);
  sender = publish(white);
  await isIn('camera', 'live');
  await service.until('it is seen again', async () => (await luma()) > 200);
});

test('decoders and threads that die or hang are replaced, and the picture is back', async () => {
  publish();
  await isIn('camera', 'live');
  const before = await service.status();
  const seen = async (): Promise<number> => {
    const { json } = await service.must('GET', '/api/inputs/camera');
    return Number(Reflect.get(Object(json['status']), 'pictures'));
  };
  const isBack = async (): Promise<void> => {
    await isIn('camera', 'live');
    const count = await seen();
    await service.until('pictures come', async () => (await seen()) !== count);
  };
  for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
    const decoder = service.children().find(({ kind }) => kind === 'other');
    assert.ok(decoder !== undefined);
    process.kill(decoder.pid, signal);
    await service.until('it is noticed', async () => (await stateOf('camera')) !== 'live', 60_000);
    await isBack();
  }
  for (const thread of ['ingest', 'rtmp-server'] as const) {
    assert.ok(await failThread(join(folder, 'faults'), { thread, fault: 'crash' }));
    if (thread === 'rtmp-server') {
      await sleep(1500);
      publish();
    }
    await isBack();
  }
  assert.equal((await service.status()).encoderRestarts, before.encoderRestarts);
});

test('a publisher that changes its size, or sends garbage, costs nobody else anything', async () => {
  const first = publish();
  await isIn('camera', 'live');
  await first.kill();
  publish(FLASH_AND_BEEP.picture('180x320', FPS));
  await service.until('it has the other size', async () => {
    const { json } = await service.must('GET', '/api/inputs/camera');
    return Reflect.get(Object(json['status']), 'width') === 180;
  });
  await new Promise<void>((resolve, reject) => {
    const socket = connect(service.rtmpPort, '127.0.0.1', () => {
      socket.end(Buffer.alloc(100_000, 'garbage'));
    });
    socket.once('error', reject);
    socket.once('close', () => {
      resolve();
    });
    socket.resume();
  }).catch(() => undefined);
  assert.equal(await stateOf('camera'), 'live');
});

test('SRT is listened for, with a passphrase and without', async () => {
  for (const passphrase of [null, 'a-pass-phrase-of-srt']) {
    const port = await freePort();
    const content = { kind: 'srt-listen', port, passphrase };
    await service.must('POST', '/api/inputs', { id: 'srt', content, isKeptOpen: true });
    const secret = passphrase === null ? '' : `&passphrase=${passphrase}`;
    const call = (): LiveSender =>
      send({
        picture: FLASH_AND_BEEP.picture('320x180', FPS),
        sound: FLASH_AND_BEEP.sound,
        to: ['-f', 'mpegts', `srt://127.0.0.1:${port}?mode=caller${secret}`],
      });
    let caller = call();
    await service.until('it is live', async () => {
      // Who calls before somebody listens has to call again.
      if (caller.end !== null) caller = call();
      return (await stateOf('srt')) === 'live';
    });
    await service.must('DELETE', '/api/inputs/srt');
    await Promise.all(senders.splice(0).map((sender) => sender.kill()));
  }
});

test('what the service plays itself can be played as an input', async () => {
  const content = { kind: 'rtmp', url: service.playUrl };
  await service.must('POST', '/api/inputs', { id: 'loop', content, isKeptOpen: true });
  await isIn('loop', 'live');
  await service.must('DELETE', '/api/inputs/loop');
});

test('hosts that are private are refused unless they are allowed, and the reason is told', async () => {
  for (const [id, url] of [
    ['private', 'rtmp://localhost:1/live/a'],
    ['rtsp', 'rtsp://10.0.0.1/live'],
  ] as const) {
    const content = { kind: id === 'rtsp' ? 'rtsp' : 'rtmp', url };
    await service.must('POST', '/api/inputs', { id, content, isKeptOpen: true });
    await isIn(id, 'refused');
    const { json } = await service.must('GET', `/api/inputs/${id}`);
    assert.match(JSON.stringify(json), /not a host on the public internet/);
    await service.must('DELETE', `/api/inputs/${id}`);
  }
});

test('what is sent without end over HTTP, and HLS, is pulled through the guard', async () => {
  const hls = join(folder, 'hls');
  await mkdir(hls);
  send({
    picture: FLASH_AND_BEEP.picture('320x180', FPS),
    sound: FLASH_AND_BEEP.sound,
    to: ['-f', 'hls', '-hls_time', '1', '-hls_list_size', '6', join(hls, 'live.m3u8')],
  });
  const server = createServer((request, response) => {
    if (request.url !== '/live.ts') {
      createReadStream(join(hls, (request.url ?? '').slice(1)))
        .on('error', () => response.destroy())
        .pipe(response);
      return;
    }
    const child = spawn('ffmpeg', [
      ...['-v', 'error', '-re', '-f', 'lavfi', '-i', FLASH_AND_BEEP.picture('320x180', FPS)],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '30', '-f', 'mpegts', 'pipe:1'],
    ]);
    child.stdout.pipe(response);
    response.once('close', () => child.kill('SIGKILL'));
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  try {
    for (const [kind, file] of [
      ['http-ts', 'live.ts'],
      ['hls', 'live.m3u8'],
    ] as const) {
      const content = { kind, url: `http://127.0.0.1:${port}/${file}` };
      await service.must('POST', '/api/inputs', { id: kind, content, isKeptOpen: true });
      await isIn(kind, 'live');
      await service.must('DELETE', `/api/inputs/${kind}`);
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
