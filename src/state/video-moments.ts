import { walkLayers } from '../scene/layer-tree.js';
import { scenesShownWith } from '../scene/references.js';
import type { LayerOf } from '../scene/schema/layer.js';
import { videoStart } from '../scene/video-playing.js';
import { PICTURE_ROUNDING, videoTimeline } from '../scene/video-track.js';
import type { ServiceState } from './model.js';
import { shownScene } from './staging.js';
import { videoOf } from './video-places.js';

/** A video that goes on in a layer on air, and its moments in program time, milliseconds since 1970. */
export type RunningVideo = {
  readonly sceneId: string;
  readonly layerId: string;
  /** Another one each time that it is put elsewhere. */
  readonly key: string;
  /** When its first picture is shown; null: it goes on from somewhere else. */
  readonly startsMs: number | null;
  /** From which on it goes on. */
  readonly fromMs: number;
  /** When the first picture of a run is shown again; of runs there may be no end. */
  readonly firstLoopMs: number;
  readonly runMs: number;
  /** With the first frame from here on no new picture is shown; null: never. */
  readonly endsMs: number | null;
};

function runningOf(
  state: ServiceState,
  sceneId: string,
  layer: LayerOf<'video'>,
): RunningVideo | null {
  const video = videoOf(state, layer);
  if (video === null) return null;
  const { loop, speed, inMs, outMs = null, transport } = layer;
  const timeline = videoTimeline(video, { loop, speed, inMs, outMs });
  const start = videoStart(layer, timeline, state.program.takenAtMs);
  const { frames, runFrames, rate } = timeline;
  const fromMs = start.atMs;
  if (fromMs === null || (frames !== null && start.frames >= frames)) return null;
  const pictureMs = (1000 * rate.den) / rate.num;
  const reachedMs = (picture: number): number =>
    fromMs + (picture - start.frames - PICTURE_ROUNDING) * pictureMs;
  const run = Math.floor((start.frames + PICTURE_ROUNDING) / runFrames);
  const isFromStart = start.frames === 0 || transport?.cued === true;
  return {
    sceneId,
    layerId: layer.id,
    key: JSON.stringify([layer.asset, fromMs, start.frames, rate, runFrames, frames]),
    startsMs: isFromStart ? fromMs : null,
    fromMs,
    firstLoopMs: reachedMs((run + 1) * runFrames),
    runMs: runFrames * pictureMs,
    endsMs: frames === null ? null : reachedMs(frames),
  };
}

/** All videos that go on in the scene on air and in those that it shows. */
export function runningVideos(state: ServiceState): RunningVideo[] {
  const scene = shownScene(state, state.program.sceneId);
  if (scene === null) return [];
  return scenesShownWith(scene, (id) => shownScene(state, id)).flatMap(({ id, layers }) =>
    [...walkLayers(layers)].flatMap(({ layer }) => {
      const running = layer.type === 'video' ? runningOf(state, id, layer) : null;
      return running === null ? [] : [running];
    }),
  );
}

/** What becomes of a video at a moment. */
export type VideoMoment = {
  readonly type: 'started' | 'looped' | 'ended';
  readonly programTimeMs: number;
};

/** The next thing that becomes of a video at `afterMs` or later; null: nothing does. */
export function nextMoment(video: RunningVideo, afterMs: number): VideoMoment | null {
  const { startsMs, firstLoopMs, runMs, endsMs } = video;
  if (startsMs !== null && startsMs >= afterMs) return { type: 'started', programTimeMs: startsMs };
  const loops = Math.max(0, Math.ceil((afterMs - firstLoopMs) / runMs));
  const loopMs = firstLoopMs + loops * runMs;
  // The end of the last run is no new one.
  if (endsMs === null || loopMs < endsMs - runMs / 2)
    return { type: 'looped', programTimeMs: loopMs };
  return endsMs >= afterMs ? { type: 'ended', programTimeMs: endsMs } : null;
}
