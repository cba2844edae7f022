import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { hear } from '../support/heard.js';
import { grabFrame, probeStreams, pull, type ProbedStream } from '../support/media.js';
import { Service } from '../support/service.js';

const ClipsSchema = z.object({
  clips: z.array(z.object({ id: z.string(), state: z.string() })),
});

let service: Service;
before(async () => {
  // With nothing but a folder and ports of its own: what a new user gets.
  service = await Service.prepare({});
});
after(() => service.close());

function trackOf(streams: readonly ProbedStream[], type: ProbedStream['codec_type']): ProbedStream {
  const track = streams.find(({ codec_type }) => codec_type === type);
  assert.ok(track, `a track of ${type}`);
  return track;
}

/** Structural similarity of two pictures, 0 to 1; the second is scaled to the size of the first. */
function similarity(fileA: string, fileB: string): number {
  const graph =
    '[1:v][0:v]scale2ref=flags=area[b][a];[a]format=yuv420p[x];[b]format=yuv420p[y];[x][y]ssim';
  const { stderr } = spawnSync(
    'ffmpeg',
    ['-hide_banner', '-nostdin', '-i', fileA, '-i', fileB, '-lavfi', graph, '-f', 'null', '-'],
    { encoding: 'utf8', timeout: 15_000 },
  );
  return Number(/All:([\d.]+)/.exec(stderr)?.[1] ?? assert.fail(stderr));
}

test('the first start puts the demo on air for players to pull', async () => {
  await service.start();
  const status = await service.status();
  assert.equal(status.state, 'live');
  assert.equal(status.scene?.id, 'auction');
  assert.deepEqual(status.resolution, { width: 1920, height: 1080 });
  assert.deepEqual(status.fps, { num: 60, den: 1 });
  assert.match(status.encoder ?? '', /^libx264 /);
  await service.outputIsLive('program');

  const streams = await probeStreams(service.playUrl);
  const video = trackOf(streams, 'video');
  assert.deepEqual(
    {
      codec: video.codec_name,
      size: `${video.width ?? 0}x${video.height ?? 0}`,
      pixels: video.pix_fmt,
      range: video.color_range,
      colours: [video.color_space, video.color_transfer, video.color_primaries],
    },
    {
      codec: 'h264',
      size: '1920x1080',
      pixels: 'yuv420p',
      range: 'tv',
      colours: ['bt709', 'bt709', 'bt709'],
    },
  );
  assert.equal(video.r_frame_rate, '60/1');
  assert.equal(trackOf(streams, 'audio').codec_name, 'aac');
});

test('the preview shows what is on air', async () => {
  const jpegFile = join(service.folder, 'preview.jpg');
  const streamFile = join(service.folder, 'stream.png');
  // A player that joins in the first seconds begins with the black that the encoder was warmed up with; and clock,
  // ticker and host move on between the two pictures.
  await service.until('preview and stream show the same', async () => {
    const { bytes } = await service.must('GET', '/api/preview.jpg?width=640&quality=90');
    assert.deepEqual([...bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
    await writeFile(jpegFile, bytes);
    await writeFile(streamFile, await grabFrame(service.playUrl));
    return similarity(jpegFile, streamFile) > 0.8;
  });
});

test('music is heard, and a clip with every bid', async () => {
  const clips = new Set<string>();
  const player = pull(service.playUrl);
  await service.until('three bids are heard', async () => {
    const { json } = await service.must('GET', '/api/audio/clips');
    const list = ClipsSchema.parse(json);
    for (const { id, state } of list.clips) if (state === 'playing') clips.add(id);
    return clips.size >= 3;
  });
  await service.until('the player has it', () => player.bytes.length > 1_000_000);
  const { left } = await hear(player.bytes);
  await player.stop();
  for (const id of clips) assert.match(id, /^bid-\d+$/);
  const rms = Math.sqrt(left.reduce((sum, sample) => sum + sample ** 2, 0) / left.length);
  assert.ok(rms > 0.005 && rms < 0.2, `${20 * Math.log10(rms)} dB`);
  const { json } = await service.must('GET', '/api/audio/sources/music');
  assert.equal(json['bus'], 'music');
});

test('the ledger counts every slot of the clock once', async () => {
  const { clock } = await service.ledger();
  await service.until('the clock goes on', async () => (await service.ledger()).clock > clock + 30);
});

test('SIGTERM ends it, and nothing that it had started is left', async () => {
  assert.deepEqual(service.mediaKinds(), ['encoder', 'relay']);
  assert.deepEqual(await service.stop(), { code: 0, signal: null });
  assert.deepEqual(service.survivors, []);
});

test('the second start goes live again by itself, with the same scene', async () => {
  await service.start();
  const status = await service.status();
  assert.equal(status.state, 'live');
  assert.equal(status.scene?.id, 'auction');
  const { json } = await service.must('GET', '/api/scenes');
  assert.equal(Array.isArray(json['scenes']) ? json['scenes'].length : 0, 1, 'one demo, not two');
  const player = pull(service.playUrl);
  try {
    await service.until('a player gets it', () => player.bytes.length > 100_000);
  } finally {
    await player.stop();
  }
});
