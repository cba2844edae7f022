import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { TrackMemories } from '../../src/program/track-memories.js';

let memories = new TrackMemories();
afterEach(() => {
  memories.close();
  memories = new TrackMemories();
});

function rest(seconds: number): void {
  for (let i = 0; i < seconds; i++) memories.tick();
}

test('memory is lent again when it has rested for longer than the longest crossfade', () => {
  const first = memories.take(1024);
  memories.giveBack(first);
  rest(14);
  const second = memories.take(1024);
  assert.notEqual(second.buffer, first.buffer);
  rest(1);
  const third = memories.take(1024);
  assert.equal(third.buffer, first.buffer);
  assert.notEqual(third.lease, first.lease);
});

test('memory is lent to tracks that want as much, and to one at a time', () => {
  memories.giveBack(memories.take(1024));
  rest(15);
  const [other, same, another] = [memories.take(2048), memories.take(1024), memories.take(1024)];
  assert.equal(new Set([other, same, another].map(({ buffer }) => buffer)).size, 3);
});

test('what is kept is bounded: a thousand long clips leave no more than 16 MB', () => {
  const samples = 2 ** 17;
  const given = Array.from({ length: 1000 }, () => memories.take(samples));
  for (const memory of given) memories.giveBack(memory);
  rest(15);
  const buffers = new Set(given.map(({ buffer }) => buffer));
  const again = Array.from({ length: 1000 }, () => memories.take(samples));
  assert.equal(again.filter(({ buffer }) => buffers.has(buffer)).length, 15);
});
