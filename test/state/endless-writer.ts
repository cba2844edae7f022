import { openStateStore } from '../../src/state/open-store.js';
import { layerOf, NOW, SETTINGS, sceneWithLayers, SILENT } from './samples.js';

/** A process that changes the state as fast as it can, and prints each revision that was answered as stored. */
const [, , dataDir = ''] = process.argv;
const store = await openStateStore({
  dataDir,
  redisUrl: null,
  redisPrefix: '',
  settings: SETTINGS,
  durability: 'relaxed',
  logger: SILENT,
});
if (store.state.scenes.length === 0) {
  await store.dispatch({ type: 'scene.create', scene: sceneWithLayers('stage', 200) });
}
const layer = layerOf({ id: 'counter', type: 'text', text: '' });
if (store.state.scenes[0]?.layers.length === 200) {
  await store.dispatch({
    type: 'layer.create',
    ...NOW,
    sceneId: 'stage',
    groupId: null,
    layer,
    index: null,
  });
}
for (;;) {
  const { after } = await store.dispatch({
    type: 'layer.patch',
    ...NOW,
    sceneId: 'stage',
    layerId: 'counter',
    patch: { text: String(store.state.revision + 1) },
    index: null,
  });
  process.stdout.write(`stored ${after.revision}\n`);
}
