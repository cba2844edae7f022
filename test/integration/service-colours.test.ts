import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { AUCTION_ASSET_IDS, staticScene } from '../../src/demo/auction.js';
import { referencePictures } from '../../src/demo/pictures.js';
import { AssetSchema } from '../../src/state/model.js';
import { renderStill, sceneFrom, type Pictures } from '../support/engine.js';
import { grabFrame } from '../support/media.js';
import { Service, SMALL_STREAM } from '../support/service.js';

const WIDTH = 1920;
const HEIGHT = 1080;
/** What the encoder at its fastest preset leaves of a still picture, and more. */
const MIN_SSIM = 0.97;
/** Of each channel's mean over the picture: a wrong matrix or range is off by more. */
const MAX_MEAN_DIFFERENCE = 0.5;

const run = promisify(execFile);
const scene = staticScene(AUCTION_ASSET_IDS);

let service: Service;
before(async () => {
  service = await Service.start({
    ...SMALL_STREAM,
    STREAM_RESOLUTION: `${WIDTH}x${HEIGHT}`,
    STREAM_BITRATE: '6M',
  });
  for (const { id, png } of await referencePictures('auction'))
    await service.must('POST', `/api/assets?id=${id}`, png);
  await service.show(scene);
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
});
after(() => service.close());

/** The pictures as the service has stored them. */
async function storedPictures(): Promise<Pictures> {
  const { json } = await service.must('GET', '/api/assets');
  const assets = AssetSchema.array().parse(json['assets']);
  return Object.fromEntries(
    assets.map(({ id, contentHash, width, height }) => {
      assert.ok(contentHash !== null && width !== null && height !== null);
      const path = join(service.dataDir, 'assets', contentHash.slice(0, 2), contentHash);
      return [id, { contentHash, path, width, height }];
    }),
  );
}

/** Structural similarity of two pictures in RGB, 0 to 1. */
async function similarity(fileA: string, fileB: string): Promise<number> {
  const graph = '[0:v]format=gbrp[a];[1:v]format=gbrp[b];[a][b]ssim';
  const { stderr } = await run('ffmpeg', [
    ...['-hide_banner', '-nostdin', '-i', fileA, '-i', fileB],
    ...['-lavfi', graph, '-f', 'null', '-'],
  ]);
  return Number(/All:([\d.]+)/.exec(stderr)?.[1] ?? assert.fail(stderr));
}

/** Pixels of a picture file, three bytes each. */
async function pixelsOf(file: string): Promise<Buffer> {
  const { stdout } = await run(
    'ffmpeg',
    ['-v', 'error', '-nostdin', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'],
    { encoding: 'buffer', maxBuffer: WIDTH * HEIGHT * 4 },
  );
  return stdout;
}

function meansOf(pixels: Buffer): number[] {
  return [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let i = channel; i < pixels.length; i += 3) sum += pixels[i] ?? 0;
    return sum / (pixels.length / 3);
  });
}

test('a frame that a player gets is the picture that is rendered without a stream', async () => {
  const still = await renderStill(sceneFrom(scene), {
    width: WIDTH,
    height: HEIGHT,
    timeMs: 0,
    pictures: await storedPictures(),
  });
  const [raw, offline, online] = ['still.rgba', 'still.png', 'stream.png'].map((name) =>
    join(service.folder, name),
  );
  assert.ok(raw !== undefined && offline !== undefined && online !== undefined);
  await writeFile(raw, still.rgba);
  await run('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-f', 'rawvideo', '-pix_fmt', 'rgba'],
    ...['-s', `${WIDTH}x${HEIGHT}`, '-i', raw, '-pix_fmt', 'rgb24', offline],
  ]);

  // The first seconds begin with the black that the encoder was warmed up with.
  let ssim = 0;
  await service
    .until('the pictures are alike', async () => {
      await writeFile(online, await grabFrame(service.playUrl));
      ssim = Math.max(ssim, await similarity(online, offline));
      return ssim >= MIN_SSIM;
    })
    .catch((error: unknown) => {
      assert.fail(`structural similarity ${ssim}: ${String(error)}`);
    });
  const [wanted, got] = [await pixelsOf(offline), await pixelsOf(online)].map(meansOf);
  assert.ok(wanted !== undefined && got !== undefined);
  wanted.forEach((mean, channel) => {
    const difference = Math.abs(mean - (got[channel] ?? 0));
    assert.ok(difference <= MAX_MEAN_DIFFERENCE, `channel ${channel}: ${difference}`);
  });
});
