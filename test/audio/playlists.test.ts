import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Command } from '../../src/state/command.js';
import { assetOf } from '../state/samples.js';
import { steepestStep } from '../support/heard.js';
import { largestStep, sineAmplitude } from './rig.js';
import { sine, TrackRig } from './track-rig.js';

/** Playlists, decoded by FFmpeg and mixed to the sample. */

let rig: TrackRig;
before(async () => {
  rig = await TrackRig.open();
});
after(() => rig.close());
afterEach(async () => {
  for (const { id } of rig.state.sound.sources) rig.remove(id);
  await rig.mix(2400);
});

test('entries of a playlist follow on each other without a gap', async () => {
  await rig.makeAsset('one', sine(48_000 - 480, 1000, 0.3));
  await rig.makeAsset('two', sine(24_000, 1000, 0.3));
  const first = rig.next;
  const entries = ['one', 'two'].map((id) => ({ kind: 'file', asset: id }));
  rig.create('list', { kind: 'playlist', entries, repeat: false });
  await rig.mix(96_000);
  const heard = rig.left(first, 80_000);
  const end = 48_000 - 480 + 24_000;
  assert.ok(largestStep(heard.subarray(0, end)) <= steepestStep(0.3, 1000) * 1.01);
  assert.ok(Math.abs(sineAmplitude(heard.subarray(43_200, 52_800), 1000) - 0.3) < 1e-3);
  assert.equal(Math.max(...heard.subarray(end).map(Math.abs)), 0);
});

test('entries are crossfaded at equal power, and what plays is known with the first sample of the next', async () => {
  await rig.makeAsset('low', sine(96_000, 500, 0.3));
  await rig.makeAsset('high', sine(96_000, 2000, 0.3));
  const first = rig.next;
  const entries = ['low', 'high'].map((id) => ({ kind: 'file', asset: id }));
  const crossfadeMs = 1000;
  rig.create('mixed', { kind: 'playlist', entries, crossfadeMs, variable: 'song' });
  // The mixer goes faster here than any clock: the end of an entry must be known when its crossfade begins.
  await rig.decoded(96_000);
  await rig.mix(120_000);
  const heard = rig.left(first, 110_000);
  for (const share of [0.1, 0.25, 0.5, 0.75, 0.9]) {
    const at = 48_000 + share * 48_000;
    const part = heard.subarray(at - 480, at + 480);
    const [low, high] = [sineAmplitude(part, 500), sineAmplitude(part, 2000)];
    assert.ok(Math.abs(low - 0.3 * Math.cos((share * Math.PI) / 2)) < 0.005, `${share}: ${low}`);
    assert.ok(Math.abs(high - 0.3 * Math.sin((share * Math.PI) / 2)) < 0.005, `${share}: ${high}`);
  }
  const began = rig.told.filter(({ type, sample }) => type === 'started' && sample >= first);
  assert.deepEqual(
    began.map(({ sample }) => sample - first),
    // The third begins over the end of the second.
    [0, 48_000, 96_000],
  );
  assert.deepEqual(rig.state.variables['song'], {
    entry: 0,
    title: 'low',
    artist: '',
    album: '',
  });
});

test('a playlist is skipped, turned back and sent to an entry', async () => {
  const hz = [500, 1000, 2000] as const;
  for (const one of hz) await rig.makeAsset(`tone-${one}`, sine(480_000, one, 0.3));
  const entries = hz.map((one) => ({ kind: 'file', asset: `tone-${one}` }));
  rig.create('steered', { kind: 'playlist', entries });
  const steer = async (action: Extract<Command, { type: 'sound.transport' }>['action']) => {
    rig.do({ type: 'sound.transport', sourceId: 'steered', action, atMs: rig.nowMs });
    await rig.decoded();
    await rig.mix(14_400);
    const heard = rig.left(rig.next - 10_000, 9600);
    return hz.filter((one) => sineAmplitude(heard, one) > 0.29);
  };
  assert.deepEqual(await steer({ type: 'play' }), [500]);
  assert.deepEqual(await steer({ type: 'skip' }), [1000]);
  assert.deepEqual(await steer({ type: 'skip' }), [2000]);
  assert.deepEqual(await steer({ type: 'previous' }), [1000]);
  assert.deepEqual(await steer({ type: 'go-to', entry: 0 }), [500]);
  assert.deepEqual(await steer({ type: 'pause' }), []);
  assert.deepEqual(await steer({ type: 'play' }), [500]);
});

