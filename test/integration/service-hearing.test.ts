import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { see } from '../support/heard.js';
import { pull } from '../support/media.js';
import { Service, SMALL_STREAM } from '../support/service.js';
import { failThread, faultVariables } from '../support/thread-faults.js';

const FPS = 30;
const FLASHES = 5;
const HALF = { width: 1920, height: 540 };

let folder: string;
let service: Service;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-hearing-'));
  service = await Service.start({ ...SMALL_STREAM, ...faultVariables(join(folder, 'faults')) });
  // The upper half is light in frames that a batch is for, the lower half in those that are loud.
  await service.show({
    id: 'main',
    background: '#000000',
    layers: [
      { id: 'flash', type: 'shape', shape: 'rectangle', ...HALF, fill: '#ffffff', visible: false },
      {
        id: 'loud',
        type: 'shape',
        shape: 'rectangle',
        y: 540,
        ...HALF,
        fill: '#ffffff',
        opacity: 0,
        bindings: { opacity: 'audio.beep.level > 0.5 ? 1.0 : 0.0' },
      },
    ],
  });
  await service.must('POST', '/api/audio/sources', {
    id: 'beep',
    content: { kind: 'tone', frequencyHz: 1000 },
    strip: { muted: true },
  });
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
});
after(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

async function frameNow(): Promise<number> {
  const { clock } = await service.status();
  assert.ok(clock !== null);
  return clock.frame;
}

/** A figure of the metrics. */
async function figure(name: string): Promise<number> {
  const response = await fetch(`${service.origin}/metrics`);
  const line = (await response.text()).split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length));
}

/** Has the tone sound, and the flash seen, from the same frames on. */
async function beepAndFlash(first: number): Promise<void> {
  const set = (isOn: boolean, frame: number): Promise<unknown> =>
    service.must('POST', '/api/batch', {
      at: { frame },
      operations: [
        {
          method: 'layers.update',
          params: { sceneId: 'main', layerId: 'flash', visible: isOn },
        },
        { method: 'audio.sources.update', params: { id: 'beep', strip: { muted: !isOn } } },
      ],
    });
  for (let i = 0; i < FLASHES; i++) {
    await set(true, first + i * FPS);
    await set(false, first + i * FPS + 6);
  }
}

test('a tone that begins with a frame is seen with this very frame', async () => {
  const player = pull(service.playUrl);
  await service.until('the player receives', () => player.bytes.length > 50_000);
  const unheard = await figure('stream_manager_unheard_frames_total');
  const first = (await frameNow()) + 4 * FPS;
  await beepAndFlash(first);
  const last = first + FLASHES * FPS;
  await service.until('the last flash is over', async () => (await frameNow()) > last);
  await sleep(2000);
  const { bytes } = player;
  await player.stop();
  const lumas = (await see(bytes)).map(({ luma }) => luma);
  const onsets = lumas.filter((luma, i) => luma > 64 && (lumas[i - 1] ?? 255) <= 64);
  assert.equal(onsets.length, FLASHES);
  // A frame that could not wait for its sound any longer is counted.
  const missed = (await figure('stream_manager_unheard_frames_total')) - unheard;
  const halves = onsets.filter((luma) => luma < 190).length;
  assert.ok(halves <= missed, `${halves} of ${FLASHES} are seen late, ${missed} were counted`);
  assert.ok(halves < FLASHES);
});

test('sound that stops is told after as long as was set, and when it is back', async () => {
  await service.must('PATCH', '/api/audio/master', { silenceAlarmSeconds: 1 });
  await service.until(
    'the alarm is raised',
    async () => (await figure('stream_manager_audio_silent')) === 1,
  );
  await service.must('PATCH', '/api/audio/sources/beep', { strip: { muted: false } });
  await service.until(
    'the alarm is over',
    async () => (await figure('stream_manager_audio_silent')) === 0,
  );
  const reply = await service.must('GET', '/api/events?topics=audio&since=0');
  const text = JSON.stringify(reply);
  assert.match(text, /"audio\.silent"/);
  assert.match(text, /"audio\.heard"/);
});

test('a mixer that dies leaves pictures that go on, silent', async () => {
  const before = await service.status();
  assert.ok(await failThread(join(folder, 'faults'), { thread: 'mixer', fault: 'crash' }));
  await sleep(2000);
  const now = await service.status();
  assert.ok(now.frames.clock > before.frames.clock + FPS);
  assert.equal(now.encoderRestarts, before.encoderRestarts);
});
