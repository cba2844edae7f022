import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../support/until.js';
import { type HttpServer, startHttpServer } from '../support/http-server.js';
import { sineAmplitude } from './rig.js';
import { makeSound, TrackRig } from './track-rig.js';

/** Servers that send files from their first byte on alone: what is to begin in the middle begins there all the same. */

const HZ = 1000;
/** Its loudness says which second is heard: 1/40 in the first one, 2/40 in the second. */
const STEPS = 'aevalsrc=exprs=(1+floor(t))/40*sin(2*PI*1000*t):s=48000:d=20';

const FILES: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['steps.wav', ['-c:a', 'pcm_s16le']],
  ['steps.flac', ['-c:a', 'flac']],
  ['steps.ogg', ['-c:a', 'libvorbis', '-q:a', '6']],
  ['steps.opus', ['-c:a', 'libopus', '-b:a', '160k']],
  ['steps.m4a', ['-c:a', 'aac', '-b:a', '192k', '-movflags', '+faststart']],
  ['steps.webm', ['-c:a', 'libopus', '-b:a', '160k']],
  ['steps.ts', ['-c:a', 'aac', '-b:a', '192k']],
  ['steps.mp3', ['-b:a', '192k']],
];

const SERVERS: Readonly<Record<string, (response: ServerResponse, bytes: Buffer) => void>> = {
  'says how long a file is': (response, bytes) =>
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes),
  'does not say how long a file is': (response, bytes) => {
    response.write(bytes);
    response.end();
  },
  'claims to send parts': (response, bytes) =>
    response
      .writeHead(200, { 'content-length': bytes.length, 'accept-ranges': 'bytes' })
      .end(bytes),
};

let rig: TrackRig;
let server: HttpServer;
let answer: (response: ServerResponse, bytes: Buffer) => void = (response) => {
  response.end();
};

before(async () => {
  server = await startHttpServer((request, response) => {
    answer(response, readFileSync(join(rig.folder, request.url ?? '')));
  });
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
});

/** Asserts that a second of `steps` is heard to its last tenth, and the next one from its first tenth on. */
function assertTurn(at: number, second: number): void {
  for (const [from, level] of [
    [at - 4800, second / 40],
    [at, (second + 1) / 40],
  ] as const) {
    // The middle of each tenth, since codecs blur the step; LAME makes everything a little quieter.
    const heard = sineAmplitude(rig.left(from + 1920, 1920), HZ);
    assert.ok(Math.abs(heard - level) < 0.01, `${heard} where ${level} should be`);
  }
}

for (const [what, respond] of Object.entries(SERVERS))
  for (const [name] of FILES)
    test(`${name} begins at its in point though its server ${what}`, async () => {
      answer = respond;
      rig.published.length = 0;
      const first = rig.next;
      rig.create('steps', { kind: 'url', url: `${server.origin}/${name}`, inMs: 10_250 });
      await rig.mix(60_000);
      assertTurn(first + 36_000, 11);
      assert.deepEqual(
        rig.published.filter(({ type }) => type === 'audio-track.failed'),
        [],
      );
    });

for (const name of ['steps.wav', 'steps.ogg'])
  test(`${name} is heard from its beginning though its server claims to send parts`, async () => {
    answer = (response, bytes) => SERVERS['claims to send parts']?.(response, bytes);
    const first = rig.next;
    rig.create('steps', { kind: 'url', url: `${server.origin}/${name}` });
    await rig.mix(120_000);
    assertTurn(first + 48_000, 1);
    assertTurn(first + 96_000, 2);
  });

test('what is sought, and what hung up, goes on where it should', async () => {
  answer = (response, bytes) => SERVERS['says how long a file is']?.(response, bytes);
  rig.create('steps', { kind: 'url', url: `${server.origin}/steps.flac` });
  await rig.mix(24_000);
  rig.do({
    type: 'sound.transport',
    sourceId: 'steps',
    action: { type: 'seek', positionMs: 14_750 },
    atMs: rig.nowMs,
  });
  await rig.decoded();
  const sought = rig.next;
  server.hangUp();
  await rig.mix(4.5 * 48_000);
  assertTurn(sought + 12_000, 15);
  assertTurn(sought + 12_000 + 3 * 48_000, 18);
});

test('a file whose index comes last is told to be one, since it cannot be read from its beginning', async () => {
  await makeSound(join(rig.folder, 'late.m4a'), STEPS, ['-c:a', 'aac']);
  rig.published.length = 0;
  rig.create('late', { kind: 'url', url: `${server.origin}/late.m4a` });
  const failed = ({ type }: { type: string }): boolean => type === 'audio-track.failed';
  await until('it is told', () => rig.published.some(failed));
  assert.match(String(rig.published.find(failed)?.data['reason']), /its index at its end/);
  rig.remove('late');
});
