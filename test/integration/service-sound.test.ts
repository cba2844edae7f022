import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AAC_SAMPLES, hear, onsets, see } from '../support/heard.js';
import { pull } from '../support/media.js';
import { isAlive, Service, SMALL_STREAM } from '../support/service.js';
import { failThread, faultVariables } from '../support/thread-faults.js';
import { sineAmplitude, toDb } from '../audio/rig.js';

const FPS = 30;
const FRAME_SECONDS = 1 / FPS;
/** One a second. More of them: FLASHES; 600 take ten minutes. */
const FLASHES = Number(process.env['FLASHES'] ?? 5);
const TONE = { id: 'beep', content: { kind: 'tone', frequencyHz: 1000 } };

let folder: string;
let service: Service;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-sound-'));
  service = await Service.start({ ...SMALL_STREAM, ...faultVariables(join(folder, 'faults')) });
  const size = { width: 1920, height: 1080 };
  await service.show({
    id: 'main',
    layers: [{ id: 'flash', type: 'shape', shape: 'rectangle', ...size, fill: '#000000' }],
  });
  await service.must('POST', '/api/audio/sources', { ...TONE, strip: { gainDb: -6, muted: true } });
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
});
after(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

/** Players begin with the last keyframe, which is so old at the most, milliseconds. */
const KEYFRAME_MS = 2000;

/** Has the tone sound or not, for everything that a player gets from now on. */
async function setTone(muted: boolean): Promise<void> {
  await service.must('PATCH', '/api/audio/sources/beep', { strip: { muted } });
  await sleep(KEYFRAME_MS + 500);
}

/** Everything that a player gets while something is done. */
async function record(work: () => Promise<void>): Promise<Buffer> {
  const player = pull(service.playUrl);
  await service.until('the player receives', () => player.bytes.length > 50_000);
  await work();
  const { bytes } = player;
  await player.stop();
  return bytes;
}

/** How far ahead flashes are scheduled, frames. */
const AHEAD = 4 * FPS;

/** Schedules flashes with beeps, each for six frames, one a second, and waits until players have got them all. */
async function flash(count: number): Promise<void> {
  const frameNow = async (): Promise<number> => (await service.status()).clock?.frame ?? NaN;
  const show = (isOn: boolean, frame: number): Promise<unknown> =>
    service.must('POST', '/api/batch', {
      at: { frame },
      operations: [
        {
          method: 'layers.update',
          params: { sceneId: 'main', layerId: 'flash', fill: isOn ? '#ffffff' : '#000000' },
        },
        { method: 'audio.sources.update', params: { id: 'beep', strip: { muted: !isOn } } },
      ],
    });
  const first = (await frameNow()) + AHEAD;
  for (let i = 0; i < count; i++) {
    const frame = first + i * FPS;
    while ((await frameNow()) < frame - AHEAD) await sleep(100);
    await show(true, frame);
    await show(false, frame + 6);
  }
  const last = first + count * FPS;
  await service.until('the last flash is over', async () => (await frameNow()) > last);
  await sleep(2000);
}

/** Frame slots of the clock whose picture or sound did not make it into the stream at its time, so far. */
async function lostSlots(): Promise<number> {
  const { frames, audioSamples } = await service.status();
  const { mixer, encoder } = audioSamples.missing;
  return frames.late + frames.skipped + ((mixer + encoder) * FPS) / 48_000;
}

/**
 * Flashes and beeps as they are pulled: each flash has its beep within a frame. Only a slot that the ledger says was lost may take one
 * from another. Answers how far they are off, ms.
 */
async function areTogether(count: number): Promise<number[]> {
  const before = await lostSlots();
  const flv = await record(() => flash(count));
  const lost = (await lostSlots()) - before;
  const pictures = await see(flv);
  const flashes = pictures
    .filter(({ luma }, i) => luma > 128 && (pictures[i - 1]?.luma ?? 255) < 128)
    .map(({ seconds }) => seconds);
  const beeps = onsets(await hear(flv), 0.05, 200);
  const offsets = flashes.map((seconds) =>
    Math.min(...beeps.map((beep) => Math.abs(beep - seconds))),
  );
  const together = offsets.filter((offset) => offset <= FRAME_SECONDS);
  const apart = Math.max(count, flashes.length, beeps.length) - together.length;
  assert.ok(
    apart <= lost,
    `${flashes.length} flashes and ${beeps.length} beeps of ${count}, with ${lost} slots lost: ${offsets.join(' ')} s`,
  );
  return together.map((offset) => offset * 1000);
}

test('a tone at -6 dB is heard at this level, and its samples are as many as the clock has', async () => {
  await setTone(false);
  const flv = await record(() => sleep(3000));
  const heard = await hear(flv);
  for (const channel of [heard.left, heard.right]) {
    const level = toDb(sineAmplitude(channel.subarray(24_000, 24_000 + 96_000), 1000));
    assert.ok(Math.abs(level + 6) < 0.1, `${level} dB`);
  }
  const { packetSeconds } = heard;
  const seconds = (packetSeconds.at(-1) ?? NaN) - (packetSeconds[0] ?? NaN);
  // FLV knows milliseconds.
  assert.ok(Math.abs(seconds - ((packetSeconds.length - 1) * AAC_SAMPLES) / 48_000) < 0.002);
  const { audioSamples, frames } = await service.status();
  assert.equal(audioSamples.clock, (frames.clock * 48_000) / FPS);
  assert.ok(audioSamples.mixed > 96_000);
  await setTone(true);
});

test('flashes and beeps that belong to the same frames are seen and heard together', async (context) => {
  const offsetsMs = await areTogether(FLASHES);
  context.diagnostic(
    `${offsetsMs.length} of ${FLASHES} flashes, at most ${Math.max(...offsetsMs).toFixed(1)} ms off`,
  );
});

test('a service that stood still for a second and a half has lost pictures, and not a sample', async () => {
  const before = await service.status();
  process.kill(service.pid, 'SIGSTOP');
  await sleep(1500);
  process.kill(service.pid, 'SIGCONT');
  await service.until('the clock goes on', async () => {
    const { frames } = await service.status();
    return frames.clock - before.frames.clock > 3 * FPS;
  });
  const { audioSamples, frames } = await service.status();
  assert.ok(frames.skipped > before.frames.skipped);
  assert.deepEqual(audioSamples.missing, before.audioSamples.missing);
  const { clock, mixed, silent, waiting } = audioSamples;
  assert.equal(clock, (frames.clock * 48_000) / FPS);
  const lost = audioSamples.missing.mixer + audioSamples.missing.encoder;
  assert.equal(mixed + silent + waiting + lost, clock);
});

/** A busy machine may take longer over a new thread by itself: the best of a few counts. */
const TRIES = 4;

test('a mixer that dies is back within a second, and the picture does not notice', async () => {
  await setTone(false);
  const before = await service.status();
  let least = Infinity;
  for (let i = 0; i < TRIES && least >= 48_000; i++) {
    const { mixer } = (await service.status()).audioSamples.missing;
    const flv = await record(async () => {
      await sleep(1000);
      assert.ok(await failThread(join(folder, 'faults'), { thread: 'mixer', fault: 'crash' }));
      await sleep(4000);
    });
    const { left } = await hear(flv);
    // Silent in the middle, and loud at both ends.
    let silent = 0;
    const half = 10 ** (-6 / 20);
    const peakAt = (at: number): number =>
      left.subarray(at, at + 480).reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
    for (let at = 4800; at + 480 <= left.length - 4800; at += 480)
      if (peakAt(at) < half / 10) silent += 480;
    assert.ok(silent > 0, 'nothing was seen of it');
    assert.ok(peakAt(4800) > half / 2 && peakAt(left.length - 4800) > half / 2);
    const missing = (await service.status()).audioSamples.missing.mixer - mixer;
    assert.ok(missing > 0);
    // What is silent is what is missing, and a fade on both sides.
    assert.ok(Math.abs(silent - missing) < 4800, `${silent} silent, ${missing} missing`);
    least = Math.min(least, silent);
  }
  assert.ok(least < 48_000, `silent for ${least} samples`);
  const { audioSamples, frames, encoderRestarts } = await service.status();
  assert.equal(audioSamples.missing.encoder, before.audioSamples.missing.encoder);
  assert.equal(audioSamples.clock, (frames.clock * 48_000) / FPS);
  assert.equal(encoderRestarts, before.encoderRestarts);
  await setTone(true);
});

/** Most slots that may have been on their way into the encoder that was killed: they were sent, and died with it. */
const LOST_INSIDE = 16;

test('an encoder that is killed leaves a hole of the length that the ledger says, and lips stay in sync', async () => {
  const player = pull(service.playUrl);
  await service.until('the player receives', () => player.bytes.length > 50_000);
  const encoder = service.encoderPid;
  assert.ok(encoder !== null);
  process.kill(encoder, 'SIGKILL');
  await service.until(
    'another one is there',
    async () => (await service.status()).encoderRestarts === 1,
  );
  await areTogether(3);
  const { audioSamples } = await service.status();
  const { clock, mixed, silent, missing, waiting } = audioSamples;
  assert.equal(mixed + silent + missing.mixer + missing.encoder + waiting, clock);
  const { packetSeconds } = await hear(player.bytes);
  await player.stop();
  const steps = packetSeconds.slice(1).map((seconds, i) => seconds - (packetSeconds[i] ?? NaN));
  const holes = steps.filter((step) => Math.abs(step - AAC_SAMPLES / 48_000) > 0.0015);
  assert.equal(holes.length, 1, holes.join(' '));
  const mostSeconds = missing.encoder / 48_000 + LOST_INSIDE * FRAME_SECONDS;
  assert.ok((holes[0] ?? NaN) <= mostSeconds, `${holes[0]} s, at most ${mostSeconds}`);
});

async function stopFor(pid: number, ms: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await sleep(ms);
  // Whoever does not respond may have been killed meanwhile.
  if (isAlive(pid)) process.kill(pid, 'SIGCONT');
}

/** What goes wrong, and how it is known to have. */
const FAULTS: Readonly<Record<string, () => Promise<void>>> = {
  'an encoder that stood still for three seconds': async () => {
    const before = (await service.status()).encoderRestarts;
    await stopFor(service.encoderPid ?? -1, 3000);
    await service.until(
      'another one is there',
      async () => (await service.status()).encoderRestarts > before,
    );
  },
  'a mixer that stood still': async () => {
    const before = (await service.status()).audioSamples.missing.mixer;
    assert.ok(await failThread(join(folder, 'faults'), { thread: 'mixer', fault: 'freeze' }));
    await service.until(
      'it is noticed',
      async () => (await service.status()).audioSamples.missing.mixer > before,
    );
    await sleep(2000);
  },
  'a hundred pictures that were skipped': async () => {
    const before = (await service.status()).frames.skipped;
    await stopFor(service.pid, 4000);
    await service.until(
      'they are skipped',
      async () => (await service.status()).frames.skipped >= before + 100,
    );
  },
};

for (const [what, fail] of Object.entries(FAULTS))
  test(`after ${what} flashes and beeps are together, and each sample is accounted for`, async () => {
    await fail();
    await service.outputIsLive('program');
    await areTogether(3);
    const { audioSamples, frames } = await service.status();
    const { clock, mixed, silent, missing, waiting } = audioSamples;
    assert.equal(clock, (frames.clock * 48_000) / FPS);
    assert.equal(mixed + silent + missing.mixer + missing.encoder + waiting, clock);
  });
