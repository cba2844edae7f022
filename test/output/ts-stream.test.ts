import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, test } from 'node:test';
import { TsStream, type TsPiece } from '../../src/output/ts-stream.js';
import { TS_PACKET_BYTES } from '../../src/output/ts-packet.js';
import { packetsOfBytes } from '../support/media.js';

let stream = Buffer.alloc(0);

before(() => {
  const source = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=160x90:rate=25',
    '-f',
    'lavfi',
    '-i',
    'anullsrc',
  ];
  const video = ['-c:v', 'libx264', '-g', '10', '-bf', '0', '-preset', 'ultrafast'];
  stream = spawnSync(
    'ffmpeg',
    ['-v', 'error', ...source, '-t', '2', ...video, '-c:a', 'aac', '-f', 'mpegts', 'pipe:1'],
    { maxBuffer: 1 << 26 },
  ).stdout;
});

function run(chunkBytes: number, tsStream = new TsStream()): TsPiece[] {
  const pieces: TsPiece[] = [];
  const unsubscribe = tsStream.subscribe((piece) => pieces.push(piece));
  for (let at = 0; at < stream.length; at += chunkBytes)
    tsStream.push(stream.subarray(at, at + chunkBytes));
  unsubscribe();
  return pieces;
}

test('hands on whole packets and loses nothing, however the pipe cuts them', () => {
  for (const chunkBytes of [1, 187, 188, 1000, 65536]) {
    const pieces = run(chunkBytes);
    assert.ok(pieces.every(({ bytes }) => bytes.length % TS_PACKET_BYTES === 0));
    assert.ok(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(stream));
    assert.equal(pieces.filter(({ startsFrame }) => startsFrame).length, 50);
    assert.equal(pieces.filter(({ isKeyframe }) => isKeyframe).length, 5);
  }
});

test('a reader that begins at a keyframe with the tables in front can decode at once', async () => {
  const tsStream = new TsStream();
  const pieces = run(4096, tsStream);
  const third = pieces.map(({ isKeyframe }) => isKeyframe).indexOf(true, 20);
  const tail = Buffer.concat([tsStream.tables, ...pieces.slice(third).map(({ bytes }) => bytes)]);
  const packets = await packetsOfBytes(tail, 'mpegts');
  assert.equal(packets.find(({ type }) => type === 'video')?.isKeyframe, true);
  assert.equal(tsStream.tables.length, 2 * TS_PACKET_BYTES);
});

test('forgets a torn packet when the encoder has died', () => {
  const tsStream = new TsStream();
  tsStream.push(stream.subarray(0, 1000));
  tsStream.reset();
  const pieces = run(65536, tsStream);
  assert.ok(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(stream));
});

test('finds its step again after foreign bytes', () => {
  const tsStream = new TsStream();
  tsStream.push(Buffer.alloc(1234, 0x11));
  tsStream.reset();
  assert.equal(run(65536, tsStream).filter(({ isKeyframe }) => isKeyframe).length, 5);
  tsStream.push(Buffer.concat([Buffer.alloc(100, 0x11), stream.subarray(0, 188 * 4)]));
});
