import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pull, type Pull } from '../support/media.js';
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.js';
import { startRtmpRecorder, type RtmpRecorder } from '../support/rtmp-recorder.js';
import { MOVING_SCENE } from '../support/scenes.js';
import { Service, SMALL_STREAM } from '../support/service.js';
import { timelineOf } from '../support/stream-view.js';

const FPS = 30;
/** Most slots that may have been on their way into the encoder that was killed: they were sent, and died with it. */
const LOST_INSIDE = 16;

let service: Service;
let nginx: NginxRtmp;
let recorder: RtmpRecorder;
const players: Pull[] = [];
before(async () => {
  nginx = await startNginxRtmp();
  recorder = await startRtmpRecorder();
  service = await Service.start(SMALL_STREAM);
  await service.show(MOVING_SCENE);
  await service.must('POST', '/api/outputs', { id: 'far', url: nginx.url('key') });
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('far');
  await service.outputIsLive('program');
});
after(async () => {
  for (const player of players) await player.stop();
  await service.close();
  await recorder.kill();
  await nginx.close();
});

async function watch(url: string): Promise<Pull> {
  const player = pull(url);
  players.push(player);
  await service.until('the player receives', () => player.bytes.length > 50_000);
  return player;
}

async function goesOn(player: Pull): Promise<void> {
  const before = player.bytes.length;
  await service.until('the player goes on', () => player.bytes.length > before + 300_000);
}

test('an encoder that is killed is back by itself, the gap is what the ledger says, and sessions behind it survive', async () => {
  const [far, near] = await Promise.all([watch(nginx.url('key')), watch(service.playUrl)]);
  await goesOn(far);
  const [encoder, relay] = [service.encoderPid, service.relayPid(nginx.url('key'))];
  assert.ok(encoder !== null && relay !== null);

  process.kill(encoder, 'SIGKILL');
  await service.until('another encoder is there', () => {
    return service.encoderPid !== null && service.encoderPid !== encoder;
  });
  await Promise.all([goesOn(far), goesOn(near)]);

  assert.equal(service.relayPid(nginx.url('key')), relay, 'the relay has lived on');
  assert.equal(await nginx.publishCount(), 1, 'its session as well');
  const status = await service.status();
  assert.equal(status.encoderRestarts, 1);
  const after = await service.ledger();
  for (const player of [far, near]) {
    assert.ok(player.isRunning);
    const { isForward, longestGapSeconds, missing } = timelineOf(await player.packets(), FPS);
    assert.ok(isForward, 'times go forward');
    const counted = after.skipped + LOST_INSIDE;
    assert.ok(missing <= counted, `${missing} slots missing, ${after.skipped} skipped`);
    // By the times in the stream, which are those of the clock: a gap is as long as the ledger says.
    assert.ok(longestGapSeconds * FPS <= counted + 1, `${longestGapSeconds} s without a picture`);
  }
});

test('destinations that are killed harm nobody, and are live again when they are back', async () => {
  const near = await watch(service.playUrl);
  await service.must('POST', '/api/outputs', { id: 'recorded', url: recorder.url });
  await service.outputIsLive('recorded');
  await goesOn(near);
  await Promise.all([nginx.kill(), recorder.kill()]);
  await service.until('their loss is noticed', async () => {
    const { outputs } = await service.status();
    return outputs.filter(({ status }) => status.state === 'waiting').length === 2;
  });
  await goesOn(near);
  await nginx.restart();
  recorder.restart();
  await Promise.all([service.outputIsLive('far'), service.outputIsLive('recorded')]);

  const far = await watch(nginx.url('key'));
  await Promise.all([goesOn(far), goesOn(near)]);
  await service.until('the recorder has a part', () => recorder.byteCount > 300_000);
  const recorded = (await recorder.packets()).filter(({ type }) => type === 'video');
  assert.equal(recorded[0]?.isKeyframe, true, 'they get it from a keyframe on');
  assert.equal(timelineOf(recorded, FPS).isForward, true);

  const { outputs, frames } = await service.status();
  const statuses = new Map(outputs.map(({ id, status }) => [id, status]));
  assert.equal(statuses.get('far')?.reconnects, 1);
  assert.equal(statuses.get('recorded')?.reconnects, 1);
  assert.equal(statuses.get('program')?.reconnects, 0);
  assert.equal(statuses.get('program')?.droppedFrames, 0);
  assert.ok(near.isRunning);
  const { isForward, missing } = timelineOf(await near.packets(), FPS);
  assert.ok(isForward);
  assert.ok(missing <= frames.skipped, `${missing} slots missing, ${frames.skipped} skipped`);
  await service.ledger();
});
