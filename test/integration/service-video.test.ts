import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCodedVideo } from '../support/coded-video.js';
import { seeCodes } from '../support/heard.js';
import { pull } from '../support/media.js';
import { Service, SMALL_STREAM } from '../support/service.js';
import { failThread, faultVariables } from '../support/thread-faults.js';

/** Videos in the pulled stream: which picture each frame shows. */

const FPS = 30;
const RATES = { slow: '25', film: '24000/1001', same: '30', fast: '60' } as const;
/** Pictures of a run. */
const FRAMES = 100;
/** How long each video is watched, seconds: several runs. More: VIDEO_SECONDS; 600 are ten minutes. */
const SECONDS = Number(process.env['VIDEO_SECONDS'] ?? 10);
/** How often a video is started at a frame. More: VIDEO_STARTS. */
const STARTS = Number(process.env['VIDEO_STARTS'] ?? 5);

let folder: string;
let service: Service;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-video-'));
  service = await Service.start({ ...SMALL_STREAM, ...faultVariables(join(folder, 'faults')) });
  for (const [id, rate] of Object.entries(RATES)) {
    const path = join(folder, `${id}.mp4`);
    await makeCodedVideo(path, { rate, frames: FRAMES });
    await service.must('POST', `/api/assets?id=${id}`, await readFile(path));
    const layers = [
      { id: 'video', type: 'video', asset: id, width: 1920, height: 1080, fit: 'fill' },
    ];
    await service.must('POST', '/api/scenes', { id, layers });
  }
  await service.show({ id: 'empty', layers: [] });
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
});
after(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

async function frameNow(): Promise<number> {
  return (await service.status()).clock?.frame ?? NaN;
}

async function activateAt(sceneId: string, frame: number): Promise<void> {
  await service.must('POST', '/api/batch', {
    at: { frame },
    operations: [{ method: 'scenes.activate', params: { id: sceneId } }],
  });
}

/** The numbers of the pictures that players get meanwhile, from the first that shows one on; frame by frame. */
async function watch(work: () => Promise<void>): Promise<number[]> {
  const player = pull(service.playUrl);
  await service.until('the player receives', () => player.bytes.length > 20_000);
  await work();
  await sleep(1500);
  const { bytes } = player;
  await player.stop();
  const codes = await seeCodes(bytes, FPS);
  return codes.slice(codes.findIndex((code) => code > 0));
}

/** The picture that the i-th frame of a scene shows. */
function wanted(i: number, rate: string): number {
  const [num = 0, den = 1] = rate.split('/').map(Number);
  return (Math.floor((i * num) / (den * FPS) + 0.001) % FRAMES) + 1;
}

/** Whether an FFmpeg runs whose output is read by the service. */
function isDecoding(): boolean {
  return service.children().some(({ kind, url }) => kind === 'other' && url === 'pipe:1');
}

/** How many slots repeated the frame before, or were not sent. */
async function lostSlots(): Promise<number> {
  const { late, skipped } = (await service.status()).frames;
  return late + skipped;
}

for (const [id, rate] of Object.entries(RATES))
  test(`a video of ${rate} pictures a second begins with its frame, and each frame shows the picture of its moment`, async (context) => {
    const before = await lostSlots();
    const count = SECONDS * FPS;
    const codes = await watch(async () => {
      const first = (await frameNow()) + 3 * FPS;
      await activateAt(id, first);
      await activateAt('empty', first + count);
      await service.until(
        'it is over',
        async () => (await frameNow()) > first + count,
        SECONDS * 1000 + 30_000,
      );
    });
    const shown = codes.slice(0, codes.indexOf(0) < 0 ? codes.length : codes.indexOf(0));
    const lost = (await lostSlots()) - before;
    const wrong = shown.filter((code, i) => code !== wanted(i, rate)).length;
    context.diagnostic(
      `${shown.length} frames, ${wrong} of them not as they should be; ${lost} slots lost`,
    );
    // A slot that is late repeats a picture.
    assert.ok(
      wrong <= lost,
      `${wrong} of ${shown.length} are wrong, ${lost} slots were lost: ${shown.slice(0, 60).join(' ')}`,
    );
    assert.ok(Math.abs(shown.length - count) <= lost + 1, `${shown.length} of ${count}`);
  });

test('a video that is scheduled for a frame shows its first picture with it, each time', async (context) => {
  const before = await lostSlots();
  let exact = 0;
  for (let i = 0; i < STARTS; i++) {
    const codes = await watch(async () => {
      const first = (await frameNow()) + 2 * FPS;
      await activateAt('same', first);
      await activateAt('empty', first + 20);
      await service.until('it is over', async () => (await frameNow()) > first + 20);
    });
    const run = codes.slice(0, 20);
    if (run.every((code, k) => code === k + 1)) exact += 1;
    else context.diagnostic(run.join(' '));
  }
  context.diagnostic(`${exact} of ${STARTS}`);
  // A slot that is late repeats a picture.
  assert.ok(STARTS - exact <= (await lostSlots()) - before, `${exact} of ${STARTS}`);
});

async function atFrame(frame: number, operation: string, fields = {}): Promise<void> {
  await service.must('POST', '/api/batch', {
    at: { frame },
    operations: [
      { method: `video.${operation}`, params: { sceneId: 'same', layerId: 'video', ...fields } },
    ],
  });
}

test('a seek, a pause and a resume are seen from their very frame on', async (context) => {
  const before = await lostSlots();
  const codes = await watch(async () => {
    const first = (await frameNow()) + 3 * FPS;
    await activateAt('same', first);
    await atFrame(first + 20, 'seek', { positionMs: 2000 });
    await atFrame(first + 40, 'pause');
    await atFrame(first + 50, 'seek', { positionMs: 500 });
    await atFrame(first + 60, 'resume');
    await activateAt('empty', first + 80);
    await service.until('it is over', async () => (await frameNow()) > first + 80);
  });
  const shown = codes.slice(0, 80);
  const expected = Array.from({ length: 80 }, (_, i) => {
    if (i < 20) return i + 1;
    if (i < 50) return 61 + Math.min(20, i - 20);
    return 16 + Math.max(0, i - 60);
  });
  const lost = (await lostSlots()) - before;
  context.diagnostic(`${lost} slots lost: ${shown.join(' ')}`);
  // Whatever was lost, nothing is shown that was not to be.
  const possible = new Set([...expected, 0]);
  assert.deepEqual(
    shown.filter((code) => !possible.has(code)),
    [],
    shown.join(' '),
  );
  // A slot that is late repeats a picture, one that is skipped moves the others.
  if (lost === 0) assert.deepEqual(shown, expected);
});

test('a seek that comes at once shows no other picture on the way', async () => {
  await service.must('POST', '/api/scenes/same/activate', {});
  const codes = await watch(async () => {
    await sleep(500);
    const path = '/api/scenes/same/layers/video/video';
    await service.must('POST', `${path}/pause`, {});
    await service.must('POST', `${path}/seek`, { positionMs: 3000 });
    await sleep(1000);
  });
  assert.equal(codes.at(-1), 91);
  const paused = codes.at(-1 - codes.toReversed().findIndex((code) => code !== 91));
  assert.ok(paused !== undefined && paused > 0 && !codes.includes(0), codes.join(' '));
  // What is paused stays so when its scene is taken again.
  await service.must('POST', '/api/scenes/same/layers/video/video/resume', {});
  await service.must('POST', '/api/scenes/empty/activate', {});
});

for (const fault of ['crash', 'freeze'] as const)
  test(`an ingest thread that fails (${fault}) leaves the encoder alone, and the pictures go on`, async () => {
    await service.must('POST', '/api/scenes/same/activate', {});
    await sleep(1000);
    const { encoderRestarts } = await service.status();
    assert.ok(await failThread(join(folder, 'faults'), { thread: 'ingest', fault }));
    await service.until('the pictures go on', async () => {
      // What a player begins with may be older than it is.
      const codes = (await watch(() => sleep(2000))).slice(-FPS);
      const steps = codes.slice(1).map((code, i) => (code - (codes[i] ?? 0) + FRAMES) % FRAMES);
      return steps.filter((step) => step === 1).length > steps.length * 0.8;
    });
    assert.equal((await service.status()).encoderRestarts, encoderRestarts);
    await service.must('POST', '/api/scenes/empty/activate', {});
  });

test('what nobody shows any more is not decoded, and nothing is left of it', async () => {
  await service.must('POST', '/api/scenes/fast/activate', {});
  await service.until('it is decoded', isDecoding);
  await service.must('POST', '/api/scenes/empty/activate', {});
  await service.until('its processes are gone', () => !isDecoding());
});
