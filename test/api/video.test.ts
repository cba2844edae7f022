import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { VideoTransportSchema } from '../../src/scene/schema/video-transport.js';
import { type Harness, startHarness } from './harness.js';

/** Playback of videos by operations. */

let api: Harness;
before(async () => {
  api = await startHarness();
  const video = { id: 'clip', type: 'video', asset: 'intro', inMs: 1000, outMs: 9000 };
  const layers = [{ id: 'title', type: 'text', text: 'Hi' }, video];
  await api.call('POST', '/api/scenes', { body: { id: 'show', layers } });
  await api.call('POST', '/api/scenes', { body: { id: 'other', layers: [video] } });
  await api.call('POST', '/api/scenes/show/activate');
});
after(() => api.close());

const TransportSchema = VideoTransportSchema.omit({ atMs: true, soughtAtMs: true });

function transportOf({ json }: { readonly json: Record<string, unknown> }): unknown {
  return TransportSchema.strip().parse(json['transport']);
}

const ON_AIR = { paused: false, run: 0, cued: false };
const CLIP = '/api/scenes/show/layers/clip';

test('pauses, seeks, resumes and restarts a video, and tells of it', async () => {
  const heard: string[] = [];
  const stop = api.events.listen((event) => heard.push(event.type));
  const paused = await api.call('POST', `${CLIP}/video/pause`);
  assert.equal(paused.status, 200, paused.text);
  assert.deepEqual(transportOf(paused), { ...ON_AIR, paused: true, positionMs: 1000 });
  const again = await api.call('POST', `${CLIP}/video/pause`);
  assert.deepEqual(again.json, paused.json);
  const sought = await api.call('POST', '/api/scenes/program/layers/clip/video/seek', {
    body: { positionMs: 5000 },
  });
  assert.deepEqual(transportOf(sought), { ...ON_AIR, paused: true, positionMs: 5000 });
  const resumed = await api.call('POST', `${CLIP}/video/resume`);
  assert.deepEqual(transportOf(resumed), { ...ON_AIR, positionMs: 5000 });
  const restarted = await api.call('POST', `${CLIP}/video/restart`);
  assert.deepEqual(transportOf(restarted), { ...ON_AIR, positionMs: 1000 });
  assert.deepEqual((await api.call('GET', CLIP)).json, restarted.json);
  stop();
  assert.deepEqual(heard, ['video.paused', 'video.seeked', 'video.resumed', 'video.restarted']);
});

test('what is not on air is cued', async () => {
  const sought = await api.call('POST', '/api/scenes/other/layers/clip/video/seek', {
    body: { positionMs: 5000 },
  });
  assert.deepEqual(transportOf(sought), { ...ON_AIR, positionMs: 5000, cued: true });
});

test('refuses places that are not played, and layers that are no videos', async () => {
  for (const positionMs of [0, 999, 9000, -1]) {
    const answer = await api.call('POST', `${CLIP}/video/seek`, { body: { positionMs } });
    assert.equal(answer.textOf('code'), 'SM_REQUEST_INVALID', answer.text);
  }
  const title = await api.call('POST', '/api/scenes/show/layers/title/video/pause');
  assert.deepEqual([title.status, title.textOf('code')], [409, 'SM_LAYER_KIND']);
});

test('a change of what is played goes on from where the video is, and another video begins', async () => {
  await api.call('POST', `${CLIP}/video/seek`, { body: { positionMs: 5000 } });
  const faster = await api.call('PATCH', CLIP, { body: { speed: 2 } });
  assert.deepEqual(transportOf(faster), { ...ON_AIR, positionMs: 5000 });
  const other = await api.call('PATCH', CLIP, { body: { asset: 'outro' } });
  assert.deepEqual(transportOf(other), { ...ON_AIR, positionMs: 1000 });
  const written = await api.call('PATCH', CLIP, { body: { asset: 'intro', transport: null } });
  assert.equal(written.json['transport'], null);
});
