import type { AssetService } from '../api/ports.js';
import { SceneSchema } from '../scene/schema/scene.js';
import type { StateStore } from '../state/port.js';
import { AUCTION_ASSET_IDS, auctionScene } from './auction.js';
import { referencePictures } from './pictures.js';
import { MUSIC_SOURCE, referenceSounds, SOUND_ASSET_IDS } from './sounds.js';

/**
 * Stores the pictures and sounds of the `auction` scene. It takes half a second of other threads and processes, so it is
 * begun as soon as there is something to store them with.
 */
export async function storeDemoAssets(assets: AssetService): Promise<void> {
  const packing = referencePictures('auction');
  // While other threads pack the pictures.
  const sounds = Promise.allSettled(
    referenceSounds().map(({ id, name, wav }) => assets.upload({ id, name, bytes: wav })),
  );
  const pictures = (await packing).map(({ id, name, png }) =>
    assets.upload({ id, name, bytes: png }),
  );
  await Promise.all(pictures);
  // Without FFmpeg there is no sound, and no stream either: the service says why when it is to go live.
  await sounds;
}

/**
 * Gives a service without scenes the `auction` scene and its music, puts it on air, and asks for the stream. Whoever was quicker than
 * the start has scenes: those stay as they are.
 */
export async function putDemoOnAir(store: StateStore, nowMs: number): Promise<void> {
  if (store.state.scenes.length === 0) await showDemoScene(store, nowMs);
  await store.dispatch({ type: 'stream.want', wanted: 'live', atMs: nowMs });
}

async function showDemoScene(store: StateStore, nowMs: number): Promise<void> {
  const isStored = store.state.assets.some(({ id }) => id === SOUND_ASSET_IDS.music);
  const hasMusic = isStored && store.state.sound.sources.length === 0;
  if (hasMusic) {
    await store.dispatch({
      type: 'sound.create',
      list: 'sources',
      item: MUSIC_SOURCE,
      atMs: nowMs,
      transition: null,
    });
  }
  // The music comes and goes with the scene.
  const audio = hasMusic ? [{ source: MUSIC_SOURCE.id }] : [];
  const scene = SceneSchema.parse({ ...auctionScene(AUCTION_ASSET_IDS), audio });
  await store.dispatch({ type: 'scene.create', scene });
  await store.dispatch({
    type: 'scene.activate',
    sceneId: scene.id,
    atMs: nowMs,
    transition: null,
  });
}
