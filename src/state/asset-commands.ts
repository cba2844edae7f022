import { AppError } from '../core/errors.js';
import { redactSecrets } from '../core/logger.js';
import { soundThatPlays } from '../scene/sound/references.js';
import { layerThatShows } from '../scene/references.js';
import { substitute } from '../scene/variables/substitute.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import { STATE_LIMITS } from './limits.js';
import { type Asset, AssetSchema, type ServiceState } from './model.js';
import { validate } from './validate.js';

/** Makes an asset known, or what is newly known of it. @throws AppError SM_ASSET_LIMIT, SM_REQUEST_INVALID */
export function putAsset(state: ServiceState, command: CommandOf<'asset.put'>): Change {
  const asset = validate(AssetSchema, command.asset, 'asset');
  const index = state.assets.findIndex((other) => other.id === asset.id);
  if (index < 0 && state.assets.length >= STATE_LIMITS.assets) {
    throw new AppError(
      'SM_ASSET_LIMIT',
      `The limit of ${state.assets.length} assets is reached. Remove one first.`,
    );
  }
  const assets = index < 0 ? [...state.assets, asset] : state.assets.with(index, asset);
  const type = index < 0 ? 'asset.created' : 'asset.updated';
  return {
    state: { ...state, assets },
    events: [{ topic: 'asset', type, data: { asset: shown(asset) } }],
  };
}

/** @throws AppError SM_ASSET_UNKNOWN, SM_ASSET_IN_USE */
export function removeAsset(state: ServiceState, command: CommandOf<'asset.remove'>): Change {
  const index = state.assets.findIndex((asset) => asset.id === command.assetId);
  if (index < 0) {
    throw new AppError(
      'SM_ASSET_UNKNOWN',
      `There is no asset ${command.assetId}. GET /api/assets lists them.`,
    );
  }
  const users = state.scenes.flatMap((scene) => {
    const layer =
      layerThatShows(scene, command.assetId) ??
      layerThatShows(substitute(scene, state.variables).scene, command.assetId);
    return layer === null ? [] : [`layer ${layer.id} of scene ${scene.id}`];
  });
  const sound = soundThatPlays(state.sound, command.assetId);
  if (sound !== null) users.push(sound);
  if (users.length > 0) {
    const more = users.length > 3 ? ` and ${users.length - 3} more` : '';
    throw new AppError(
      'SM_ASSET_IN_USE',
      `The asset ${command.assetId} is used by ${users.slice(0, 3).join(', ')}${more}. Remove it from there first.`,
    );
  }
  return {
    state: { ...state, assets: state.assets.toSpliced(index, 1) },
    events: [{ topic: 'asset', type: 'asset.removed', data: { assetId: command.assetId } }],
  };
}

function shown(asset: Asset): Asset {
  const { source, error } = asset;
  return {
    ...asset,
    source: source.kind === 'url' ? { ...source, url: redactSecrets(source.url) } : source,
    error: error === null ? null : redactSecrets(error),
  };
}
