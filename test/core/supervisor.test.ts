import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../src/core/logger.js';
import { POLICIES } from '../../src/core/policies.js';
import {
  delayBefore,
  KILL_PATIENCE_MS,
  Supervisor,
  type KillCause,
  type Supervised,
  type SupervisedEnd,
  type SupervisorPolicy,
} from '../../src/core/supervisor.js';
import { watchHealth } from '../../src/health-watch.js';
import { eventually } from '../support/until.js';

const POLICY: SupervisorPolicy = {
  name: 'unit',
  readyMs: 600,
  hangMs: 600,
  firstDelayMs: 1,
  lastDelayMs: 4,
  isSpread: false,
  stableMs: 60_000,
  logLevel: 'error',
};

/** What is supervised, in the hands of a test. */
class Unit implements Supervised {
  readonly ready: Promise<void>;
  readonly ended: Promise<string | null>;
  markReady: () => void = () => undefined;
  end: (reason: string | null) => void = () => undefined;
  beatsNow: number | null = 0;
  starvedNowMs: number | null = 0;
  killedFor: KillCause | null = null;
  /** Whether nothing ends it. */
  isStuck = false;

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

  starvedMs(): number | null {
    return this.starvedNowMs;
  }

  kill(cause: KillCause): void {
    this.killedFor = cause;
    if (!this.isStuck) this.end(null);
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
    policy: POLICY,
    logger: createLogger('silent', 'test'),
    start: () => {
      const unit = new Unit();
      units.push(unit);
      begin(unit);
      return unit;
    },
    onReady: (unit) => ready.push(unit),
    onEnded: (end) => ends.push(end),
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
  // Each is well for a moment.
  await eventually(() => supervisor.trouble !== null);
  assert.equal(supervisor.trouble, 'The unit is being started again: it crashed.');
  assert.deepEqual(ends[99], { reason: 'it crashed', inARow: 100, neverReadyInARow: 0 });
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
  assert.equal(first.killedFor, 'silent');
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
  assert.equal(first?.killedFor, 'late');
  assert.match(ends[0]?.reason ?? '', /not ready/);
  assert.equal(ends[0]?.neverReadyInARow, 1);
  assert.deepEqual(ready, []);
  await supervisor.close((unit) => {
    unit.end('');
  }, 10);
});

test('what is asked nothing may be silent, ready or not, and not any more when it is', async () => {
  for (const isReady of [true, false]) {
    const { supervisor, units } = watch((unit) => {
      unit.beatsNow = null;
      if (isReady) unit.markReady();
    });
    await sleep(1500);
    const [first] = units;
    assert.ok(first !== undefined && units.length === 1);
    first.beatsNow = 1;
    await eventually(() => units.length === 2);
    assert.equal(first.killedFor, isReady ? 'silent' : 'late');
    await supervisor.close((unit) => {
      unit.end('');
    }, 10);
  }
});

test('what cannot be ended is said, has no other beside it, and is over when it ends after all', async () => {
  const { supervisor, units, ends } = watch((unit) => {
    unit.isStuck = true;
    unit.markReady();
  });
  const [first] = units;
  assert.ok(first !== undefined);
  await eventually(() => first.killedFor === 'silent');
  assert.match(supervisor.trouble ?? '', /is being started again: it showed no sign of life/);
  await eventually(() => /cannot be ended/.test(supervisor.trouble ?? ''));
  assert.equal(units.length, 1);
  assert.ok(!supervisor.isReady);
  first.end(null);
  await eventually(() => units.length === 2 && supervisor.trouble === null);
  assert.match(ends[0]?.reason ?? '', /no sign of life/);
  const startedAtMs = performance.now();
  await supervisor.close(() => undefined, 10);
  assert.ok(performance.now() - startedAtMs >= KILL_PATIENCE_MS, 'it is not waited for longer');
});

test('what is not wanted any more rests until it is wanted again, in the middle of an end too', async () => {
  const { supervisor, units, ends } = watch((unit) => {
    unit.markReady();
  });
  supervisor.rest();
  assert.equal(units[0]?.killedFor, 'unwanted');
  await sleep(50);
  assert.equal(units.length, 1);
  assert.deepEqual(ends, []);
  supervisor.start();
  supervisor.start();
  assert.equal(units.length, 2);
  units[1]?.end('it crashed');
  await eventually(() => ends.length === 1);
  supervisor.rest();
  const { length } = units;
  await sleep(50);
  assert.equal(units.length, length);
  assert.equal(supervisor.trouble, null, 'nobody misses it');
  await supervisor.close(() => undefined, 10);
});

