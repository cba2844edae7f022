import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchContext, Part } from '../part.js';
import { median } from '../statistics.js';
import { samplesOf } from './samples.js';
import { Service } from './service.js';
import { addSources, removeSources, SENTENCE_MS, speak, uploadSongs } from './sound-load.js';

/** What a service begins with fades away, and what has been decoded ahead is there. */
const SETTLE_MS = 3000;
/** The voice speaks in half of it. */
const WINDOW_SECONDS = (2 * SENTENCE_MS) / 1000;
/** Windows that are compared, half of them with sound. */
const PAIRS = 12;

type Window = { readonly cores: number; readonly lost: number; readonly missing: number };

async function measure(service: Service, seconds: number): Promise<Window> {
  const [before, samplesBefore] = [await service.status(), await samplesOf(service)];
  const cpuBefore = (await service.usage()).cpuSeconds;
  const startMs = performance.now();
  await sleep(seconds * 1000);
  const cpuSeconds = (await service.usage()).cpuSeconds - cpuBefore;
  const elapsedSeconds = (performance.now() - startMs) / 1000;
  const [after, samplesAfter] = [await service.status(), await samplesOf(service)];
  const lostOf = ({ late, skipped }: typeof after.frames): number => late + skipped;
  const missingOf = ({ missing }: typeof samplesAfter): number => missing.mixer + missing.encoder;
  return {
    cores: cpuSeconds / elapsedSeconds,
    lost: lostOf(after.frames) - lostOf(before.frames),
    missing: missingOf(samplesAfter) - missingOf(samplesBefore),
  };
}

async function withSound(service: Service, seconds: number): Promise<Window> {
  await addSources(service);
  const hush = await speak(service);
  await sleep(SETTLE_MS);
  const window = await measure(service, seconds);
  hush();
  await removeSources(service);
  return window;
}

async function withoutSound(service: Service, seconds: number): Promise<Window> {
  await sleep(SETTLE_MS);
  return measure(service, seconds);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** The same service on air with and without music, a voice and ducking, by turns: what they take on top. */
export const soundPart: Part = {
  name: 'sound',
  summary:
    'the service on air with auction, by turns without sound and with music, a voice and ducking',
  isExtra: true,
  async run(context: BenchContext): Promise<void> {
    const seconds = context.quick ? 1 : WINDOW_SECONDS;
    const pairs = context.quick ? 1 : PAIRS;
    const dataDir = join(context.folder, 'data');
    await mkdir(dataDir);
    const service = await Service.start({ dataDir, imports: [] });
    try {
      // The music of the demo.
      await service.call('PATCH', '/api/scenes/auction', { audio: [] });
      await service.call('DELETE', '/api/audio/sources/music', null);
      await uploadSongs(service);
      const quiet: Window[] = [];
      const loud: Window[] = [];
      for (let i = 0; i < pairs; i++) {
        quiet.push(await withoutSound(service, seconds));
        loud.push(await withSound(service, seconds));
        context.progress(
          `${quiet.at(-1)?.cores.toFixed(3)} ${loud.at(-1)?.cores.toFixed(3)} cores`,
        );
      }
      const none = { atMost: 0 };
      const more = loud.map(({ cores }, i) => cores - (quiet[i]?.cores ?? NaN));
      context.record('cores_without', median(quiet.map(({ cores }) => cores)), 'cores');
      context.record('cores_with', median(loud.map(({ cores }) => cores)), 'cores');
      context.record('cores_more', median(more), 'cores', { atMost: 0.08 });
      context.record('slots_lost_without', sum(quiet.map(({ lost }) => lost)), 'slots', none);
      context.record('slots_lost_with', sum(loud.map(({ lost }) => lost)), 'slots', none);
      context.record('samples_missing', sum(loud.map(({ missing }) => missing)), 'count', none);
    } finally {
      await service.stop();
    }
  },
};
