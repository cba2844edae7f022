import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshForMs } from '../../src/assets/freshness.js';

const BOUNDS = { minMs: 5_000, defaultMs: 300_000, maxMs: 3_600_000 };

test('takes the max-age of the server within bounds', () => {
  assert.equal(freshForMs('public, max-age=60', null, BOUNDS), 60_000);
  assert.equal(freshForMs('max-age=60, s-maxage=90', null, BOUNDS), 90_000);
  assert.equal(freshForMs('max-age=1', null, BOUNDS), 5_000);
  assert.equal(freshForMs('max-age=31536000, immutable', null, BOUNDS), 3_600_000);
});

test('takes off the age that the content already has', () => {
  assert.equal(freshForMs('max-age=60', '20', BOUNDS), 40_000);
  assert.equal(freshForMs('max-age=60', '600', BOUNDS), 5_000);
  assert.equal(freshForMs('max-age=60', 'soon', BOUNDS), 60_000);
});

test('falls back when the server says nothing, and asks often when it says no-cache', () => {
  assert.equal(freshForMs(null, null, BOUNDS), 300_000);
  assert.equal(freshForMs('max-age=x', null, BOUNDS), 300_000);
  assert.equal(freshForMs('no-store', null, BOUNDS), 5_000);
  assert.equal(freshForMs('no-cache, max-age=60', null, BOUNDS), 5_000);
});
