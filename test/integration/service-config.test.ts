import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { probeStreams } from '../support/media.js';
import { MOVING_SCENE } from '../support/scenes.js';
import { Service, SMALL_STREAM } from '../support/service.js';
import { isNear, viewStream } from '../support/stream-view.js';

let service: Service;
before(async () => {
  service = await Service.start(SMALL_STREAM);
  await service.show(MOVING_SCENE);
});
after(() => service.close());

const FORMATS = [
  { resolution: '1280x720', fps: 30, rate: '30/1' },
  { resolution: '1920x1080', fps: 60, rate: '60/1' },
  { resolution: '1280x720', fps: '30000/1001', rate: '30000/1001' },
  { resolution: '1080x1920', fps: 30, rate: '30/1' },
  { resolution: '3840x2160', fps: 30, rate: '30/1' },
] as const;

for (const { resolution, fps, rate } of FORMATS) {
  test(`sends ${resolution} at ${fps} after the configuration was changed to it`, async () => {
    await service.must('PATCH', '/api/config', { resolution, fps, bitrate: 3_000_000 });
    await service.must('POST', '/api/stream/start');

    const refused = await service.api('PATCH', '/api/config', { resolution: '320x180' });
    assert.equal(refused.status, 409);
    assert.equal(refused.json['code'], 'SM_STREAM_LIVE');

    await service.outputIsLive('program');
    const streams = await probeStreams(service.playUrl);
    const video = streams.find(({ codec_type }) => codec_type === 'video');
    assert.equal(`${video?.width ?? 0}x${video?.height ?? 0}`, resolution);
    const { resolution: told } = await service.status();
    assert.equal(`${told.width}x${told.height}`, resolution);
    assert.equal(video?.r_frame_rate, rate);
    await service.ledger();
    const stopped = await service.must('POST', '/api/stream/stop');
    assert.equal(stopped.json['state'], 'offline');
    await service.ledger();
  });
}

test('the picture fills the newest size: nothing of an older one is left', async () => {
  await service.must('PATCH', '/api/config', { resolution: '640x360', fps: 30 });
  await service.must('POST', '/api/scenes', {
    id: 'plain',
    layers: [
      { id: 'left', type: 'shape', shape: 'rectangle', width: 960, height: 1080, fill: '#c02020' },
      {
        id: 'right',
        type: 'shape',
        shape: 'rectangle',
        x: 960,
        width: 960,
        height: 1080,
        fill: '#2020c0',
      },
    ],
  });
  await service.must('POST', '/api/scenes/plain/activate');
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
  const view = viewStream(service.playUrl);
  try {
    await view.until(
      'red on the left, blue on the right',
      (seen) =>
        [0.02, 0.98].every((y) => isNear(seen.colorAt(0.02, y), [192, 32, 32])) &&
        [0.02, 0.98].every((y) => isNear(seen.colorAt(0.98, y), [32, 32, 192])),
    );
  } finally {
    await view.close();
  }
});
