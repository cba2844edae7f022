import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Service, SMALL_STREAM, type Reply } from '../support/service.js';

let service: Service;
before(async () => {
  service = await Service.start(SMALL_STREAM);
});
after(() => service.close());

/** Calls without waiting for answers, the next after `delayMs`; answers come in the order of the calls. */
async function callAll(verbs: readonly string[], delayMs: number): Promise<Reply[]> {
  const replies: Promise<Reply>[] = [];
  for (const verb of verbs) {
    replies.push(service.api('POST', `/api/stream/${verb}`));
    if (delayMs > 0) await sleep(delayMs);
  }
  return Promise.all(replies);
}

for (const last of ['start', 'stop'] as const) {
  const wanted = last === 'start' ? 'live' : 'offline';
  test(`of calls that overtake each other each is answered, and the last counts: ${wanted}`, async () => {
    for (const delayMs of [0, 2, 10, 40, 150]) {
      const other = last === 'start' ? 'stop' : 'start';
      for (const verbs of [
        [last, other, last],
        [other, last, other, last],
      ]) {
        const replies = await callAll(verbs, delayMs);
        const told = replies.map(({ status, json }) => `${status} ${JSON.stringify(json['code'])}`);
        const seen = `${verbs.join()} every ${delayMs} ms: ${told.join(', ')}`;
        // What another call has overtaken is told so; the last one is done.
        for (const { status } of replies.slice(0, -1)) assert.ok([200, 409].includes(status), seen);
        assert.equal(replies.at(-1)?.status, 200, seen);
        assert.equal(replies.at(-1)?.json['state'], wanted, seen);
        await sleep(50);
        const status = await service.status();
        assert.deepEqual([status.state, status.wanted], [wanted, wanted], seen);
        assert.equal(service.encoderPid !== null, wanted === 'live', seen);
      }
    }
  });
}

test('a start that is stopped leaves nothing behind', async () => {
  await service.must('POST', '/api/stream/stop');
  await service.until('no child is left', () => service.children().length === 0);
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
  await service.ledger();
});
