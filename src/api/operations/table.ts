import { AppError } from '../../core/errors.js';
import { KIND_OPERATIONS } from '../../layers/operations.js';
import { hiddenOperation, type Operation, type RawOperation } from '../operation.js';
import { createPageOperations } from '../pages/docs-pages.js';
import type { EventHub } from '../event-hub.js';
import type { AssetService, PageService, PlaybackService } from '../ports.js';
import type { PreviewHubs } from '../preview-hubs.js';
import type { Trials } from '../trials.js';
import { AUDIO_OPERATIONS } from './audio.js';
import { createClipOperations } from './audio-clips.js';
import { createPlaybackOperations } from './audio-playback.js';
import { createAssetOperations } from './assets.js';
import { createBatchOperations } from './batch.js';
import { BATCH_LIST_OPERATIONS } from './batches.js';
import { SWITCHER_OPERATIONS } from './switcher.js';
import { CONFIG_OPERATIONS } from './config.js';
import { createEventOperations } from './events.js';
import { createPageCallOperations } from './input-pages.js';
import { INPUT_OPERATIONS } from './inputs.js';
import { LAYER_OPERATIONS } from './layers.js';
import { OUTPUT_OPERATIONS } from './outputs.js';
import { createPreviewOperations } from './preview.js';
import { createRenderOperations, type RenderDeps } from './render.js';
import { SCENE_OPERATIONS } from './scenes.js';
import { createServiceOperations, type ServiceDeps } from './service.js';
import { STREAM_OPERATIONS } from './stream.js';
import { TEMPLATE_OPERATIONS } from './templates.js';
import { VARIABLE_OPERATIONS } from './variables.js';
import { TRANSITION_OPERATIONS } from './transitions.js';

export type TableDeps = ServiceDeps &
  RenderDeps & {
    readonly assets: AssetService;
    readonly playback: PlaybackService;
    readonly pages: PageService;
    /** Carries out the operations of batches. */
    readonly trials: Trials;
    readonly events: EventHub;
    readonly previewHubs: PreviewHubs;
    /** The OpenAPI document of this very table. */
    readonly openApiText: () => string;
  };

/** What answers at a WebSocket's address when somebody comes without asking for one. */
function socketAddress(path: string): RawOperation {
  return hiddenOperation(`socket ${path}`, path, (exchange) => {
    exchange.addHeader('Upgrade', 'websocket');
    throw new AppError(
      'SM_UPGRADE_REQUIRED',
      `${path} is a WebSocket endpoint. Send a WebSocket upgrade request.`,
    );
  });
}

/**
 * Everything that the service can be asked for, built once. REST routes, JSON-RPC methods and the OpenAPI document all come from
 * this table, so they cannot disagree.
 */
export function createOperations(deps: TableDeps): Operation[] {
  return [
    ...STREAM_OPERATIONS,
    ...CONFIG_OPERATIONS,
    ...INPUT_OPERATIONS,
    ...createPageCallOperations(deps.pages),
    ...SCENE_OPERATIONS,
    ...createRenderOperations(deps),
    ...LAYER_OPERATIONS,
    ...KIND_OPERATIONS,
    ...TRANSITION_OPERATIONS,
    ...SWITCHER_OPERATIONS,
    ...VARIABLE_OPERATIONS,
    ...TEMPLATE_OPERATIONS,
    ...createAssetOperations(deps.assets),
    ...AUDIO_OPERATIONS,
    ...createPlaybackOperations(deps.playback),
    ...createClipOperations(deps.trials),
    ...OUTPUT_OPERATIONS,
    ...createBatchOperations(deps.trials),
    ...BATCH_LIST_OPERATIONS,
    ...createPreviewOperations(deps),
    ...createEventOperations(deps.events),
    ...createServiceOperations(deps),
    ...createPageOperations(deps.openApiText),
    socketAddress('/ws'),
    socketAddress('/ws/preview'),
    socketAddress('/ws/preview/audio'),
    socketAddress('/ws/audio/{source}'),
    socketAddress('/ws/frames/{input}'),
  ];
}
