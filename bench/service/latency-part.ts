import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../src/demo/random.js';
import type { BenchContext, Part } from '../part.js';
import { quantile } from '../statistics.js';
import { between, countOf, histogramQuantile, readHistogram } from './histogram.js';
import { PreviewWatch } from './preview-watch.js';
import { Service } from './service.js';

const API_TO_PIXEL = 'stream_manager_api_to_pixel_seconds';
const LAYER_PATH = '/api/scenes/program/layers';
const FLAG = { id: 'flag', type: 'shape', shape: 'rectangle' } as const;
const [DARK, BRIGHT] = ['#101010', '#f0f0f0'];
const SEED = 7;
/** Between two changes; the random part keeps them from falling into step with the frames. */
const PAUSE_MS = 60;
const RANDOM_PAUSE_MS = 50;

/** From a call of the API to the change in the program frame, and to its picture at a viewer. */
export const latencyPart: Part = {
  name: 'latency',
  summary: 'from a call of the API to the changed pixel, with auction on air',
  async run(context: BenchContext): Promise<void> {
    const seconds = context.seconds ?? (context.quick ? 1 : 30);
    const service = await Service.start({ dataDir: context.folder, imports: [] });
    let watch: PreviewWatch | null = null;
    try {
      await service.call('POST', LAYER_PATH, {
        ...FLAG,
        x: 900,
        y: 500,
        width: 120,
        height: 80,
        fill: DARK,
      });
      watch = await PreviewWatch.open(service.port);
      await watch.saw(false);
      await changeAgainAndAgain(service, watch, seconds, context);
    } finally {
      watch?.close();
      await service.stop();
    }
  },
};

async function changeAgainAndAgain(
  service: Service,
  watch: PreviewWatch,
  seconds: number,
  context: BenchContext,
): Promise<void> {
  const random = createRandom(SEED);
  const before = readHistogram(await service.metrics(), API_TO_PIXEL);
  const answerMs: number[] = [];
  const previewMs: number[] = [];
  const endMs = performance.now() + seconds * 1000;
  for (let isBright = true; performance.now() < endMs; isBright = !isBright) {
    const startMs = performance.now();
    const seen = watch.saw(isBright).then(() => previewMs.push(performance.now() - startMs));
    const fill = isBright ? BRIGHT : DARK;
    await service.call('PATCH', `${LAYER_PATH}/${FLAG.id}`, { fill });
    answerMs.push(performance.now() - startMs);
    await seen;
    await sleep(PAUSE_MS + RANDOM_PAUSE_MS * random());
  }
  // The program reports several times a second.
  await sleep(1000);
  const after = readHistogram(await service.metrics(), API_TO_PIXEL);
  const inProgram = between(before, after);
  if (countOf(inProgram) === 0) throw new Error('The service has counted no change.');
  context.progress(`${previewMs.length} changes, ${countOf(inProgram)} counted by the service`);
  const pixelMs = (fraction: number): number => histogramQuantile(inProgram, fraction) * 1000;
  context.record('api_to_pixel.p50_ms', pixelMs(0.5), 'ms');
  context.record('api_to_pixel.p99_ms', pixelMs(0.99), 'ms', { atMost: 50 });
  context.record('api_to_answer.p50_ms', quantile(answerMs, 0.5), 'ms');
  context.record('api_to_answer.p99_ms', quantile(answerMs, 0.99), 'ms');
  context.record('api_to_preview.p50_ms', quantile(previewMs, 0.5), 'ms');
  context.record('api_to_preview.p99_ms', quantile(previewMs, 0.99), 'ms');
}
