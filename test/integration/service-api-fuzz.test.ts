import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fuzzApi } from '../support/api-fuzz.js';
import { MOVING_SCENE } from '../support/scenes.js';
import { Service, SMALL_STREAM } from '../support/service.js';

/** A part for every run of the tests; more with FUZZ_REQUESTS, others with another FUZZ_SEED. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 400);
const SEED = Number(process.env['FUZZ_SEED'] ?? 2);

let service: Service;
before(async () => {
  service = await Service.start(SMALL_STREAM);
  await service.show(MOVING_SCENE);
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
});
after(() => service.close());

test('stays live through random requests of its contract, and accounts for every slot', async () => {
  const { answers, findings } = await fuzzApi({
    origin: service.origin,
    seed: SEED,
    requests: REQUESTS,
    // The stream is to stay as it is; a stream of pictures has no end.
    without: [
      'stream.start',
      'stream.stop',
      'config.update',
      'preview.mjpeg',
      'preview.scene.mjpeg',
    ],
  });
  assert.deepEqual(findings, []);
  assert.ok((answers.get('200') ?? 0) > 0);
  const status = await service.status();
  assert.equal(status.state, 'live');
  assert.equal(status.encoderRestarts, 0);
  const before = await service.ledger();
  await service.until('the clock goes on', async () => {
    return (await service.ledger()).clock > before.clock + 30;
  });
});
