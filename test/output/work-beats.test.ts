import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkBeats } from '../../src/output/work-beats.js';

test('a process is silent only while something goes into it and nothing comes out', () => {
  let nowMs = 0;
  const work = new WorkBeats(() => nowMs, 1200);
  assert.equal(work.beats, null, 'nothing was asked of it yet');
  work.give();
  assert.equal(work.beats, 0);
  work.done = 188;
  assert.equal(work.beats, 188);
  nowMs += 60_000;
  assert.equal(work.beats, null, 'it has nothing to do');
  work.give();
  assert.equal(work.beats, 188, 'and then owes something again');
});

test('a frame a second is enough to be at work all the time', () => {
  let nowMs = 0;
  const work = new WorkBeats(() => nowMs, 4000);
  for (; nowMs < 20_000; nowMs += 100) {
    if (nowMs % 1000 === 0) work.give();
    assert.equal(work.beats, 0);
  }
});

test('what is given nothing more is at rest before it is silent for too long', () => {
  let nowMs = 0;
  const work = new WorkBeats(() => nowMs, 1200);
  work.give();
  work.done = 188;
  nowMs = 599;
  assert.equal(work.beats, 188);
  nowMs = 600;
  assert.equal(work.beats, null);
});
