import { after, test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import { EMPTY_STAGE } from '../../src/scene/motion/stage.js';
import type { RunningTransition } from '../../src/scene/motion/running-transition.js';
import { SceneTransitionSchema } from '../../src/scene/schema/scene-transition.js';
import { renderStill, sceneFrom } from '../support/engine.js';
import type { PictureSource } from '../../src/scene/snapshot.js';
import { openFixture } from '../assets/fixture.js';
import { makeLottie, makeMovingWebp } from '../support/moving-media.js';
import { createTestPictures } from './pictures.js';
import { image, rectangle, SIZE, text } from './sheet.js';
import { assertSnapshot } from './snapshot.js';

const memory = createSharedMemory();
const { pictures: drawn, remove } = await createTestPictures();
const fixture = await openFixture();
after(async () => {
  await fixture.close();
  await remove();
});

async function uploaded(bytes: Buffer): Promise<PictureSource | null> {
  return fixture.assets.pictureSourceOf(await fixture.assets.upload({ id: null, name: '', bytes }));
}

const pictures = {
  ...drawn,
  bars: await uploaded(await makeMovingWebp([150, 150, 150, 150, 150, 150])),
  square: await uploaded(makeLottie()),
};

const FROM = sceneFrom({
  id: 'from',
  ...SIZE,
  background: '#203a60',
  layers: [
    text('before', 30, 60, { fontSize: 48, fontWeight: 800 }),
    rectangle(220, 20, 80, 140, { shape: 'ellipse', fill: '#40c0ff' }),
  ],
});
const TO = sceneFrom({
  id: 'to',
  ...SIZE,
  background: '#602838',
  layers: [
    text('after', 110, 70, { fontSize: 48, fontWeight: 800, color: '#ffd040' }),
    image('card', 20, 30, { width: 80, height: 110 }),
  ],
});

const TAKEN_AT_MS = 1000;

function begun(kind: object, from: RunningTransition['from']): RunningTransition {
  return {
    kind: SceneTransitionSchema.parse({
      durationMs: 1000,
      ...('cutAtMs' in kind ? {} : { easing: 'linear' }),
      ...kind,
    }),
    startMs: TAKEN_AT_MS,
    from,
  };
}

const OLD = { scene: FROM, stage: EMPTY_STAGE, takenAtMs: 0, transition: null };

/** A transition of one second after 400 ms. */
function midway(name: string, kind: object, from: RunningTransition['from'] = OLD): void {
  test(`${name} looks as it was accepted`, async () => {
    const transition = begun(kind, from);
    const options = { ...SIZE, timeMs: 400, takenAtMs: TAKEN_AT_MS, pictures, memory, transition };
    await assertSnapshot(name, await renderStill(TO, options));
  });
}

midway('transition-fade', { type: 'fade' });
midway('transition-fade-color', { type: 'fade-color', color: '#ffffff' });
midway('transition-slide', { type: 'slide', direction: 'left' });
midway('transition-push', { type: 'push', direction: 'up' });
midway('transition-wipe-left', { type: 'wipe', direction: 'left' });
midway('transition-wipe-right', { type: 'wipe', direction: 'right', softness: 0.4 });
midway('transition-wipe-up', { type: 'wipe', direction: 'up', softness: 0 });
midway('transition-wipe-down', { type: 'wipe', direction: 'down' });
midway('transition-iris', { type: 'iris', softness: 0.1 });
midway('transition-zoom', { type: 'zoom', direction: 'in' });
midway('transition-luma', { type: 'luma', asset: 'spectrum', softness: 0.2 });
midway('transition-stinger-before-its-cut', { type: 'stinger', asset: 'bars', cutAtMs: 450 });
midway('transition-stinger-after-its-cut', { type: 'stinger', asset: 'square', cutAtMs: 350 });
midway(
  'transition-cut-short',
  { type: 'push', direction: 'left' },
  {
    scene: sceneFrom({ ...TO, id: 'middle', background: '#285030' }),
    stage: EMPTY_STAGE,
    takenAtMs: 900,
    transition: { ...begun({ type: 'wipe', direction: 'down' }, OLD), startMs: 800 },
  },
);
