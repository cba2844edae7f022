import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger } from '../../src/core/logger.js';
import { EMPTY_STAGE } from '../../src/scene/motion/stage.js';
import {
  SceneTransitionSchema,
  type SceneTransition,
  type SceneTransitionInput,
} from '../../src/scene/schema/scene-transition.js';
import type { PictureSource } from '../../src/scene/snapshot.js';
import { createStills, STILL_LIMITS } from '../../src/still/service.js';
import { benchScene } from '../reference-scene.js';
import { TILE } from './tile.js';
import { sceneTransitionMs } from '../../src/scene/transition-facts.js';

/** The picture by whose brightness one of them goes, and the one that flies over another. */
const [LUMA, STINGER] = ['demo-artwork', 'demo-badge'];

type Kind = Exclude<SceneTransition['type'], 'cut'>;

/** One of every kind of transition that can be seen: the compiler asks for those that are missing. */
export const TRANSITIONS: { readonly [K in Kind]: Extract<SceneTransitionInput, { type: K }> } = {
  fade: { type: 'fade' },
  'fade-color': { type: 'fade-color', color: '#ff5e62' },
  slide: { type: 'slide', direction: 'left' },
  push: { type: 'push', direction: 'up' },
  wipe: { type: 'wipe', direction: 'right', softness: 0.25 },
  iris: { type: 'iris', softness: 0.08 },
  zoom: { type: 'zoom' },
  luma: { type: 'luma', asset: LUMA, softness: 0.2 },
  stinger: { type: 'stinger', asset: STINGER },
};

/** How far each is when its picture is taken; most are half done. */
const SHARES: Partial<Record<Kind, number>> = { 'fade-color': 0.3, wipe: 0.55, zoom: 0.4 };

export function transitionId(kind: string): string {
  return `transition-${kind}`;
}

/**
 * Renders each transition as the program shows it, and leaves the pictures in `folder`.
 * @param folder where `writePictureFiles` has put the pictures
 */
export async function renderTransitions(folder: string): Promise<Record<string, PictureSource>> {
  const logger = createLogger('error', 'bench');
  const stills = createStills({
    ffmpegPath: null,
    logLevel: 'error',
    logger,
    limits: STILL_LIMITS,
  });
  const [from, to] = [benchScene('full-motion', folder), benchScene('auction', folder)];
  const sources: [string, PictureSource][] = [];
  const size = { width: 2 * TILE.width, height: 2 * TILE.height };
  try {
    for (const input of Object.values(TRANSITIONS)) {
      const kind = SceneTransitionSchema.parse(input);
      if (kind.type === 'cut') continue;
      const timeMs = sceneTransitionMs(kind) * (SHARES[kind.type] ?? 0.5);
      const before = { scene: from.snapshotAt(0).scene, stage: EMPTY_STAGE };
      const snapshot = {
        ...to.snapshotAt(0),
        transition: {
          kind,
          startMs: 0,
          from: { ...before, takenAtMs: -2000, transition: null },
        },
      };
      const { bytes } = await stills.render({
        snapshot,
        timeMs,
        wallTimeMs: timeMs,
        ...size,
        format: 'png',
        scaledWidth: null,
        quality: 90,
      });
      const id = transitionId(kind.type);
      const path = join(folder, `${id}.png`);
      await writeFile(path, bytes);
      sources.push([id, { contentHash: id, path, ...size }]);
    }
  } finally {
    await stills.close();
  }
  return Object.fromEntries(sources);
}
