import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALPHA_KINDS, PushedPixels, type PixelOrder } from '../../src/ingest/pushed-pixels.js';
import { RandomNumbers } from '../support/random-numbers.js';

/** More than go through the kernel at once, and no multiple of four. */
const COUNT = 65_536 + 4099;

function wanted(from: Uint8Array, { isBgra, alpha }: PixelOrder): Uint8Array {
  const into = new Uint8Array(from.length);
  for (let at = 0; at < from.length; at += 4) {
    const a = alpha === 'none' ? 255 : (from[at + 3] ?? 0);
    for (let channel = 0; channel < 3; channel++) {
      const value = from[at + (isBgra ? 2 - channel : channel)] ?? 0;
      const shown = alpha === 'straight' ? Math.round((value * a) / 255) : Math.min(value, a);
      into[at + channel] = shown;
    }
    into[at + 3] = a;
  }
  return into;
}

const random = new RandomNumbers(3);
const noise = Uint8Array.from({ length: COUNT * 4 }, () => Math.floor(random.next() * 256));

for (const isBgra of [false, true])
  for (const alpha of ALPHA_KINDS)
    test(`pixels as ${isBgra ? 'BGRA' : 'RGBA'} with ${alpha} alpha become premultiplied RGBA`, () => {
      const pixels = new PushedPixels();
      const into = new Uint8Array(new SharedArrayBuffer(noise.length));
      pixels.convert(noise, into, { isBgra, alpha });
      assert.deepEqual(Uint8Array.from(into), wanted(noise, { isBgra, alpha }));
    });

test('all products of a colour and an alpha are exact to the nearest', () => {
  const all = new Uint8Array(256 * 256 * 4);
  for (let i = 0; i < 256 * 256; i++) all.set([i & 255, 0, 255, i >> 8], i * 4);
  const into = new Uint8Array(all.length);
  const order = { isBgra: false, alpha: 'straight' } as const;
  new PushedPixels().convert(all, into, order);
  assert.deepEqual(into, wanted(all, order));
});

test('they may be converted where they are', () => {
  const there = noise.slice();
  const order = { isBgra: true, alpha: 'straight' } as const;
  new PushedPixels().convert(there, there, order);
  assert.deepEqual(there, wanted(noise, order));
});
