import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { RandomNumbers } from '../../test/support/random-numbers.js';
import { SceneFuzz, showFuzzScene, type SendJson } from '../../test/support/scene-fuzz.js';
import { makeLottieFile } from '../sheet/lottie-file.js';
import type { BenchContext, Part } from '../part.js';
import { Service } from '../service/service.js';
import { createCanvas } from '../../src/render/canvas.js';

/** Changes that fit the schema, and those of `--quick`. */
const CHANGES = 5000;
const QUICK_CHANGES = 100;
/** How often a line of the curve is written, in changes. */
const STEP = 100;
/** How long memory has to come back when the first scene is on air again, milliseconds. */
const AFTER_MS = 60_000;
const SEED = 20_261_126;

async function upload(service: Service): Promise<void> {
  const canvas = createCanvas(1200, 1600);
  const context = canvas.getContext('2d');
  context.fillStyle = '#a04020';
  context.fillRect(100, 100, 900, 1200);
  await service.call('POST', '/api/assets?id=lot-42', await canvas.encode('png'));
  const lottie = Buffer.from(makeLottieFile());
  await service.send('POST', '/api/assets?id=confetti', lottie, 'video/lottie+json');
}

/** What a service takes for random changes of a scene with every kind of layer, on air. */
export const memoryPart: Part = {
  name: 'memory',
  summary:
    'random changes of a scene on air that fit the schemas: what memory they take, and give back',
  isExtra: true,
  async run(context: BenchContext): Promise<void> {
    const dataDir = join(context.folder, 'data');
    await mkdir(dataDir);
    const service = await Service.start({ dataDir, imports: [] });
    try {
      await upload(service);
      const megabytes = async (): Promise<number> => (await service.memoryBytes()) / 1e6;
      const startMb = await megabytes();
      context.record('start', startMb, 'MB');
      const send: SendJson = (method, path, body) => service.send(method, path, body);
      await showFuzzScene(send);
      const document = z
        .record(z.string(), z.json())
        .parse(JSON.parse(await service.call('GET', '/api/openapi.json', null)));
      const fuzz = new SceneFuzz(document, new RandomNumbers(SEED), send);
      let peakMb = 0;
      const count = context.quick ? QUICK_CHANGES : CHANGES;
      for (let i = 1; i <= count; i++) {
        await fuzz.change();
        if (i % 10 === 0) peakMb = Math.max(peakMb, await megabytes());
        if (i % STEP === 0)
          context.progress(
            `${i} changes: ${Math.round(await megabytes())} MB, at most ${Math.round(peakMb)}; ${JSON.stringify(fuzz.counts)}`,
          );
      }
      context.record('peak', peakMb, 'MB', { atMost: 1500 });
      await service.call('POST', '/api/scenes/auction/activate', {});
      await sleep(context.quick ? 2000 : AFTER_MS);
      context.record('after', await megabytes(), 'MB', { atMost: 700 });
      const { frames } = await service.status();
      context.record('late', frames.late, 'slots');
      context.record('skipped', frames.skipped, 'slots');
      context.record('failed', fuzz.counts.failed, 'count', { atMost: 0 });
    } finally {
      await service.stop();
    }
  },
};
