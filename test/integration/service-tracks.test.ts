import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRpc, type RpcClient } from '../api/rpc-client.js';
import { makeSound } from '../audio/track-rig.js';
import { hear } from '../support/heard.js';
import { pull } from '../support/media.js';
import { Service, SMALL_STREAM } from '../support/service.js';
import { failThread, faultVariables } from '../support/thread-faults.js';

/** Files, playlists and clips through the whole service: uploaded, steered over REST, and measured in the pulled stream. */

const HZ = { low: 500, high: 2000, horn: 4000 } as const;

let folder: string;
let service: Service;
let rpc: RpcClient;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-service-tracks-'));
  service = await Service.start({ ...SMALL_STREAM, ...faultVariables(join(folder, 'faults')) });
  for (const [id, hz, seconds] of [
    ['low', HZ.low, 20],
    ['high', HZ.high, 20],
    ['horn', HZ.horn, 0.5],
  ] as const) {
    const path = join(folder, `${id}.flac`);
    await makeSound(path, `aevalsrc=exprs=0.2*sin(2*PI*${hz}*t):s=48000:d=${seconds}`, [
      ...['-metadata', `title=Song of ${id}`, '-metadata', 'artist=Ada'],
    ]);
    const { json } = await service.must('POST', `/api/assets?id=${id}`, await readFile(path));
    assert.equal(json['kind'], 'audio');
  }
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
  rpc = await openRpc(`ws://127.0.0.1:${service.apiPort}/ws`);
  await rpc.call('events.subscribe', { topics: ['audio', 'variables'] });
});
after(async () => {
  rpc.close();
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

/** What is heard in the last second of what a player gets from now on: the frequencies above -40 dB. */
async function heardNow(): Promise<string[]> {
  const player = pull(service.playUrl);
  await service.until('the player receives', () => player.bytes.length > 20_000);
  // It begins with the last keyframe, two seconds ago at the most.
  await sleep(3500);
  const { bytes } = player;
  await player.stop();
  const { left } = await hear(bytes);
  const last = left.subarray(left.length - 48_000);
  return Object.entries(HZ).flatMap(([name, hz]) => (levelOf(last, hz) > 0.01 ? [name] : []));
}

function levelOf(samples: Float32Array, hz: number): number {
  let [sine, cosine] = [0, 0];
  samples.forEach((value, i) => {
    sine += value * Math.sin((2 * Math.PI * hz * i) / 48_000);
    cosine += value * Math.cos((2 * Math.PI * hz * i) / 48_000);
  });
  return (2 * Math.hypot(sine, cosine)) / samples.length;
}

test('a playlist is heard and steered, and texts know what plays', async () => {
  const entries = ['low', 'high'].map((asset) => ({ kind: 'file', asset }));
  await service.must('POST', '/api/audio/sources', {
    id: 'list',
    bus: 'music',
    content: { kind: 'playlist', entries, variable: 'song' },
  });
  assert.deepEqual(await heardNow(), ['low']);
  await service.must('POST', '/api/audio/sources/list/skip', {});
  assert.deepEqual(await heardNow(), ['high']);
  const { json } = await service.must('GET', '/api/variables');
  assert.deepEqual(Reflect.get(Object(json['values']), 'song'), {
    entry: 1,
    title: 'Song of high',
    artist: 'Ada',
    album: '',
  });
  await service.must('POST', '/api/audio/sources/list/pause', {});
  assert.deepEqual(await heardNow(), []);
  const { json: paused } = await service.must('GET', '/api/audio/playback');
  assert.match(JSON.stringify(paused), /"state":"paused"/);
  await service.must('DELETE', '/api/audio/sources/list');
});

test('clips are announced with the frame that they were scheduled for', async () => {
  const { clock } = await service.status();
  assert.ok(clock !== null);
  const frames = [0, 1, 2, 3, 4].map((i) => clock.frame + 150 + 20 * i);
  for (const [i, frame] of frames.entries())
    await service.must('POST', '/api/audio/clips', {
      id: `horn-${i}`,
      content: { kind: 'file', asset: 'horn' },
      at: { frame },
    });
  const begun = (): unknown[] =>
    rpc.events.filter(({ type }) => type === 'audio-clip.started').map(({ data }) => data['frame']);
  await service.until('all have begun', () => begun().length === frames.length);
  assert.deepEqual(begun(), frames);
});

/** A busy machine may take longer over a new thread than what is decoded ahead lasts: the best of a few counts. */
const TRIES = 4;

test('decoders that die with their thread are not heard', async () => {
  await service.must('POST', '/api/audio/sources', {
    id: 'bed',
    content: { kind: 'file', asset: 'low', loop: true },
  });
  await sleep(3000);
  let gaps = Infinity;
  for (let i = 0; i < TRIES && gaps > 0; i++) {
    const player = pull(service.playUrl);
    await service.until('the player receives', () => player.bytes.length > 20_000);
    await sleep(2500);
    assert.ok(await failThread(join(folder, 'faults'), { thread: 'ingest', fault: 'crash' }));
    await sleep(5000);
    const { bytes } = player;
    await player.stop();
    const { left } = await hear(bytes);
    gaps = 0;
    for (let at = 4800; at + 480 <= left.length - 4800; at += 480)
      if (levelOf(left.subarray(at, at + 480), HZ.low) < 0.15) gaps++;
  }
  assert.equal(gaps, 0);
  await service.must('DELETE', '/api/audio/sources/bed');
});

test('what cannot be played says why, and is refused where nothing can come of it', async () => {
  const content = { kind: 'file', asset: 'nothing' };
  await service.must('POST', '/api/audio/sources', { id: 'broken', content });
  const { json } = await service.must('GET', '/api/audio/playback');
  assert.match(JSON.stringify(json), /"state":"failed","reason":"There is no asset nothing\."/);
  await service.must('DELETE', '/api/audio/sources/broken');
  const refused: readonly (readonly [string, object, number])[] = [
    ['/api/audio/clips', { content: { kind: 'file' } }, 422],
    ['/api/audio/clips', { content: { kind: 'file', asset: 'nothing' } }, 404],
    ['/api/audio/clips', { content: { kind: 'file', asset: 'horn' }, bus: 'nowhere' }, 422],
    ['/api/audio/clips', { content: { kind: 'url', url: 'file:///etc/passwd' } }, 422],
    ['/api/audio/sources/none/play', {}, 404],
  ];
  for (const [path, body, status] of refused) {
    const reply = await service.api('POST', path, body);
    assert.equal(reply.status, status, JSON.stringify(reply.json));
  }
  const reply = await service.api('DELETE', '/api/assets/horn');
  assert.equal(reply.status, 204);
});
