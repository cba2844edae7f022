import assert from 'node:assert/strict';
import { existsSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pull } from '../support/media.js';
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.js';
import { MOVING_SCENE } from '../support/scenes.js';
import { Service, SMALL_STREAM } from '../support/service.js';

let service: Service;
let nginx: NginxRtmp;
let temporary: string;
before(async () => {
  nginx = await startNginxRtmp();
  temporary = await mkdtemp(join(tmpdir(), 'sm-temporary-'));
  service = await Service.start({ ...SMALL_STREAM, TMPDIR: temporary });
});
after(async () => {
  await service.close();
  await nginx.close();
  await rm(temporary, { recursive: true, force: true });
});

/** The namespace in which process numbers count, as names of folders hold it. */
function pidNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
}

test('a service that is killed leaves no process, and goes live again as it was', async () => {
  await service.show(MOVING_SCENE);
  await service.must('POST', '/api/outputs', { id: 'far', url: nginx.url('key') });
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('far');
  await service.must('PATCH', '/api/scenes/moving/layers/box', { fill: '#ff0000' });
  await service.ledger();
  const before = await service.status();
  const scene = (await service.must('GET', '/api/scenes/moving')).json;
  assert.deepEqual(service.mediaKinds(), ['encoder', 'relay', 'relay']);

  const left = join(temporary, `stream-manager-${service.pid}-1-${pidNamespace()}-x`);
  await mkdir(left);
  await service.kill();
  await service.until('nothing of it is left', () => service.survivors.length === 0);

  await service.start();
  assert.equal(existsSync(left), false, 'what it has left is gone');
  const after = await service.status();
  assert.equal(after.state, 'live');
  assert.equal(after.revision, before.revision);
  assert.deepEqual(after.scene, before.scene);
  assert.deepEqual((await service.must('GET', '/api/scenes/moving')).json, scene);
  const addresses = ({ outputs }: typeof after): unknown =>
    outputs.map(({ id, url, enabled, builtIn }) => ({ id, url, enabled, builtIn }));
  assert.deepEqual(addresses(after), addresses(before));
  await service.outputIsLive('far');
  await service.outputIsLive('program');
  const player = pull(nginx.url('key'));
  try {
    await service.until('the destination has it', () => player.bytes.length > 50_000);
  } finally {
    await player.stop();
  }
  await service.ledger();
});
