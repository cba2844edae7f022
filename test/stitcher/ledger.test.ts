import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Latencies } from '../../src/core/latencies.js';
import { Ledger, type FrameOutcome } from '../../src/stitcher/ledger.js';
import { LATENCY_BUCKETS_SECONDS } from '../../src/core/latencies.js';

const OUTCOMES = ['rendered', 'unchanged', 'late', 'skipped'] as const satisfies FrameOutcome[];

test('the ledger counts every slot once, and its sum is the clock', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...OUTCOMES)), (outcomes) => {
      const ledger = new Ledger();
      for (const outcome of outcomes) ledger.count(outcome);
      const snapshot = ledger.snapshot();
      assert.equal(snapshot.clock, outcomes.length);
      for (const name of OUTCOMES) {
        assert.equal(snapshot[name], outcomes.filter((outcome) => outcome === name).length);
      }
      ledger.reset();
      assert.equal(ledger.snapshot().clock, 0);
      assert.equal(snapshot.clock, outcomes.length, 'a snapshot stays as it was');
    }),
  );
});

test('latencies count at or below each bound, and all of them last', () => {
  const latencies = new Latencies();
  const bounds = [...LATENCY_BUCKETS_SECONDS, Infinity];
  const seen = [0, 0.0005, 0.00051, 0.016, 0.5, 1, 7];
  for (const seconds of seen) latencies.observe('render', seconds);
  const { render, assemble } = latencies.snapshot();
  assert.deepEqual(
    render.counts,
    bounds.map((bound) => seen.filter((seconds) => seconds <= bound).length),
  );
  assert.ok(Math.abs(render.sum - seen.reduce((sum, seconds) => sum + seconds, 0)) < 1e-12);
  assert.ok(assemble.counts.every((count) => count === 0));
});
