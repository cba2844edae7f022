import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TierCadence } from '../../src/preview/tier-cadence.js';

function createCadence(fps: number): TierCadence {
  return new TierCadence({ widthPx: 640, fps, quality: 75 });
}

test('is due at the start of every slot, for hours, without drifting', () => {
  for (const fps of [1, 7, 15, 24, 25, 29.97, 30, 60]) {
    const cadence = createCadence(fps);
    for (const startMs of [0, 3_600_000, 86_400_000]) {
      cadence.takeSlot(startMs);
      for (let n = 1; n <= 500; n++) {
        const dueMs = cadence.nextDueMs;
        assert.ok(cadence.takeSlot(dueMs), `${fps} fps, ${n} slots after ${startMs} ms`);
        assert.ok(!cadence.takeSlot(dueMs + 0.4 * (1000 / fps)));
        assert.ok(Math.abs(cadence.nextDueMs - (dueMs + 1000 / fps)) < 1e-6);
      }
    }
  }
});

test('leaves out the slots that it missed', () => {
  const cadence = createCadence(10);
  assert.ok(cadence.takeSlot(0));
  assert.ok(cadence.takeSlot(1055));
  assert.ok(!cadence.takeSlot(1060));
  assert.equal(cadence.nextDueMs, 1100);
});

test('wants a frame once, and again a second later', () => {
  const cadence = createCadence(30);
  assert.ok(cadence.wants(5, 1000));
  cadence.sent(5, 1000);
  cadence.taken();
  assert.ok(!cadence.wants(5, 1033));
  assert.ok(cadence.wants(6, 1033));
  assert.ok(cadence.wants(5, 2000));
});

test('stops while two pictures are on their way', () => {
  const cadence = createCadence(30);
  cadence.sent(1, 0);
  cadence.sent(2, 33);
  assert.ok(!cadence.wants(3, 66));
  assert.ok(!cadence.wants(3, 5000));
  cadence.taken();
  assert.ok(cadence.wants(4, 5033));
});
