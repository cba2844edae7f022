import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ChildProcess } from '../../src/core/child-process.js';
import { canSpawnLightly } from '../../src/core/light-spawn.js';

const ECHO = fileURLToPath(new URL('../support/echo-child.js', import.meta.url));

function start(
  isLight: boolean,
  received: unknown[],
  path = process.execPath,
): ChildProcess<unknown, unknown> {
  return new ChildProcess<unknown, unknown>(
    {
      path,
      args: [ECHO],
      environment: process.env,
      files: [],
      onMessage: (message) => void received.push(message),
    },
    isLight,
  );
}

for (const isLight of [true, false]) {
  const how = isLight ? 'without a copy of this process' : 'by Node.js';
  const options = { skip: isLight && !canSpawnLightly() };

  test(
    `started ${how}, a process has messages in both ways, and the last comes before its end`,
    options,
    async () => {
      const received: unknown[] = [];
      const child = start(isLight, received);
      assert.ok(child.pid !== null);
      for (let i = 0; i < 100; i++) child.send({ i });
      child.send({ end: 3 });
      await child.ended;
      assert.equal(received.length, 101);
      assert.deepEqual(received[99], { i: 99 });
      // Nobody is there to get it.
      child.send({ i: 0 });
    },
  );

  test(
    `started ${how}, one that is killed ends, and one that is not there does at once`,
    options,
    async () => {
      const child = start(isLight, []);
      child.kill();
      await child.ended;
      child.kill();
      const missing = start(isLight, [], '/no/such/program');
      await missing.ended;
      assert.equal(missing.pid, null);
    },
  );
}