test('what cannot even be started is tried again, and says why', async () => {
  let tries = 0;
  const ends: SupervisedEnd[] = [];
  const supervisor = new Supervisor<Unit>({
    policy: POLICY,
    logger: createLogger('silent', 'test'),
    start: () => {
      tries += 1;
      throw new Error('there are no threads left');
    },
    onReady: () => undefined,
    onEnded: (end) => ends.push(end),
  });
  supervisor.start();
  await eventually(() => tries >= 5);
  assert.match(supervisor.trouble ?? '', /it could not be started: there are no threads left/);
  assert.equal(ends[2]?.neverReadyInARow, 3);
  await supervisor.close(() => undefined, 10);
});

type ChildLife = Supervised & { readonly pid: number };

/** A real process that runs a line of shell; ready as soon as it says something, alive as long as it says more. */
function startShell(line: string): ChildLife {
  const child = spawn('/bin/sh', ['-c', line], { stdio: ['ignore', 'pipe', 'ignore'] });
  let bytes = 0;
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (data: Buffer) => {
      bytes += data.length;
      resolve();
    });
  });
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(signal ?? `exit code ${code ?? 'none'}`);
    });
  });
  return {
    pid: child.pid ?? -1,
    ready,
    ended,
    beats: () => bytes,
    starvedMs: () => null,
    kill: () => child.kill('SIGKILL'),
  };
}

test('a child process that ends a hundred times in a row is still tried, and makes a service exit that should', async () => {
  let ends = 0;
  let lastInARow = 0;
  const supervisor = new Supervisor<Supervised>({
    policy: POLICY,
    logger: createLogger('silent', 'test'),
    start: () => startShell('exit 3'),
    onReady: () => undefined,
    onEnded: ({ inARow }) => {
      ends += 1;
      lastInARow = inARow;
    },
  });
  supervisor.start();
  const givenUp = new Promise<readonly string[]>((resolve) => {
    const troubles = (): string[] => (supervisor.trouble === null ? [] : [supervisor.trouble]);
    const stop = watchHealth({
      troubles,
      patienceSeconds: 2,
      onGivenUp: (reasons) => {
        stop();
        resolve(reasons);
      },
    });
  });
  await eventually(() => ends >= 100);
  assert.equal(lastInARow, ends);
  assert.deepEqual(await givenUp, ['The unit is being started again: exit code 3.']);
  await supervisor.close(() => undefined, 10);
});

test('a child process that is frozen, or killed, is replaced by one that works', async () => {
  const reasons: string[] = [];
  const supervisor = new Supervisor<ChildLife>({
    policy: POLICY,
    logger: createLogger('silent', 'test'),
    start: () => startShell('while echo alive; do sleep 0.05; done'),
    onReady: () => undefined,
    onEnded: ({ reason }) => reasons.push(reason),
  });
  supervisor.start();
  for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
    await eventually(() => supervisor.isReady);
    const { unit } = supervisor;
    assert.ok(unit !== null);
    process.kill(unit.pid, signal);
    await eventually(() => supervisor.isReady && supervisor.unit !== unit);
  }
  assert.equal(reasons.length, 2);
  await supervisor.close((life) => {
    life.kill('unwanted');
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

test('what waits for a processor is given the time that it did not have, and no more', async () => {
  const { supervisor, units, ends } = watch((unit) => {
    unit.markReady();
  });
  const [first] = units;
  assert.ok(first !== undefined);
  const starving = setInterval(() => {
    first.starvedNowMs = (first.starvedNowMs ?? 0) + 50;
  }, 50);
  await sleep(2 * POLICY.hangMs);
  assert.equal(first.killedFor, null);
  clearInterval(starving);
  await eventually(() => ends.length === 1);
  assert.equal(first.killedFor, 'silent');
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
  assert.equal(units[0]?.killedFor, 'unwanted');
  await sleep(50);
  assert.equal(units.length, 1);
  assert.deepEqual(ends, []);
});

test('the first end is answered at once, the next ones ever more slowly up to the longest pause', () => {
  const pauses = { firstDelayMs: 250, lastDelayMs: 5000, isSpread: false };
  assert.deepEqual(
    [1, 2, 3, 6, 7, 1000].map((inARow) => delayBefore(inARow, pauses, 0.5)),
    [0, 250, 500, 4000, 5000, 5000],
  );
});

test('pauses that are spread by chance are ever wider, up to fifteen seconds for relays', () => {
  const delay = (inARow: number, share: number): number =>
    delayBefore(inARow, POLICIES.relay, share);
  assert.equal(delay(1, 0), 100);
  assert.equal(delay(1, 0.999), 499.5);
  assert.ok(delay(4, 0.5) === 2000 && delay(51, 1) === 15_000);
});
