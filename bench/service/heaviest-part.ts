import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SCENE_LIMITS } from '../../src/scene/limits.js';
import type { BenchContext, Part } from '../part.js';
import { HEAVIEST_ID, HEAVIEST_KINDS } from './heaviest-scenes.js';
import { Service } from './service.js';
import { recordWatched, STITCHER_HOOK, watchAir } from './watched-air.js';

/** What a scene may show the most of, when nothing else refuses it before. */
const MOST = SCENE_LIMITS.layersPerScene;
const SETTLE_MS = 2000;
const QUICK_SETTLE_MS = 200;

/** Stores the scenes of a kind; whether they are taken. */
async function isTaken(service: Service, name: string, n: number): Promise<boolean> {
  for (const scene of HEAVIEST_KINDS[name]?.(n) ?? []) {
    const made = await service.send('POST', '/api/scenes', scene);
    const { status } =
      made.status === 409 ? await service.send('PUT', `/api/scenes/${scene.id}`, scene) : made;
    if (status === 422) return false;
    if (status >= 300) throw new Error(`${name} of ${n}: ${status}`);
  }
  return true;
}

/** The largest number that is taken; it is stored then. */
async function largest(service: Service, name: string): Promise<number> {
  let [taken, refused] = [1, MOST + 1];
  while (refused - taken > 1) {
    const middle = Math.floor((taken + refused) / 2);
    if (await isTaken(service, name, middle)) taken = middle;
    else refused = middle;
  }
  await isTaken(service, name, taken);
  return taken;
}

/** The heaviest scenes that the service takes, of each kind, on air: what they cost. */
export const heaviestPart: Part = {
  name: 'heaviest',
  summary: 'the heaviest scene of each kind that is taken, on air: whether it is on time',
  isExtra: true,
  async run(context: BenchContext): Promise<void> {
    const seconds = context.seconds ?? (context.quick ? 1 : 5);
    const dataDir = join(context.folder, 'data');
    await mkdir(dataDir);
    const service = await Service.start({ dataDir, imports: [STITCHER_HOOK] });
    try {
      for (const name of Object.keys(HEAVIEST_KINDS)) {
        const n = await largest(service, name);
        context.record(`${name}.n`, n, 'count');
        await service.call('POST', `/api/scenes/${HEAVIEST_ID}/activate`, {});
        await sleep(context.quick ? QUICK_SETTLE_MS : SETTLE_MS);
        const watched = await watchAir(service, dataDir, sleep(seconds * 1000));
        recordWatched(context, name, watched, true);
        await service.call('POST', '/api/scenes/auction/activate', {});
      }
    } finally {
      await service.stop();
    }
  },
};
