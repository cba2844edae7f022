import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Service, SMALL_STREAM } from '../support/service.js';

let service: Service;
before(async () => {
  service = await Service.start(SMALL_STREAM);
});
after(() => service.close());

async function schedule(id: string, time: number, late: string): Promise<void> {
  const operations = [{ method: 'scenes.create', params: { id } }];
  const body = { id, at: { time }, late, operations };
  const { json } = await service.must('POST', '/api/batch', body);
  assert.equal(json['state'], 'scheduled');
}

test('a service that is killed knows its scheduled batches, and what to do with those it has missed', async () => {
  const soon = Date.now() + 5000;
  await schedule('missed', soon, 'apply');
  await schedule('gone', soon, 'reject');
  await schedule('later', Date.now() + 3_600_000, 'apply');
  await service.kill();
  await sleep(Math.max(0, soon + 1100 - Date.now()));
  await service.start();

  const missed = (await service.must('GET', '/api/batches/missed')).json;
  assert.equal(missed['state'], 'applied');
  assert.equal(missed['wasLate'], true);
  assert.equal((await service.api('GET', '/api/scenes/missed')).status, 200);
  const gone = (await service.must('GET', '/api/batches/gone')).json;
  assert.equal(gone['state'], 'failed');
  assert.equal((await service.api('GET', '/api/scenes/gone')).status, 404);
  assert.equal((await service.must('GET', '/api/batches/later')).json['state'], 'scheduled');
  await service.must('DELETE', '/api/batches/later');
});

test('a batch for now answers with its frame, and one that aims at a frame on air is late', async () => {
  await service.show({ id: 'show' });
  await service.must('POST', '/api/stream/start');
  const operations = [
    { method: 'scenes.update', params: { id: 'program', background: '#206020' } },
  ];
  const first = await service.must('POST', '/api/batch', { operations });
  const { clock } = await service.status();
  assert.ok(clock !== null);
  const { frame } = first.json;
  assert.ok(typeof frame === 'object' && frame !== null && 'frame' in frame);
  assert.ok(Number(frame['frame']) <= clock.frame + 1, JSON.stringify({ frame, clock }));
  assert.ok(Math.abs(Number(frame['mediaTimeMs']) - (Number(frame['frame']) * 1000) / 30) < 0.001);

  const at = { frame: clock.frame };
  const refused = await service.api('POST', '/api/batch', { at, late: 'reject', operations });
  assert.equal(refused.status, 409);
  const late = await service.must('POST', '/api/batch', {
    at,
    operations: [{ method: 'scenes.update', params: { id: 'program', background: '#602020' } }],
  });
  assert.equal(late.json['late'], true);
  assert.notEqual(late.json['frame'], null);
  const unseen = await service.must('POST', '/api/batch', {
    operations: [{ method: 'scenes.update', params: { id: 'missed', name: 'Not on air' } }],
  });
  assert.equal(unseen.json['frame'], null);
});
