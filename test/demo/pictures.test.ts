import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUCTION_ASSET_IDS } from '../../src/demo/auction.js';
import { FULL_MOTION_ASSET_IDS } from '../../src/demo/full-motion.js';
import { referencePictures } from '../../src/demo/pictures.js';
import { createRandom } from '../../src/demo/random.js';

/** Width and height in the header chunk of a PNG. */
function sizeOf(png: Buffer): [number, number] {
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

test('there is a picture for every asset of auction, of the size the scene counts on', async () => {
  const pictures = await referencePictures('auction');
  const sizes = new Map(pictures.map(({ id, png }) => [id, sizeOf(png)]));
  assert.deepEqual(sizes.get(AUCTION_ASSET_IDS.background), [1920, 1080]);
  assert.deepEqual(sizes.get(AUCTION_ASSET_IDS.host), [600, 800]);
  assert.deepEqual(sizes.get(AUCTION_ASSET_IDS.artwork), [640, 640]);
  assert.deepEqual(sizes.get(AUCTION_ASSET_IDS.badge), [200, 200]);
  assert.equal(pictures.length, 4);
});

test('there is a picture for every asset of full-motion', async () => {
  const pictures = await referencePictures('full-motion');
  assert.deepEqual(
    pictures.map(({ id }) => id),
    [FULL_MOTION_ASSET_IDS.background, ...FULL_MOTION_ASSET_IDS.sprites],
  );
  assert.ok(pictures.every(({ png }) => png.length < 1_000_000));
});

test('the pictures are the same every time', async () => {
  const [first, second] = [await referencePictures('auction'), await referencePictures('auction')];
  first.forEach(({ png }, i) => {
    assert.ok(second[i]?.png.equals(png));
    assert.ok(png.length < 1_000_000);
  });
});

test('the random numbers of one seed repeat and spread over their range', () => {
  const [a, b] = [createRandom(7), createRandom(7)];
  const numbers = Array.from({ length: 1000 }, () => a());
  assert.deepEqual(
    numbers,
    Array.from({ length: 1000 }, () => b()),
  );
  assert.ok(numbers.every((number) => number >= 0 && number < 1));
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  assert.ok(Math.abs(mean - 0.5) < 0.05);
});
