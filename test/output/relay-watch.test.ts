import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RelayWatch } from '../../src/output/relay-watch.js';

test('a relay that had no room for frames once is not ended while the encoder is silent', () => {
  const watch = new RelayWatch();
  watch.check({ fedBytes: 1000, droppedFrames: 3, sentBytes: 900 }, true);
  for (let check = 0; check < 100; check++)
    assert.equal(watch.check({ fedBytes: 1000, droppedFrames: 3, sentBytes: 900 }, true), null);
});

test('a relay over which nothing goes out is ended after six checks, be it fed or only dropping', () => {
  for (const growing of ['fedBytes', 'droppedFrames'] as const) {
    const watch = new RelayWatch();
    const counts = { fedBytes: 1000, droppedFrames: 0, sentBytes: 900 };
    watch.check(counts, true);
    const verdicts = Array.from({ length: 6 }, (_, i) =>
      watch.check({ ...counts, [growing]: counts[growing] + i + 1 }, true),
    );
    assert.deepEqual(verdicts, [null, null, null, null, null, 'stalled']);
  }
});

test('a server that never takes anything is left after twelve checks', () => {
  const watch = new RelayWatch();
  const verdicts = Array.from({ length: 12 }, (_, i) =>
    watch.check({ fedBytes: i + 1, droppedFrames: 0, sentBytes: 0 }, false),
  );
  assert.equal(verdicts.indexOf('no-answer'), 11);
});
