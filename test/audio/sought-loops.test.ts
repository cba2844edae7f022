import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { type HttpServer, startHttpServer } from '../support/http-server.js';
import { sineAmplitude } from './rig.js';
import { makeSound, TrackRig } from './track-rig.js';

/** Loops from the network that begin in their middle, or are sought beyond their end. */

const HZ = 1000;
/** Its loudness says which half second is heard: 1/40 in the first one. */
const STEPS = 'aevalsrc=exprs=(1+floor(2*t))/40*sin(2*PI*1000*t):s=48000:d=10';

const HLS = ['-c:a', 'aac', '-b:a', '192k', '-f', 'hls', '-hls_time', '4', '-hls_list_size', '0'];
const FILES: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['steps.m3u8', HLS],
  ['steps.ogg', ['-c:a', 'libvorbis', '-q:a', '6']],
  ['steps.ts', ['-c:a', 'aac', '-b:a', '192k']],
  ['steps.flac', ['-c:a', 'flac']],
];

let rig: TrackRig;
let server: HttpServer;
let sendsParts = true;

function serve(request: IncomingMessage, response: ServerResponse): void {
  const bytes = readFileSync(join(rig.folder, (request.url ?? '').replace('?', '')));
  const [, from = ''] = /^bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
  const rest = bytes.subarray(Number(from));
  if (!sendsParts || from === '') {
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    return;
  }
  const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
  if (rest.length === 0) response.writeHead(416).end();
  else response.writeHead(206, { 'content-length': rest.length, 'content-range': range }).end(rest);
}

before(async () => {
  server = await startHttpServer(serve);
  rig = await TrackRig.open([new URL(server.origin).host]);
  for (const [name, args] of FILES) await makeSound(join(rig.folder, name), STEPS, args);
});
after(async () => {
  await rig.close();
  await server.close();
});
afterEach(async () => {
  for (const { id } of rig.state.sound.sources) rig.remove(id);
  await rig.mix(2400);
  sendsParts = true;
  assert.deepEqual(
    rig.published.filter(({ type }) => type === 'audio-track.failed'),
    [],
  );
});

async function seek(sourceId: string, positionMs: number): Promise<void> {
  const action = { type: 'seek', positionMs } as const;
  rig.do({ type: 'sound.transport', sourceId, action, atMs: rig.nowMs });
  await rig.decoded();
}

/** Asserts that from now on is heard what is at a position of the file, and what follows it. */
async function assertHeard(positionMs: number): Promise<void> {
  const first = rig.next;
  await rig.mix(72_000);
  for (let at = 4800; at < 67_200; at += 2400) {
    const halves = (positionMs + at / 48) / 500;
    const isAtStep = Math.abs(halves - Math.round(halves)) < 0.15;
    const level = (1 + Math.floor(halves)) / 40;
    const heard = sineAmplitude(rig.left(first + at, 960), HZ);
    assert.ok(isAtStep || Math.abs(heard - level) < 0.01, `${heard}, not ${level}, after ${at}`);
  }
}

for (const [name] of FILES) {
  test(`${name} begins in the middle where it is told to`, async () => {
    rig.create('loop', { kind: 'url', url: `${server.origin}/${name}`, loop: true });
    await seek('loop', 2750);
    await assertHeard(2750);
  });

  test(`${name} begins at its start when it is sought beyond an end that nobody knows`, async () => {
    rig.create('loop', { kind: 'url', url: `${server.origin}/${name}?`, loop: true });
    await seek('loop', 63_000);
    await assertHeard(0);
  });
}

test('a playlist that has come round goes on by its laps when it is sought beyond its end', async () => {
  rig.create('loop', { kind: 'url', url: `${server.origin}/steps.m3u8`, loop: true });
  await rig.mix(11 * 48_000);
  await seek('loop', 32_750);
  // Its codec makes each lap 40 ms longer at the most.
  await assertHeard(2650);
});

test('what is read from its beginning alone goes on by its laps when it is sought beyond its end', async () => {
  sendsParts = false;
  rig.create('whole', { kind: 'url', url: `${server.origin}/steps.flac`, loop: true, inMs: 1000 });
  await seek('whole', 20_750);
  await assertHeard(3750);
});
