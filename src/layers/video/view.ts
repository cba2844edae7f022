import { isBetweenPixels } from '../../scene/between-pixels.js';
import { commonBox, placePicture, type Box } from '../../scene/picture-fit.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { PictureSource } from '../../scene/snapshot.js';
import {
  pictureAfter,
  playedFrames,
  videoStart,
  type VideoStart,
} from '../../scene/video-playing.js';
import { videoTimeline, type VideoTrack } from '../../scene/video-track.js';
import { toContent, toVideoContent, type Drawing } from '../../render/content.js';
import { decorationOf, isPlain, toPiece, type Piece, type ViewOf } from '../../render/piece.js';
import { noSpans, type KindView, type PictureContext } from '../kind-view.js';
import { movingPicturePiece } from '../moving-picture.js';
import type { VideoLayer } from './schema.js';

/** Size of the placeholder of a video of which nothing is known, in units. */
const UNKNOWN_SIZE = { width: 320, height: 180 };

/** Longest side of a decoded picture, pixels: of a layer that is larger the pictures are scaled up. */
const MAX_SIDE_PX = 3840;

/** A video that is turned, tilted or on its way is decoded larger than it is shown, as pictures are. */
const OVERSAMPLING = 1.5;

type VideoSource = PictureSource & { readonly video: NonNullable<PictureSource['video']> };

function isVideo(source: PictureSource | null): source is VideoSource {
  return source?.video !== undefined;
}

/** Even, since most videos have colours for every second pixel only, and no more than there is to be had. */
function decodedPx(wantedPx: number, ownPx: number): number {
  return Math.max(2, 2 * Math.round(Math.min(wantedPx, ownPx, MAX_SIDE_PX) / 2));
}

/** What is decoded for a layer, and from where on it is played. */
type Playing = { readonly track: VideoTrack; readonly start: VideoStart };

/** What is decoded for the layer, as large as it ever gets by itself. */
function playingOf(
  layer: VideoLayer,
  source: VideoSource,
  { scale, takenAtMs, isBetweenPixels: isWithin }: PictureContext,
  compiled: CompiledLayer,
): Playing {
  const { loop, speed, startMs, inMs, outMs = null } = layer;
  const largest = {
    width: compiled.largest('width', layer.width ?? source.width),
    height: compiled.largest('height', layer.height ?? source.height),
  };
  const place = placePicture(source, largest, layer.fit, layer.focus);
  const isSampled = (isWithin || isBetweenPixels(compiled)) && isPlain(decorationOf(layer));
  const zoom = scale * (isSampled ? OVERSAMPLING : 1);
  const widthPx = decodedPx(place.width * zoom, source.width);
  const heightPx = decodedPx(place.height * zoom, source.height);
  const playback = { loop, speed, inMs, outMs };
  const { contentHash, path, video } = source;
  const timeline = videoTimeline(video, playback);
  const start = videoStart(layer, timeline, takenAtMs);
  const last = timeline.frames === null ? Infinity : timeline.frames - 1;
  const track = {
    key: `video ${JSON.stringify([contentHash, playback, startMs, takenAtMs])}`,
    cue: start.cue,
    first: Math.min(last, pictureAfter(start.frames)),
    path,
    video,
    inMs,
    speed,
    timeline,
    widthPx,
    heightPx,
  };
  return { track, start };
}

function placeholder(layer: VideoLayer, size: Pick<Box, 'width' | 'height'>, scale: number): Piece {
  const content = toContent({ kind: 'placeholder' }, decorationOf(layer), size, scale);
  return toPiece('placeholder', content);
}

/** A video, its placeholder while none of its pictures is there, and what its end says when it is over. */
export const viewVideo: ViewOf<VideoLayer> = (layer, context, compiled) => {
  const source = context.picture(layer.asset);
  const width = layer.width ?? source?.width ?? UNKNOWN_SIZE.width;
  const height = layer.height ?? source?.height ?? UNKNOWN_SIZE.height;
  const size = { width, height };
  if (!isVideo(source)) {
    const type = source?.lottie === undefined ? 'image' : 'lottie';
    const problem =
      source === null
        ? null
        : `The asset ${layer.asset} is no video. Use a layer of the type ${type} for it.`;
    return { ...size, pieces: [placeholder(layer, size, context.scale)], problem };
  }
  const { track, start } = playingOf(layer, source, context, compiled);
  const { timeline } = track;
  const { frames, runFrames } = timeline;
  const wanted = pictureAfter(playedFrames(start, timeline, context.programTimeMs));
  const isOver = frames !== null && wanted >= frames;
  if (isOver && layer.atEnd === 'hide') return { ...size, pieces: [] };
  const found = context.videoFrame(track, isOver ? wanted - 1 : wanted);
  if (found === null) return { ...size, pieces: [placeholder(layer, size, context.scale)] };
  const place = placePicture(source, size, layer.fit, layer.focus);
  const visible = commonBox(place, { x: 0, y: 0, ...size });
  const { ring, number } = found;
  const drawing = (to: Box): Drawing => ({
    kind: 'video-frame',
    ring,
    number,
    picture: `${track.key} ${ring.widthPx}x${ring.heightPx} ${number % runFrames}`,
    track: track.key,
    chromaKey: layer.chromaKey,
    to,
  });
  const { widthPx, heightPx } = ring;
  const moving = { widthPx, heightPx, place, visible, drawing };
  return { ...size, pieces: [movingPicturePiece(moving, decorationOf(layer), context.scale)] };
};

/** How the kind is drawn. */
export const VIDEO_VIEW: KindView<VideoLayer> = {
  create: () => viewVideo,
  dependsOn: 'moment',
  pictures: (layer, context, compiled) => {
    const source = context.picture(layer.asset);
    return isVideo(source)
      ? [toVideoContent(source.contentHash, playingOf(layer, source, context, compiled).track)]
      : [];
  },
  spans: noSpans,
  size: 'shape',
  isStretched: true,
};
