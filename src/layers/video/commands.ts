import type { Layer } from '../../scene/schema/layer.js';
import type { VideoTransport } from '../../scene/schema/video-transport.js';
import type { Change } from '../../state/change.js';
import type { CommandOf, VideoAction } from '../../state/command.js';
import { editLayer, type LayerKind } from '../../state/edit-layer.js';
import type { ServiceState } from '../../state/model.js';
import { invalid } from '../../state/validate.js';
import { placeOf, seenOf, videoOf } from '../../state/video-places.js';
import type { VideoLayer } from './schema.js';

const PAST = {
  pause: 'paused',
  resume: 'resumed',
  seek: 'seeked',
  restart: 'restarted',
} as const;

function isVideo(layer: Layer): layer is VideoLayer {
  return layer.type === 'video';
}

const VIDEO: LayerKind<VideoLayer> = { name: 'video', isOf: isVideo };

type Place = Pick<VideoTransport, 'positionMs' | 'run'>;

/** @throws AppError SM_REQUEST_INVALID when a position is not part of what is played */
function checkPosition(state: ServiceState, layer: VideoLayer, positionMs: number): void {
  const { inMs, outMs } = layer;
  const endMs = Math.min(outMs ?? Infinity, videoOf(state, layer)?.durationMs ?? Infinity);
  if (positionMs >= inMs && positionMs < endMs) return;
  const range = endMs === Infinity ? `at least ${inMs}` : `at least ${inMs} and below ${endMs}`;
  throw invalid('position', [
    {
      path: '/positionMs',
      message: `must be ${range}: that is the part of the video that the layer plays`,
    },
  ]);
}

/** Where an action puts a video. */
function placeAfter(
  state: ServiceState,
  layer: VideoLayer,
  action: VideoAction,
  now: Place,
): Place {
  const { loop, inMs } = layer;
  if (action.type === 'restart') return { positionMs: inMs, run: 0 };
  if (action.type !== 'seek') return now;
  checkPosition(state, layer, action.positionMs);
  // Of a video that is over the last run is played from there.
  const lastRun = loop === true ? Infinity : Math.max(1, Number(loop)) - 1;
  return { positionMs: action.positionMs, run: Math.min(now.run, lastRun) };
}

/** @throws AppError SM_SCENE_UNKNOWN, SM_LAYER_UNKNOWN, SM_LAYER_KIND, SM_REQUEST_INVALID */
export function controlVideo(state: ServiceState, command: CommandOf<'video.control'>): Change {
  const { action, atMs, sceneId } = command;
  return editLayer(state, command, VIDEO, (before) => {
    const type = `video.${PAST[action.type]}`;
    const { transport } = before;
    const isPaused = transport?.paused === true;
    if ((action.type === 'pause' && isPaused) || (action.type === 'resume' && !isPaused))
      return { layer: before, type, data: {} };
    const seen = seenOf(state, sceneId);
    // Nobody sees it: it is where it will begin.
    const now = placeOf(before, videoOf(state, before), seen?.takenAtMs ?? atMs, atMs);
    const place = placeAfter(state, before, action, now);
    const paused = action.type === 'pause' || (action.type === 'seek' && isPaused);
    const isSought = action.type === 'seek' || action.type === 'restart';
    const soughtAtMs = isSought ? atMs : (transport?.soughtAtMs ?? null);
    const after = { ...place, paused, atMs, soughtAtMs, cued: seen?.isOnAir !== true };
    return { layer: { ...before, transport: after }, type, data: { transport: after } };
  });
}
