import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDecoder } from 'libopus-wasm';
import { Ear } from '../support/listening.js';
import { Service, SMALL_STREAM } from '../support/service.js';

/** Of the tone: a sine that peaks at -6 dBFS, in the middle. */
const TONE_DB = -6;
const PACKET_SAMPLES = 960;

let service: Service;
before(async () => {
  service = await Service.start(SMALL_STREAM);
  await service.show({ id: 'main', layers: [] });
  await service.must('POST', '/api/audio/sources', {
    id: 'tone',
    content: { kind: 'tone', frequencyHz: 1000 },
    strip: { gainDb: TONE_DB },
  });
});
after(() => service.close());

async function listen(query = ''): Promise<Ear> {
  return Ear.open(service.apiPort, query);
}

function floats(packets: readonly Buffer[]): Float32Array {
  return Float32Array.from({ length: packets.length * PACKET_SAMPLES * 2 }, (_, i) => {
    const packet = packets[Math.floor(i / (PACKET_SAMPLES * 2))];
    return packet?.readFloatLE((i % (PACKET_SAMPLES * 2)) * 4) ?? NaN;
  });
}

/** RMS of one channel in dB, of a sine that peaks at full scale 0. */
function levelDb(samples: Float32Array, channel: number): number {
  let sum = 0;
  for (let i = channel; i < samples.length; i += 2) sum += (samples[i] ?? NaN) ** 2;
  return 10 * Math.log10((2 * sum) / (samples.length / 2));
}

test('a tone is heard at its level, without a gap, although the program is not live', async () => {
  const ear = await listen('?format=f32le');
  await service.until('five seconds are heard', () => ear.packets.length >= 250);
  const { state } = await service.status();
  assert.notEqual(state, 'live');
  await ear.close();

  assert.equal(ear.texts.length, 1, 'one run');
  const [start] = ear.texts;
  assert.equal(ear.messages[0], start, 'it begins with where it begins');
  assert.deepEqual(
    { ...start, startSample: 0, frame: 0 },
    {
      type: 'start',
      format: 'f32le',
      rateHz: 48_000,
      channels: 2,
      startSample: 0,
      frame: 0,
    },
  );
  assert.equal(start?.frame, Math.floor(((start?.startSample ?? NaN) * 30) / 48_000));
  for (const packet of ear.packets) assert.equal(packet.length, PACKET_SAMPLES * 2 * 4);
  // The first second holds the level on its way up.
  const samples = floats(ear.packets.slice(50, 250));
  for (const channel of [0, 1]) {
    const level = levelDb(samples, channel);
    assert.ok(Math.abs(level - TONE_DB) < 0.01, `channel ${channel} has ${level} dB`);
  }
  // A sine of 48 samples: each is what was 48 before it, so that a sample too many or too few shows.
  const worst = samples
    .subarray(96)
    .reduce((most, sample, i) => Math.max(most, Math.abs(sample - (samples[i] ?? NaN))), 0);
  assert.ok(worst < 1e-3, `a period differs from the one before by ${worst}`);
});

test('as many samples come as the clock counts', async () => {
  const ear = await listen();
  await service.until('it is heard', () => ear.packets.length > 0);
  const before = await service.status();
  const packetsBefore = ear.packets.length;
  await service.until('three more seconds', () => ear.packets.length >= packetsBefore + 150);
  const after = await service.status();
  const heardMs = (ear.packets.length - packetsBefore) * 20;
  const passedMs = ((after.clock?.frame ?? NaN) - (before.clock?.frame ?? NaN)) * (1000 / 30);
  await ear.close();
  assert.equal(ear.texts.length, 1, 'no hole, nothing dropped');
  // What is on its way differs between both readings, by less than half a second on a busy machine.
  assert.ok(Math.abs(heardMs - passedMs) < 500, `${heardMs} ms of ${passedMs} ms`);
});

test('two listeners hear the same, each in its format, and Opus is decoded to the same level', async () => {
  const [first, second, opus] = await Promise.all([
    listen('?format=s16le'),
    listen('?format=s16le'),
    listen('?format=opus'),
  ]);
  await service.until('all hear', () =>
    [first, second, opus].every((ear) => ear.packets.length >= 100),
  );
  await Promise.all([first, second, opus].map((ear) => ear.close()));
  const startOf = (ear: Ear): number => ear.texts[0]?.startSample ?? NaN;
  const offset = (startOf(second) - startOf(first)) / PACKET_SAMPLES;
  const [early, late] = offset >= 0 ? [first, second] : [second, first];
  for (let i = 0; i < 50; i++)
    assert.deepEqual(late.packets[i], early.packets[i + Math.abs(offset)], `packet ${i}`);

  const decoder = await createDecoder({ channels: 2, sampleRate: 48_000 });
  const decoded = opus.packets.flatMap((packet) => [...decoder.decodeFloat(packet)]);
  decoder.free();
  assert.equal(decoded.length, opus.packets.length * PACKET_SAMPLES * 2, '20 ms each');
  const level = levelDb(Float32Array.from(decoded.slice(decoded.length / 2)), 0);
  assert.ok(Math.abs(level - TONE_DB) < 0.2, `${level} dB`);
});

test('it goes on through the start and the stop of the stream, and says where each run begins', async () => {
  const ear = await listen();
  await service.until('it is heard', () => ear.packets.length > 0);
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
  await service.must('POST', '/api/stream/stop');
  const { length } = ear.packets;
  await service.until('it goes on', () => ear.packets.length > length + 50);
  await ear.close();
  for (const { type, startSample, frame } of ear.texts) {
    assert.equal(type, 'start');
    // A run begins with a frame: of a new clock, or after a hole.
    assert.equal(startSample, frame * 1600);
  }
});

test('what there is not is refused', async () => {
  await assert.rejects(listen('?format=mp3'), /422.*s16le.*f32le.*opus/s);
  await assert.rejects(listen('?rate=44100'), /422.*rate/s);
});

test('nobody listens any more: the program stops', async () => {
  await service.until('the program is offline', async () => {
    const { clock } = await service.status();
    return clock === null;
  });
  const { bytes } = await service.must('GET', '/metrics');
  assert.match(bytes.toString(), /stream_manager_preview_listeners 0/);
});
