import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Breaker, BREAKER } from '../../src/compositor/faults/breaker.js';

const { coolDownMs, maxCoolDownMs } = BREAKER;

test('opens when it was slow three times of the last five, and not before', () => {
  const breaker = new Breaker();
  const opened = [true, false, false, true, false, true, true].map((slow, i) =>
    breaker.observe(slow, i),
  );
  assert.deepEqual(opened, [false, false, false, false, false, false, true]);
  assert.equal(breaker.state(6), 'open');
  assert.equal(breaker.retryAtMs, 6 + coolDownMs);
});

test('is tried once the time is over, and closed when that goes well', () => {
  const breaker = new Breaker();
  breaker.trip(0);
  assert.equal(breaker.state(coolDownMs - 1), 'open');
  assert.equal(breaker.state(coolDownMs), 'half-open');
  breaker.close(coolDownMs);
  assert.equal(breaker.state(coolDownMs), 'closed');
  assert.equal(breaker.retryAtMs, null);
});

test('opens at once when it is slow on trial', () => {
  const breaker = new Breaker();
  breaker.trip(0);
  assert.equal(breaker.observe(true, coolDownMs), true);
  assert.equal(breaker.state(coolDownMs), 'open');
});

test('stays off twice as long after each trial that fails, up to a bound', () => {
  const breaker = new Breaker();
  const offMs: number[] = [];
  let nowMs = 0;
  for (let i = 0; i < 9; i++) {
    breaker.trip(nowMs);
    offMs.push((breaker.retryAtMs ?? 0) - nowMs);
    nowMs = breaker.retryAtMs ?? 0;
  }
  assert.deepEqual(offMs, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  assert.equal(maxCoolDownMs, 60_000);
});

test('goes on doubling when it fails again as soon as it is back, and begins anew after a good while', () => {
  const breaker = new Breaker();
  breaker.trip(0);
  breaker.close(1000);
  breaker.trip(1100);
  assert.equal(breaker.retryAtMs, 1100 + 2 * coolDownMs);
  breaker.close(5000);
  breaker.trip(60_000);
  assert.equal(breaker.retryAtMs, 60_000 + coolDownMs);
});
