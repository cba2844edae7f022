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

async function holds(service: Service, layers: number, seconds: number): Promise<boolean> {
  await service.call('PUT', `/api/scenes/${SCENE_ID}`, denseScene(layers));
  await sleep(SETTLE_MS);
  const { frames: before } = await service.status();
  await sleep(seconds * 1000);
  const { frames: after } = await service.status();
  if (after.clock === before.clock) throw new Error('The clock of the program stands still.');
  return after.late === before.late && after.skipped === before.skipped;
}

/** Bisects for the largest number of moving layers that still holds 60 frames a second with the encoder running. */
export const densityPart: Part = {
  name: 'density',
  summary: `the largest number of moving pictures of ${SPRITE_PX}x${SPRITE_PX} that holds 60 fps on air`,
  async run(context: BenchContext): Promise<void> {
    const seconds = context.seconds ?? (context.quick ? 0.5 : 4);
    const service = await Service.start({ dataDir: context.folder, imports: [] });
    try {
      await service.call('POST', '/api/scenes', denseScene(1));
      await service.call('POST', `/api/scenes/${SCENE_ID}/activate`, null);
      const most = context.quick ? 8 : MOST_LAYERS;
      let [held, lost] = [0, most + 1];
      while (lost - held > (context.quick ? 4 : Math.max(1, held * 0.05))) {
        const layers = lost > most && held === 0 ? most : Math.floor((held + lost) / 2);
        let isHeld = false;
        for (let i = 0; i < TRIES && !isHeld; i++) isHeld = await holds(service, layers, seconds);
        context.progress(`${layers} moving layers: ${isHeld ? 'held' : 'slots were lost'}`);
        if (isHeld) held = layers;
        else lost = layers;
      }
      context.record('moving_layers', held, 'layers');
    } finally {
      await service.stop();
    }
  },
};
