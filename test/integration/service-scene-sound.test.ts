import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sineAmplitude } from '../audio/rig.js';
import { type Heard, hear, see } from '../support/heard.js';
import { pull } from '../support/media.js';
import { Service, SMALL_STREAM } from '../support/service.js';

const FPS = 30;
const FRAME_SECONDS = 1 / FPS;
const SAMPLE_RATE_HZ = 48_000;
/** Eleven periods of 440 Hz, 22 of 880 Hz. */
const WINDOW_SAMPLES = 1200;

let service: Service;
before(async () => {
  service = await Service.start(SMALL_STREAM);
  for (const [id, frequencyHz] of [
    ['low', 440],
    ['high', 880],
  ] as const) {
    const content = { kind: 'tone', frequencyHz };
    await service.must('POST', '/api/audio/sources', {
      id,
      content,
      scope: 'scenes',
      strip: { gainDb: -6 },
    });
  }
  await service.must('POST', '/api/scenes', {
    id: 'white',
    background: '#ffffff',
    audio: [{ source: 'high', gainDb: -6 }],
  });
  await service.show({
    id: 'black',
    background: '#000000',
    audio: [{ source: 'low', gainDb: -6 }],
  });
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
});
after(() => service.close());

type Operation = { readonly method: string; readonly params: object };

/** Players begin with the last keyframe, which is so old at the most, milliseconds. */
const KEYFRAME_MS = 2000;
/** A busy machine may cost pictures or samples by itself: the first time that it does not counts. */
const TRIES = 5;

/** Pictures and samples that were not sent as they should have been, so far. */
async function lost(): Promise<number> {
  const { frames, audioSamples } = await service.status();
  const { mixer, encoder } = audioSamples.missing;
  return frames.late + frames.skipped + mixer + encoder;
}

/** What a player gets while operations are applied with one frame. */
async function recordOnce(operations: readonly Operation[]): Promise<Buffer> {
  const player = pull(service.playUrl);
  await service.until('the player receives', () => player.bytes.length > 50_000);
  const { clock } = await service.status();
  assert.ok(clock !== null);
  const frame = clock.frame + 2 * FPS;
  await service.must('POST', '/api/batch', { at: { frame }, operations });
  await service.until('the scenes have changed', async () => {
    const { clock: now } = await service.status();
    return (now?.frame ?? 0) > frame + 3 * FPS;
  });
  await sleep(2000);
  const { bytes } = player;
  await player.stop();
  return bytes;
}

/** The same, beginning with a scene that has been on air for a while. */
async function record(sceneId: string, operations: readonly Operation[]): Promise<Buffer> {
  for (let i = 1; ; i++) {
    await service.must('POST', `/api/scenes/${sceneId}/activate`);
    await sleep(KEYFRAME_MS + 500);
    const before = await lost();
    const flv = await recordOnce(operations);
    if (i === TRIES || (await lost()) === before) return flv;
  }
}

type Curve = readonly { readonly seconds: number; readonly value: number }[];

/** Values at first and at last: the median of half a second. */
function endsOf(curve: Curve): [first: number, last: number] {
  const median = (part: Curve): number =>
    part.map(({ value }) => value).sort((a, b) => a - b)[part.length >> 1] ?? NaN;
  const [start, end] = [curve[0]?.seconds ?? NaN, curve.at(-1)?.seconds ?? NaN];
  return [
    median(curve.filter(({ seconds }) => seconds < start + 0.5)),
    median(curve.filter(({ seconds }) => seconds > end - 0.5)),
  ];
}

/** Share of a curve, from its value at first to that at last, at which it is for the first time; seconds. */
function timeOfShare(curve: Curve, share: number): number {
  const [first, last] = endsOf(curve);
  assert.ok(Math.abs(first - last) > 0.1, `${first} to ${last}`);
  const shares = curve.map(({ seconds, value }) => {
    return { seconds, share: (value - first) / (last - first) };
  });
  const i = shares.findIndex((one) => one.share >= share);
  const [a, b] = [shares[i - 1], shares[i]];
  assert.ok(a !== undefined && b !== undefined);
  return a.seconds + ((share - a.share) / (b.share - a.share)) * (b.seconds - a.seconds);
}

/** How loud a tone is, window by window. */
function loudness(heard: Heard, frequencyHz: number): { seconds: number; value: number }[] {
  const curve = [];
  const step = SAMPLE_RATE_HZ / 200;
  // Encoders fade in at first.
  for (let at = 4800; at + WINDOW_SAMPLES <= heard.left.length - 4800; at += step) {
    const window = heard.left.subarray(at, at + WINDOW_SAMPLES);
    const seconds = heard.startSeconds + (at + WINDOW_SAMPLES / 2) / SAMPLE_RATE_HZ;
    curve.push({ seconds, value: sineAmplitude(window, frequencyHz) });
  }
  return curve;
}

const activate = (id: string, transition: object): Operation => {
  return { method: 'scenes.activate', params: { id, transition } };
};

test('with a cut at a frame, the sound of one scene gives way to that of the other with the picture', async () => {
  const flv = await record('black', [activate('white', { type: 'cut' })]);
  const heard = await hear(flv);
  const pictures = await see(flv);
  const cut = pictures.find(({ luma }) => luma > 128)?.seconds ?? NaN;
  for (const frequencyHz of [440, 880]) {
    const curve = loudness(heard, frequencyHz);
    const [quiet, loud] = endsOf(curve).sort((a, b) => a - b);
    assert.ok(quiet < 1e-3 && Math.abs(loud - 0.251) < 0.005, `${quiet} and ${loud}`);
    const offset = timeOfShare(curve, 0.5) - cut;
    assert.ok(Math.abs(offset) < FRAME_SECONDS / 3, `${frequencyHz} Hz is off by ${offset} s`);
  }
});

test('with a fade of a second, the tones cross while the pictures do, and a batch takes both on its frame', async () => {
  const transition = { type: 'fade', durationMs: 1000, easing: 'linear' };
  const flv = await record('white', [
    { method: 'preview.load', params: { sceneId: 'black' } },
    { method: 'program.take', params: { transition } },
  ]);
  const heard = await hear(flv);
  const pictures = (await see(flv)).map(({ seconds, luma }) => {
    return { seconds, value: luma / 255 };
  });
  // What is half white is so in any range of luma.
  const begins = timeOfShare(pictures, 0.5) - 0.5;
  const [low, high] = [loudness(heard, 440), loudness(heard, 880)];
  for (const share of [0.05, 0.25, 0.5, 0.75, 0.95]) {
    for (const curve of [low, high]) {
      const offset = timeOfShare(curve, share) - (begins + share);
      assert.ok(Math.abs(offset) < FRAME_SECONDS / 2, `at ${share} it is off by ${offset} s`);
    }
  }
});
