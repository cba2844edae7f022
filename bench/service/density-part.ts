import { setTimeout as sleep } from 'node:timers/promises';
import { AUCTION_ASSET_IDS } from '../../src/demo/auction.js';
import { sineMotion } from '../../src/demo/motion.js';
import { SCENE_LIMITS } from '../../src/scene/limits.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { SceneInput } from '../../src/scene/schema/scene.js';
import type { BenchContext, Part } from '../part.js';
import { Service } from './service.js';

const SCENE_ID = 'density';
const SPRITE_PX = 120;
const SETTLE_MS = 1000;
const QUICK_SETTLE_MS = 200;
const MOST_LAYERS = SCENE_LIMITS.layersPerScene - 1;
/** A slot may be lost to whatever else the machine does: a load that does not hold is tried once more. */
const TRIES = 2;

/** Moving layers are spread over the picture and never move in step. */
function denseScene(movingLayers: number): SceneInput {
  const sprites = Array.from({ length: movingLayers }, (_, i): LayerInput => {
    const centreX = 120 + ((i * 733) % 1680);
    const centreY = 120 + ((i * 397) % 840);
    return {
      id: `sprite-${i}`,
      type: 'image',
      asset: AUCTION_ASSET_IDS.badge,
      x: centreX,
      y: centreY,
      width: SPRITE_PX,
      height: SPRITE_PX,
      anchor: { x: 0.5, y: 0.5 },
      animations: [
        sineMotion('x', centreX, 60 + (i % 40), 2000 + 37 * (i % 50)),
        sineMotion('y', centreY, 60 + (i % 30), 2300 + 41 * (i % 50)),
      ],
    };
  });
  return {
    id: SCENE_ID,
    layers: [{ id: 'background', type: 'image', asset: AUCTION_ASSET_IDS.background }, ...sprites],
  };
}

async function holds(
  service: Service,
  layers: number,
  seconds: number,
  { quick }: BenchContext,
): Promise<boolean> {
  await service.call('PUT', `/api/scenes/${SCENE_ID}`, denseScene(layers));
  await sleep(quick ? QUICK_SETTLE_MS : SETTLE_MS);
  const { frames: before } = await service.status();
  await sleep(seconds * 1000);
  const { frames: after } = await service.status();
  if (after.clock === before.clock) throw new Error('The clock of the program stands still.');
  return after.late === before.late && after.skipped === before.skipped;
}

/** The largest load from 1 to `most` that holds, to within `precision` of itself; 0 when none does. */
async function bisect(
  most: number,
  precision: number,
  isHeld: (layers: number) => Promise<boolean>,
): Promise<number> {
  if (await isHeld(most)) return most;
  let [held, lost] = [0, most];
  while (lost - held > Math.max(1, held * precision)) {
    const layers = Math.floor((held + lost) / 2);
    if (await isHeld(layers)) held = layers;
    else lost = layers;
  }
  return held;
}

/** Bisects for the largest number of moving layers that still holds 60 frames a second with the encoder running. */
export const densityPart: Part = {
  name: 'density',
  summary: `the largest number of moving pictures of ${SPRITE_PX}x${SPRITE_PX} that holds 60 fps on air`,
  async run(context: BenchContext): Promise<void> {
    const seconds = context.seconds ?? (context.quick ? 0.3 : 4);
    const service = await Service.start({ dataDir: context.folder, imports: [] });
    const isHeld = async (layers: number): Promise<boolean> => {
      let held = false;
      for (let i = 0; i < TRIES && !held; i++) {
        held = await holds(service, layers, seconds, context);
      }
      context.progress(`${layers} moving layers: ${held ? 'held' : 'slots were lost'}`);
      return held;
    };
    try {
      await service.call('POST', '/api/scenes', denseScene(1));
      await service.call('POST', `/api/scenes/${SCENE_ID}/activate`, null);
      const [most, precision] = context.quick ? [4, 1] : [MOST_LAYERS, 0.05];
      context.record('moving_layers', await bisect(most, precision, isHeld), 'layers');
    } finally {
      await service.stop();
    }
  },
};
