import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clampCrop, commonBox, FITS, placePicture } from '../../src/scene/picture-fit.js';

const MIDDLE = { x: 0.5, y: 0.5 };
const WIDE = { width: 200, height: 100 };
const SQUARE = { width: 100, height: 100 };

test('fits as object-fit of CSS does', () => {
  const place = (fit: (typeof FITS)[number]): unknown => placePicture(WIDE, SQUARE, fit, MIDDLE);
  assert.deepEqual(place('fill'), { x: 0, y: 0, width: 100, height: 100 });
  assert.deepEqual(place('contain'), { x: 0, y: 25, width: 100, height: 50 });
  assert.deepEqual(place('cover'), { x: -50, y: 0, width: 200, height: 100 });
  assert.deepEqual(place('none'), { x: -50, y: 0, width: 200, height: 100 });
});

test('brings the focus to the middle of the box, but never shows what is not there', () => {
  const x = (focus: number): number => placePicture(WIDE, SQUARE, 'cover', { x: focus, y: 0 }).x;
  assert.deepEqual([0, 0.25, 0.3, 0.5, 0.75, 1].map(x), [0, 0, -10, -50, -100, -100]);
});

test('shares out what is free by the focus', () => {
  const y = (focus: number): number => placePicture(WIDE, SQUARE, 'contain', { x: 0, y: focus }).y;
  assert.deepEqual([0, 0.5, 1].map(y), [0, 25, 50]);
});

test('a crop stays within the picture and keeps its size where it can', () => {
  assert.deepEqual(clampCrop(null, WIDE), { x: 0, y: 0, ...WIDE });
  const crop = { x: 150, y: -5, width: 100, height: 20 };
  assert.deepEqual(clampCrop(crop, WIDE), { x: 100, y: 0, width: 100, height: 20 });
  assert.deepEqual(clampCrop({ x: 0, y: 0, width: 900, height: 0 }, WIDE), {
    x: 0,
    y: 0,
    width: 200,
    height: 1,
  });
});

test('a covered box is covered, a contained picture is contained, both in their proportions', () => {
  const length = fc.double({ min: 1, max: 5000, noNaN: true });
  const size = fc.record({ width: length, height: length });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(size, size, fc.record({ x: share, y: share }), (picture, box, focus) => {
      const whole = { x: 0, y: 0, ...box };
      for (const fit of ['contain', 'cover', 'none'] as const) {
        const place = placePicture(picture, box, fit, focus);
        const inside = commonBox(place, whole);
        const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(a, b);
        assert.ok(isNear(place.width * picture.height, place.height * picture.width), fit);
        const wanted = fit === 'cover' ? box : fit === 'contain' ? place : inside;
        assert.ok(isNear(inside.width, wanted.width) && isNear(inside.height, wanted.height), fit);
      }
    }),
  );
});
