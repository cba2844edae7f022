import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../src/core/logger.js';
import {
  delayBefore,
  Supervisor,
  type Supervised,
  type SupervisedEnd,
  type SupervisorPolicy,
} from '../../src/core/supervisor.js';
import { eventually } from '../support/until.js';

const POLICY: SupervisorPolicy = {
  readyMs: 600,
  hangMs: 600,
  firstDelayMs: 1,
  lastDelayMs: 4,
  stableMs: 60_000,
};

/** What is supervised, in the hands of a test. */
class Unit implements Supervised {
  readonly ready: Promise<void>;
  readonly ended: Promise<string>;
  markReady: () => void = () => undefined;
  end: (reason: string) => void = () => undefined;
  beatsNow: number | null = 0;
  isKilled = false;

  constructor() {
    this.ready = new Promise((resolve) => {
      this.markReady = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  beats(): number | null {
    return this.beatsNow;
  }

  kill(): void {
    this.isKilled = true;
    this.end('it was killed');
  }
}

type Watched = {
  readonly supervisor: Supervisor<Unit>;
  readonly units: Unit[];
  readonly ends: SupervisedEnd[];
  readonly ready: Unit[];
};

function watch(begin: (unit: Unit) => void): Watched {
  const units: Unit[] = [];
  const ends: SupervisedEnd[] = [];
  const ready: Unit[] = [];
  const supervisor = new Supervisor<Unit>({
    name: 'the unit',
    policy: POLICY,
    logger: createLogger('silent', 'test'),
    start: () => {
      const unit = new Unit();
      units.push(unit);
      begin(unit);
      return unit;
    },
    onReady: (unit) => ready.push(unit),
    onEnded: (_unit, end) => ends.push(end),
  });
  supervisor.start();
  return { supervisor, units, ends, ready };
}

test('what ends a hundred times in a row is still started again, and told what is wanted each time', async () => {
  const { supervisor, units, ends, ready } = watch((unit) => {
    unit.markReady();
    setImmediate(() => {
      unit.end('it crashed');
    });
  });
  await eventually(() => ends.length >= 100);
  assert.ok(units.length >= 100);
  assert.ok(ready.length >= 99);
  assert.equal(supervisor.trouble, 'it crashed');
  assert.deepEqual(ends[99], { reason: 'it crashed', inARow: 100 });
  await supervisor.close(() => undefined, 10);
});

test('what gives no sign of life is killed and replaced, and what does is left alone', async () => {
  const { supervisor, units, ends } = watch((unit) => {
    unit.markReady();
  });
  const [first] = units;
  assert.ok(first !== undefined);
  for (let beat = 1; beat <= 12; beat++) {
    first.beatsNow = beat;
    await sleep(100);
  }
  assert.equal(units.length, 1);
  await eventually(() => units.length === 2);
  assert.ok(first.isKilled);
  assert.match(ends[0]?.reason ?? '', /no sign of life/);
  await supervisor.close((unit) => {
    unit.end('');
  }, 10);
});

test('what is not ready in time is killed and replaced, however lively it is', async () => {
  const { supervisor, units, ends, ready } = watch(() => undefined);
  const [first] = units;
  const timer = setInterval(() => {
    if (first !== undefined) first.beatsNow = (first.beatsNow ?? 0) + 1;
  }, 50);
  await eventually(() => ends.length === 1);
  clearInterval(timer);
  assert.match(ends[0]?.reason ?? '', /not ready/);
  assert.deepEqual(ready, []);
  await supervisor.close((unit) => {
    unit.end('');
  }, 10);
});

test('what cannot tell whether it lives is judged by its end alone', async () => {
  const { supervisor, units } = watch((unit) => {
    unit.beatsNow = null;
    unit.markReady();
  });
  await sleep(1500);
  assert.equal(units.length, 1);
  await supervisor.close((unit) => {
    unit.end('');
  }, 10);
});

test('a main thread that was blocked takes nobody for dead', async () => {
  const { supervisor, units } = watch((unit) => {
    unit.markReady();
    const timer = setInterval(() => {
      unit.beatsNow = (unit.beatsNow ?? 0) + 1;
    }, 50);
    void unit.ended.then(() => {
      clearInterval(timer);
    });
  });
  await sleep(300);
  for (const endMs = performance.now() + 2000; performance.now() < endMs;);
  await sleep(500);
  assert.equal(units.length, 1);
  await supervisor.close((unit) => {
    unit.end('');
  }, 10);
});

test('what is closed is asked, killed when it does not listen, and not started again', async () => {
  const { supervisor, units, ends } = watch((unit) => {
    unit.markReady();
  });
  let asked = 0;
  await supervisor.close(() => {
    asked += 1;
  }, 20);
  assert.equal(asked, 1);
  assert.ok(units[0]?.isKilled);
  await sleep(50);
  assert.equal(units.length, 1);
  assert.deepEqual(ends, []);
});

test('the first end is answered at once, the next ones ever more slowly up to the longest pause', () => {
  const pauses = { firstDelayMs: 250, lastDelayMs: 5000 };
  assert.deepEqual(
    [1, 2, 3, 6, 7, 1000].map((inARow) => delayBefore(inARow, pauses)),
    [0, 250, 500, 4000, 5000, 5000],
  );
});
