import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/core/errors.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { reduce } from '../../src/state/reduce.js';
import { assetOf, emptyState, layerOf, NOW, sceneOf } from './samples.js';
import { videoAsset } from './video-asset.js';

/** Layers and the kinds of their assets. */

const CONTENT = { state: 'ready', contentHash: '1'.repeat(64) } as const;
const ASSETS = [
  videoAsset('intro', 1000),
  assetOf({ id: 'logo', kind: 'picture', ...CONTENT }),
  assetOf({ id: 'horn', kind: 'audio', ...CONTENT }),
  assetOf({ id: 'later', kind: 'picture' }),
];

function write(layer: LayerInput): void {
  let state = emptyState();
  for (const asset of ASSETS) state = reduce(state, { type: 'asset.put', asset }).state;
  const scene = sceneOf({ id: 'a' });
  state = reduce(state, { type: 'scene.create', scene }).state;
  const where = { sceneId: 'a', groupId: null, index: null, ...NOW };
  reduce(state, { type: 'layer.create', layer: layerOf(layer), ...where });
  reduce(state, { type: 'scene.create', scene: { ...scene, id: 'b', layers: [layerOf(layer)] } });
}

function complaintOf(layer: LayerInput): string {
  try {
    write(layer);
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === 'SM_REQUEST_INVALID');
    return error.message;
  }
  return '';
}

test('a layer that is given an asset of another kind is refused, with the type that shows it', () => {
  assert.match(
    complaintOf({ id: 'x', type: 'image', asset: 'intro' }),
    /\/asset .*intro is a video. Use a layer of the type video/,
  );
  assert.match(
    complaintOf({ id: 'x', type: 'video', asset: 'logo' }),
    /logo is a picture. Use a layer of the type image/,
  );
  assert.match(complaintOf({ id: 'x', type: 'video', asset: 'horn' }), /which no layer shows/);
});

test('assets of which nothing is known yet are taken, and those that fit', () => {
  write({ id: 'x', type: 'video', asset: 'later' });
  write({ id: 'x', type: 'video', asset: 'nowhere' });
  write({ id: 'x', type: 'video', asset: 'intro' });
  write({ id: 'x', type: 'image', asset: 'logo' });
});
