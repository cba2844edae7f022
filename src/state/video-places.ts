import {
  playedFrames,
  positionAfter,
  videoStart,
  type PlayedVideo,
} from '../scene/video-playing.js';
import type { VideoTransport } from '../scene/schema/video-transport.js';
import { scenesShownWith } from '../scene/references.js';
import type { Layer, LayerOf } from '../scene/schema/layer.js';
import type { VideoInfo } from '../scene/snapshot.js';
import { videoTimeline } from '../scene/video-track.js';
import type { ServiceState } from './model.js';
import { shownScene } from './staging.js';

type Video = LayerOf<'video'>;

/** Since when a scene is seen, and by whom. */
export type Seen = { readonly takenAtMs: number; readonly isOnAir: boolean };

function isShownBy(state: ServiceState, shownId: string | null, sceneId: string): boolean {
  const scene = shownScene(state, shownId);
  if (scene === null) return false;
  return scenesShownWith(scene, (id) => shownScene(state, id)).some(({ id }) => id === sceneId);
}

/** Where a scene is seen, itself or in another one: on air before in preview; null: nowhere. */
export function seenOf(state: ServiceState, sceneId: string): Seen | null {
  const { program, preview } = state;
  if (isShownBy(state, program.sceneId, sceneId))
    return { takenAtMs: program.takenAtMs, isOnAir: true };
  return preview !== null && isShownBy(state, preview.sceneId, sceneId)
    ? { takenAtMs: preview.loadedAtMs, isOnAir: false }
    : null;
}

/** What is known of the video of a layer; null: nothing yet. */
export function videoOf({ assets }: ServiceState, { asset }: Video): VideoInfo | null {
  return assets.find(({ id }) => id === asset)?.video ?? null;
}

/** Where a video is at a program time. */
export function placeOf(
  layer: Video,
  video: VideoInfo | null,
  takenAtMs: number,
  atMs: number,
): Pick<VideoTransport, 'positionMs' | 'run'> {
  const { transport, inMs, outMs = null, loop, speed } = layer;
  // Of what is not known yet nothing has been played.
  if (video === null)
    return { positionMs: transport?.positionMs ?? inMs, run: transport?.run ?? 0 };
  const timeline = videoTimeline(video, { loop, speed, inMs, outMs });
  const played: PlayedVideo = layer;
  const start = videoStart(played, timeline, takenAtMs);
  return positionAfter(playedFrames(start, timeline, atMs), played, timeline);
}

function playsOtherwise(before: Video, after: Video): boolean {
  return (['speed', 'inMs', 'outMs', 'loop'] as const).some((name) => before[name] !== after[name]);
}

/**
 * A layer that was changed while it is on air: another video plays from its beginning, and the same one goes on from where it is
 * when its speed changes, or what of it is played.
 */
export function withKeptPlace(
  state: ServiceState,
  before: Layer,
  after: Layer,
  { sceneId, atMs }: { readonly sceneId: string; readonly atMs: number },
): Layer {
  if (before.type !== 'video' || after.type !== 'video') return after;
  const isOther = before.asset !== after.asset;
  if (!isOther && !playsOtherwise(before, after)) return after;
  const seen = seenOf(state, sceneId);
  if (seen?.isOnAir !== true) return after;
  const { transport, startMs } = before;
  const hasBegun = transport !== null || atMs > seen.takenAtMs + startMs;
  if (!hasBegun) return after;
  const paused = transport?.paused === true;
  const to = { paused, atMs, soughtAtMs: transport?.soughtAtMs ?? null, cued: false };
  if (isOther) return { ...after, transport: { ...to, positionMs: after.inMs, run: 0 } };
  const { positionMs, run } = placeOf(before, videoOf(state, before), seen.takenAtMs, atMs);
  // A run has whole pictures: by itself it may go on past its end by half of one.
  const isCutOff =
    positionMs < after.inMs ||
    (before.outMs !== after.outMs && positionMs >= (after.outMs ?? Infinity));
  return {
    ...after,
    transport: { ...to, run, positionMs: isCutOff ? after.inMs : positionMs },
  };
}
