import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { makeSound } from '../audio/track-rig.js';
import { hear } from '../support/heard.js';
import { pull } from '../support/media.js';
import { RandomNumbers } from '../support/random-numbers.js';
import { Service, SMALL_STREAM } from '../support/service.js';

/** Whatever is started, stopped, sought, skipped and faded over the API: nothing clicks in the pulled stream. */

const run = promisify(execFile);

const HZ = 100;
const AMPLITUDE = 0.2;
/**
 * How much the sound may bend between three samples. A sine of 100 Hz bends by 0.0002 of its amplitude, AAC adds noise below
 * -60 dB; the end of a fade of 5 ms bends by 1/240 of what fades. What is cut off bends by all of it.
 */
const MOST_BEND = 0.02;
/** More of them: CLICK_CHANGES; a thousand take two minutes. */
const CHANGES = Number(process.env['CLICK_CHANGES'] ?? 120);

let folder: string;
let service: Service;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-clicks-'));
  service = await Service.start(SMALL_STREAM);
  for (const [id, seconds] of [
    ['short', 0.5],
    ['long', 8],
  ] as const) {
    const path = join(folder, `${id}.flac`);
    await makeSound(path, `aevalsrc=exprs=${AMPLITUDE}*sin(2*PI*${HZ}*t):s=48000:d=${seconds}`);
    await service.must('POST', `/api/assets?id=${id}`, await readFile(path));
  }
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
});
after(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

/** Places where the sound bends by more than it may, seconds from the beginning. */
function clicks(samples: Float32Array): number[] {
  const found: number[] = [];
  samples.forEach((value, i) => {
    const bend = value - 2 * (samples[i - 1] ?? value) + (samples[i - 2] ?? value);
    if (i > 1 && Math.abs(bend) > MOST_BEND) found.push(i / 48_000);
  });
  return found;
}

/** The left channel of a sound as it comes out of the encoder that the service uses. */
async function encoded(source: string): Promise<Float32Array> {
  const path = join(folder, 'planted.flv');
  const aac = ['-ac', '2', '-c:a', 'aac', '-b:a', '160k', '-f', 'flv'];
  await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...aac, path]);
  return (await hear(await readFile(path))).left;
}

test('the detector finds a click that was planted before the encoder, and none in a fade', async () => {
  const sine = `${AMPLITUDE}*sin(2*PI*${HZ}*t)`;
  const cut = await encoded(`aevalsrc=exprs=if(lt(t\\,1.0025)\\,${sine}\\,0):s=48000:d=2`);
  assert.ok(clicks(cut).some((seconds) => Math.abs(seconds - 1.0025) < 0.05));
  const faded = await encoded(
    `aevalsrc=exprs=${sine}*min(1\\,max(0\\,(1.0025-t)/0.005)):s=48000:d=2`,
  );
  // The decoder begins and ends in the middle of things.
  assert.deepEqual(clicks(faded.subarray(4800, -4800)), []);
});

/** One change at random, which may not fit what is there. */
async function change(numbers: RandomNumbers): Promise<void> {
  const id = numbers.pick(['a', 'b']);
  const asset = numbers.pick(['short', 'long']);
  const file = { kind: 'file', asset, loop: numbers.next() < 0.5 };
  const entries = ['short', 'long'].map((one) => ({ kind: 'file', asset: one }));
  const list = { kind: 'playlist', entries, crossfadeMs: Math.round(300 * numbers.next()) };
  const content = numbers.next() < 0.5 ? file : list;
  const durationMs = Math.round(1 + 200 * numbers.next());
  const strip = { gainDb: -30 * numbers.next(), muted: numbers.next() < 0.3 };
  const path = `/api/audio/sources/${id}`;
  const kinds = [
    () => service.api('POST', '/api/audio/sources', { id, content }),
    () => service.api('PATCH', path, { content }),
    () => service.api('DELETE', path),
    () => service.api('PATCH', path, { strip, transition: { durationMs } }),
    () => service.api('PATCH', path, { strip }),
    () => service.api('POST', `${path}/seek`, { positionMs: Math.round(7000 * numbers.next()) }),
    () => service.api('POST', `${path}/${numbers.pick(['play', 'pause', 'skip'])}`, {}),
    () => service.api('POST', '/api/audio/clips', { content: { kind: 'file', asset: 'short' } }),
  ];
  await numbers.pick(kinds)();
}

test('random changes over the API do not click in the stream', async () => {
  const numbers = new RandomNumbers(20_261_126);
  const player = pull(service.playUrl);
  await service.until('the player receives', () => player.bytes.length > 20_000);
  for (let i = 0; i < CHANGES; i++) {
    await change(numbers);
    await sleep(200 * numbers.next());
  }
  await sleep(2500);
  const { bytes } = player;
  await player.stop();
  const { left } = await hear(bytes);
  const peak = left.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  assert.ok(peak > AMPLITUDE / 2, 'something was heard');
  // What a busy machine did not find the time for is silent, with a fade on both sides.
  assert.deepEqual(clicks(left.subarray(4800, -4800)), []);
});