test('a playlist passes over the assets that do not exist or are no sound, however many', async () => {
  await rig.makeAsset('there', sine(24_000, 1000, 0.3));
  rig.do({
    type: 'asset.put',
    asset: assetOf({ id: 'picture', name: 'picture', kind: 'picture', state: 'ready' }),
  });
  const entries = ['nothing', 'there', 'picture', 'nothing', 'there'].map((id) => ({
    kind: 'file',
    asset: id,
  }));
  const first = rig.next;
  rig.create('holes', { kind: 'playlist', entries, repeat: false });
  await rig.mix(72_000);
  const began = rig.told.filter(({ type, sample }) => type === 'started' && sample >= first);
  assert.equal(began.length, 2);
  assert.equal(rig.state.sound.playback['holes']?.turn, 4);
  const reasons = rig.published
    .filter(({ type, data }) => type === 'audio-track.failed' && data['source'] === 'holes')
    .map(({ data }) => String(data['reason']));
  assert.deepEqual(reasons, [
    'The asset nothing does not exist: upload it, or take the entry out.',
    'The asset picture cannot be heard: it contains no sound.',
    'The asset nothing does not exist: upload it, or take the entry out.',
  ]);
});

test('a playlist waits for an asset that is being fetched', async () => {
  await rig.makeAsset('before', sine(24_000, 1000, 0.3));
  rig.do({
    type: 'asset.put',
    asset: assetOf({ id: 'late', name: 'late', kind: 'audio', state: 'pending' }),
  });
  const entries = ['before', 'late'].map((id) => ({ kind: 'file', asset: id }));
  rig.create('fetching', { kind: 'playlist', entries, repeat: false });
  await rig.mix(48_000);
  assert.equal(rig.state.sound.playback['fetching']?.turn, 0);
  await rig.makeAsset('late', sine(24_000, 2000, 0.3));
  await rig.mix(14_400);
  assert.ok(Math.abs(sineAmplitude(rig.left(rig.next - 10_000, 9600), 2000) - 0.3) < 1e-3);
});

test('a playlist whose first entry is fetched begins with that, and goes on to the others', async () => {
  rig.do({
    type: 'asset.put',
    asset: assetOf({ id: 'slow', name: 'slow', kind: 'audio', state: 'pending' }),
  });
  await rig.makeAsset('then', sine(24_000, 1000, 0.3));
  const entries = ['slow', 'then', 'then'].map((id) => ({ kind: 'file', asset: id }));
  rig.create('first', { kind: 'playlist', entries, repeat: false });
  await rig.mix(48_000);
  assert.equal(rig.state.sound.playback['first']?.turn, 0);
  const first = rig.next;
  await rig.makeAsset('slow', sine(24_000, 2000, 0.3));
  await rig.mix(96_000);
  const began = rig.told.filter(({ type, sample }) => type === 'started' && sample >= first);
  assert.equal(began.length, 3);
});

test('when the entry that plays is taken out of its playlist, the first one begins', async () => {
  const hz = [500, 1000, 2000] as const;
  for (const one of hz) await rig.makeAsset(`cut-${one}`, sine(480_000, one, 0.3));
  const listOf = (those: readonly number[]): object[] =>
    those.map((one) => ({ kind: 'file', asset: `cut-${one}` }));
  const heard = async (): Promise<readonly number[]> => {
    await rig.decoded();
    await rig.mix(14_400);
    const samples = rig.left(rig.next - 10_000, 9600);
    return hz.filter((one) => sineAmplitude(samples, one) > 0.29);
  };
  const change = (those: readonly number[]): void => {
    const patch = { content: { entries: listOf(those) } };
    const atMs = rig.nowMs;
    rig.do({ type: 'sound.patch', list: 'sources', id: 'cut', patch, atMs, transition: null });
  };
  rig.create('cut', { kind: 'playlist', entries: listOf(hz) });
  assert.deepEqual(await heard(), [500]);
  change([1000, 2000]);
  assert.deepEqual(await heard(), [1000]);
  // One before it, and another after it: what plays plays on.
  change([500, 1000]);
  assert.deepEqual(await heard(), [1000]);
});
