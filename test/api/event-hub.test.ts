import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventHub } from '../../src/api/event-hub.js';

const SCENE = new Set(['scene'] as const);

function sceneEvent(name: string): Parameters<EventHub['publish']>[0] {
  return { topic: 'scene', type: 'scene.updated', data: { name } };
}

test('numbers events without a hole, and gives statistics no number of their own', () => {
  const hub = new EventHub(() => 1_000_000);
  const first = hub.publish(sceneEvent('a'));
  const stats = hub.publish({ topic: 'stats', type: 'stats.sampled', data: {} });
  const second = hub.publish(sceneEvent('b'));
  assert.equal(stats.seq, first.seq);
  assert.equal(second.seq, first.seq + 1);
  assert.equal(hub.newestSeq, second.seq);
  assert.equal(first.at, '1970-01-01T00:16:40.000Z');
});

test('replays by topic what came after a number', () => {
  const hub = new EventHub(Date.now);
  const { seq } = hub.publish(sceneEvent('a'));
  hub.publish({ topic: 'asset', type: 'asset.updated', data: {} });
  hub.publish(sceneEvent('b'));
  const { events, gap } = hub.since(seq, SCENE);
  assert.equal(gap, false);
  assert.equal(events.length, 1);
  assert.match(events[0] ?? '', /"name":"b"/);
  assert.deepEqual(hub.since(hub.newestSeq, SCENE), { events: [], gap: false });
});

test('keeps a thousand events and tells who asks for older ones', () => {
  const hub = new EventHub(Date.now);
  const first = hub.publish(sceneEvent('first')).seq;
  for (let i = 0; i < 1000; i++) hub.publish(sceneEvent(String(i)));
  assert.equal(hub.since(first - 1, SCENE).gap, true);
  assert.equal(hub.since(first, SCENE).gap, false);
  assert.equal(hub.since(first, SCENE).events.length, 1000);
});

test('keeps fewer events when they are large', () => {
  const hub = new EventHub(Date.now);
  const first = hub.publish(sceneEvent('first')).seq;
  for (let i = 0; i < 40; i++) hub.publish(sceneEvent('x'.repeat(1024 * 1024)));
  const { events, gap } = hub.since(first, SCENE);
  assert.equal(gap, true);
  assert.ok(events.length > 10 && events.length < 17, String(events.length));
});

test('knows a number from before a restart', () => {
  const before = new EventHub(() => 1_000_000);
  for (let i = 0; i < 10; i++) before.publish(sceneEvent('old'));
  const after = new EventHub(() => 1_005_000);
  after.publish(sceneEvent('new'));
  assert.equal(after.since(before.newestSeq, SCENE).gap, true);
});

test('stops telling a listener that has left', () => {
  const hub = new EventHub(Date.now);
  const heard: string[] = [];
  const leave = hub.listen((event) => heard.push(event.type));
  hub.publish(sceneEvent('a'));
  leave();
  hub.publish(sceneEvent('b'));
  assert.deepEqual(heard, ['scene.updated']);
});
