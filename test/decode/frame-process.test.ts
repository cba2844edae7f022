import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { FrameDecoder } from '../../src/decode/frame-process.js';
import type { FrameMediaType } from '../../src/decode/frame-protocol.js';

const decoder = await FrameDecoder.open();
after(() => {
  decoder.close();
});

const LIMITS = { maxWidthPx: 1280, maxHeightPx: 720 };
const TYPES = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
} as const satisfies Record<string, FrameMediaType>;

function plain(width: number, height: number, alpha: number): Sharp {
  const background = { r: 200, g: 100, b: 40, alpha };
  return sharp({ create: { width, height, channels: alpha < 1 ? 4 : 3, background } });
}

for (const format of ['jpeg', 'png', 'webp'] as const)
  test(`${format} is decoded to its pixels`, async () => {
    const bytes = await plain(64, 36, 1).toFormat(format, { lossless: true }).toBuffer();
    const frame = await decoder.decode({ bytes, mediaType: TYPES[format], ...LIMITS });
    const { widthPx, heightPx, hasAlpha } = frame;
    assert.deepEqual(
      { widthPx, heightPx, hasAlpha },
      { widthPx: 64, heightPx: 36, hasAlpha: false },
    );
    const pixels = new Uint8Array(new SharedArrayBuffer(64 * 36 * 4));
    decoder.readInto(pixels);
    for (const [i, value] of [200, 100, 40, 255].entries())
      assert.ok(Math.abs((pixels[4 * 1000 + i] ?? -99) - value) <= 2, `${pixels[4000 + i]}`);
  });

test('transparency comes through as it is, and sides become even', async () => {
  const bytes = await plain(33, 21, 0.5).png().toBuffer();
  const frame = await decoder.decode({ bytes, mediaType: 'image/png', ...LIMITS });
  assert.deepEqual([frame.widthPx, frame.heightPx, frame.hasAlpha], [34, 22, true]);
  const pixels = new Uint8Array(34 * 22 * 4);
  decoder.readInto(pixels);
  for (const [i, value] of [200, 100, 40, 128].entries())
    assert.ok(Math.abs((pixels[400 + i] ?? -99) - value) <= 1, `${pixels[400 + i]}`);
});

test('what is larger than is wanted is scaled down, in proportion', async () => {
  const bytes = await plain(3840, 1080, 1).jpeg().toBuffer();
  const frame = await decoder.decode({ bytes, mediaType: 'image/jpeg', ...LIMITS });
  assert.deepEqual([frame.widthPx, frame.heightPx], [1280, 360]);
});

test('what is no picture, another one than it says, or too large is refused, and the next one decoded', async () => {
  const png = await plain(64, 36, 1).png().toBuffer();
  const decode = (bytes: Uint8Array, mediaType: FrameMediaType = 'image/png'): Promise<unknown> =>
    decoder.decode({ bytes, mediaType, ...LIMITS });
  await assert.rejects(decode(new Uint8Array(0)), Error);
  await assert.rejects(decode(Buffer.from('GIF89a and nothing behind it')), Error);
  await assert.rejects(decode(png, 'image/jpeg'), /damaged/);
  await assert.rejects(decode(png.subarray(0, png.length - 20)), Error);
  const huge = Buffer.from(png);
  huge.writeUInt32BE(60_000, 16);
  huge.writeUInt32BE(60_000, 20);
  await assert.rejects(decode(huge), Error);
  await decode(png);
});
