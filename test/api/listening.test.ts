import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SoundPacket } from '../../src/preview/contract.js';
import { Ear } from '../support/listening.js';
import { eventually } from '../support/until.js';
import { type Harness, startHarness } from './harness.js';

const TOKEN = 'a-token-that-is-long-enough';
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
const PACKET_SAMPLES = 960;

/** Longer than anything takes on a machine that is busy with others. */
const PATIENCE_MS = 60_000;
/** How long a listener that is to be cut off may read nothing. */
const STALL_MS = 1000;

let api: Harness;
before(async () => {
  api = await start(PATIENCE_MS);
});
after(() => api.close());

function start(previewStallMs: number): Promise<Harness> {
  return startHarness({ apiToken: TOKEN, limits: { soundListeners: 3, previewStallMs } });
}

function listen({ port }: Harness = api): Promise<Ear> {
  return Ear.open(port, '', AUTHORIZED);
}

/** Packet `i` of a run, which begins with its number. */
function packet(i: number, run = 1, size = 8): SoundPacket {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32LE(i);
  return { run, firstSample: i * PACKET_SAMPLES, frame: i, bytes };
}

test('says where a run begins, and after that sends nothing but sound', async () => {
  const ear = await listen();
  assert.equal(api.listening.count, 1);
  assert.equal(api.metrics.listeners, 1);
  for (let i = 7; i < 10; i++) api.listening.sound(packet(i));
  api.listening.sound(packet(0, 2));
  await eventually(() => ear.messages.length === 6);
  const intro = { type: 'start', format: 's16le', rateHz: 48_000, channels: 2 };
  assert.deepEqual(ear.messages, [
    { ...intro, startSample: 7 * PACKET_SAMPLES, frame: 7 },
    ...[7, 8, 9].map((i) => packet(i).bytes),
    { ...intro, startSample: 0, frame: 0 },
    packet(0).bytes,
  ]);
  await ear.close();
  await eventually(() => api.listening.count === 0 && api.metrics.listeners === 0);
});

test('a listener that is slow loses the oldest sound, is told how much, and slows nobody', async () => {
  const [slow, quick] = [await listen(), await listen()];
  slow.socket.pause();
  const before = api.metrics.listenerDropsSeconds;
  let sent = 0;
  // Packets that are large fill what the system holds between both sooner.
  const sound = (): void => {
    api.listening.sound(packet(sent++, 1, 500_000));
  };
  await eventually(() => {
    sound();
    return api.metrics.listenerDropsSeconds > before + 0.5;
  });
  await eventually(() => quick.packets.length === sent);
  assert.equal(quick.texts.length, 1);
  slow.socket.resume();
  const last = sent + 20;
  await eventually(() => {
    if (sent <= last) sound();
    return slow.packets.at(-1)?.readUInt32LE() === last;
  });

  const [start, ...messages] = slow.messages;
  assert.ok(start !== undefined && 'type' in start && start.type === 'start');
  let expected = 0;
  let droppedMs = 0;
  for (const message of messages) {
    if (!('type' in message)) {
      assert.equal(message.readUInt32LE(), expected++, 'what is missing was told');
      continue;
    }
    assert.equal(message.type, 'dropped');
    assert.equal(message.startSample - expected * PACKET_SAMPLES, (message.ms ?? NaN) * 48);
    droppedMs += message.ms ?? NaN;
    expected = message.frame;
  }
  assert.equal(Math.round((api.metrics.listenerDropsSeconds - before) * 1000), droppedMs);
  await Promise.all([slow.close(), quick.close()]);
  await eventually(() => api.listening.count === 0);
});

test('a listener that reads nothing for too long is cut off', async () => {
  const strict = await start(STALL_MS);
  try {
    const stuck = await listen(strict);
    stuck.socket.pause();
    await eventually(() => {
      strict.listening.sound(packet(0, 1, 500_000));
      return strict.listening.count === 0;
    });
    await stuck.close();
  } finally {
    await strict.close();
  }
});

test('who may not listen, or asks for what there is not, is refused', async () => {
  await assert.rejects(Ear.open(api.port), /^Error: 401 .*SM_AUTH/s);
  await assert.rejects(Ear.open(api.port, '?format=mp3', AUTHORIZED), /422.*s16le/s);
  await assert.rejects(Ear.open(api.port, '?rate=44100', AUTHORIZED), /422.*rate/s);
  const ears = [await listen(), await listen(), await listen()];
  await assert.rejects(listen(), /^Error: 503 .*SM_SOCKET_LIMIT/s);
  await Promise.all(ears.map((ear) => ear.close()));
  await eventually(() => api.listening.count === 0);
});

test('a format that cannot be made ends the connection with the reason', async () => {
  const ear = await listen();
  const closed = ear.closed();
  api.listening.fail('The sound cannot be sent as opus. Choose another format');
  assert.deepEqual(await closed, {
    code: 1011,
    reason: 'The sound cannot be sent as opus. Choose another format',
  });
});

test('the service ends its listeners when it ends', async () => {
  const ear = await listen();
  const closed = ear.closed();
  await api.server.close();
  assert.equal((await closed).code, 1001);
});
