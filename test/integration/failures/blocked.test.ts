import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isAlive } from '../../support/service.js';
import { FailureRig } from './rig.js';

let rig: FailureRig;
before(async () => {
  rig = await FailureRig.open({ EXIT_WHEN_FAILING_SECONDS: '8' });
});
after(() => rig.close());

test('a thread that hangs in code of the system, which nothing ends, is told by /health, and ends the process that should exit then', async () => {
  const { service } = rig;
  const { clock } = await service.ledger();
  await service.until('the compositor is blocked', () => rig.block('compositor'));
  await service.until('/health says so', async () => {
    const { status, troubles } = await rig.health();
    return status === 503 && troubles.some((reason) => /cannot be ended/.test(reason));
  });
  assert.ok((await service.ledger()).clock > clock, 'the stream goes on meanwhile');
  const { pid } = service;
  service.children();
  await service.until('the process is gone', () => !isAlive(pid));
  await service.until('nothing of it is left', () => service.survivors.length === 0);
  assert.match(service.output, /EXIT_WHEN_FAILING_SECONDS.*The compositor does not respond/);
});
