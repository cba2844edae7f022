import type { LayerType } from '../../src/scene/schema/layer.js';
import { CONTAINER_TILES } from './container-tiles.js';
import { DATA_TILES } from './data-tiles.js';
import { PICTURE_TILES } from './picture-tiles.js';
import { SOUND_TILES } from './sound-tiles.js';
import { TEXT_TILES } from './text-tiles.js';
import type { Tile } from './tile.js';

/** Tiles for every kind of layer: the compiler asks for those that are missing. */
export const KIND_TILES: { readonly [T in LayerType]: readonly Tile[] } = {
  ...TEXT_TILES,
  ...PICTURE_TILES,
  ...DATA_TILES,
  ...SOUND_TILES,
  ...CONTAINER_TILES,
};
