import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { EventHub } from '../../src/api/event-hub.js';
import { OutputEvents } from '../../src/api/output-events.js';
import type { ServiceEvent } from '../../src/core/event.js';
import type { OutputStatus } from '../../src/output/status.js';

const HOUR_MS = 3_600_000;
const REPORT_MS = 250;

function status(changes: Partial<OutputStatus>): OutputStatus {
  const none = { bytes: 0, reconnects: 0, droppedFrames: 0, lastError: null };
  return { id: 'main', state: 'connecting', ...none, ...changes };
}

type Told = {
  readonly outputs: OutputEvents;
  readonly events: ServiceEvent[];
  readonly pass: (ms: number) => void;
};

function follow(t: TestContext): Told {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = 0;
  const events: ServiceEvent[] = [];
  const outputs = new OutputEvents(
    (event) => events.push(event),
    () => nowMs,
  );
  const pass = (ms: number): void => {
    nowMs += ms;
    t.mock.timers.tick(ms);
  };
  return { outputs, events, pass };
}

function statesOf(events: readonly ServiceEvent[]): unknown[] {
  return events.map(({ data }) => data['state']);
}

test('tells of changes of state, reconnects and errors, and not of what has been sent', (t) => {
  const { outputs, events, pass } = follow(t);
  outputs.onStatus(status({}));
  for (let bytes = 1; bytes <= 1000; bytes++) {
    outputs.onStatus(status({ state: 'live', bytes, droppedFrames: bytes }));
    pass(REPORT_MS);
  }
  outputs.onStatus(status({ state: 'waiting', lastError: 'gone' }));
  outputs.onStatus(status({ state: 'connecting', lastError: 'gone' }));
  outputs.onStatus(status({ state: 'live', lastError: 'gone', reconnects: 1 }));
  outputs.onStatus(status({ state: 'idle', lastError: 'gone', reconnects: 1 }));
  assert.deepEqual(statesOf(events), ['connecting', 'live', 'waiting', 'live', 'idle']);
  assert.equal(events[1]?.data['bytes'], 1);
});

test('an output that cannot be reached is events of once, not with every try', (t) => {
  const { outputs, events, pass } = follow(t);
  for (let i = 0; i < 500; i++) {
    outputs.onStatus(status({ state: 'connecting', lastError: i === 0 ? null : 'refused' }));
    pass(1000);
    outputs.onStatus(status({ state: 'waiting', lastError: 'refused' }));
    pass(7000);
  }
  assert.deepEqual(statesOf(events), ['connecting', 'waiting']);
  outputs.onStatus(status({ state: 'waiting', lastError: 'no such name' }));
  assert.equal(events.at(-1)?.data['lastError'], 'no such name');
});

test('an output that comes and goes all the time is events of at a bounded rate, and as it is in the end', (t) => {
  const { outputs, events, pass } = follow(t);
  let reconnects = 0;
  for (let ms = 0; ms < HOUR_MS; ms += 4000) {
    outputs.onStatus(status({ state: 'live', reconnects: reconnects++, lastError: 'closed' }));
    pass(2000);
    outputs.onStatus(status({ state: 'waiting', reconnects, lastError: 'closed' }));
    pass(2000);
  }
  assert.ok(events.length <= 131, `${events.length} events in an hour`);
  outputs.onStatus(status({ state: 'live', reconnects, lastError: 'closed' }));
  pass(60_000);
  assert.equal(events.at(-1)?.data['state'], 'live');
  assert.equal(events.at(-1)?.data['reconnects'], reconnects);
});

test('an output that is gone is forgotten, and a new one of its name is events of', (t) => {
  const { outputs, events } = follow(t);
  outputs.onStatus(status({ state: 'live' }));
  outputs.keep(new Set());
  outputs.onStatus(status({ state: 'live' }));
  assert.equal(events.length, 2);
});

test('what is rare is kept for hours while outputs, chats and values flood the events', (t) => {
  const hub = new EventHub(Date.now);
  const { outputs, pass } = follow(t);
  const seq = hub.newestSeq;
  const data = {};
  hub.publish({ topic: 'scene', type: 'scene.removed', data });
  const removed = hub.newestSeq;
  hub.publish({ topic: 'output', type: 'output.created', data });
  for (let second = 0; second < 4 * 3600; second++) {
    for (const id of ['a', 'b', 'c', 'd'])
      outputs.onStatus(status({ id, state: 'live', bytes: second }));
    for (let i = 0; i < 3; i++) hub.publish({ topic: 'scene', type: 'chat.appended', data });
    hub.publish({ topic: 'variables', type: 'variables.changed', data });
    hub.publish({ topic: 'scene', type: 'scene.on-air', data });
    if (second % 600 === 0) hub.publish({ topic: 'scene', type: 'scene.created', data });
    pass(1000);
  }
  const types = hub.read(seq, new Set(['scene', 'output']), 1000).events.map(({ type }) => type);
  assert.deepEqual(types.slice(0, 3), ['scene.removed', 'output.created', 'scene.created']);
  assert.equal(types.filter((type) => type === 'scene.created').length, 24);
  assert.equal(hub.since(removed, new Set(['output'])).gap, false);
  assert.equal(hub.since(removed, new Set(['scene'])).gap, true, 'chat messages are lost');
  assert.equal(hub.since(removed, new Set(['stream', 'output', 'variables'])).gap, true);
});
