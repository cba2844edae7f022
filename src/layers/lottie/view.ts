import { commonBox, placePicture } from '../../scene/picture-fit.js';
import { playheadMs } from '../../scene/playhead.js';
import type { LottieInfo } from '../../scene/snapshot.js';
import { toContent, toLottieContent } from '../../render/content.js';
import { decorationOf, toPiece, type ViewOf } from '../../render/piece.js';
import type { LottieLayer } from './schema.js';
import { noSpans, type KindView } from '../kind-view.js';

/** Animations that count more frames a second are shown at this rate: no program has more. */
const MAX_FRAME_RATE = 60;

/** Size of the placeholder of an animation of which nothing is known, in units. */
const UNKNOWN_SIZE = { width: 320, height: 180 };

/**
 * The frame that is shown, counted from the first of the animation. It moves in steps of the animation's own rate,
 * so that a loop shows the same frames again, which are painted already.
 */
export function lottieFrameAt(
  layer: Pick<LottieLayer, 'segment' | 'loop' | 'speed' | 'startMs'>,
  { frames, frameRate }: LottieInfo,
  sceneTimeMs: number,
): number {
  const from = Math.min(layer.segment.from, Math.max(0, frames - 1));
  const to = Math.max(from + 1, Math.min(frames, layer.segment.to ?? frames));
  const perStep = Math.max(1, frameRate / MAX_FRAME_RATE);
  const durationMs = ((to - from) / frameRate) * 1000;
  const atMs = playheadMs(sceneTimeMs, durationMs, layer);
  // A thousandth of a step makes up for times that are not exact in binary.
  const step = Math.floor((atMs * frameRate) / 1000 / perStep + 0.001);
  const last = Math.max(0, Math.ceil((to - from) / perStep) - 1);
  return from + Math.min(step, last) * perStep;
}

/** A vector animation: each of its frames is painted when it is first shown. */
export const viewLottie: ViewOf<LottieLayer> = (layer, context) => {
  const source = context.picture(layer.asset);
  const width = layer.width ?? source?.width ?? UNKNOWN_SIZE.width;
  const height = layer.height ?? source?.height ?? UNKNOWN_SIZE.height;
  const decoration = decorationOf(layer);
  const lottie = source?.lottie ?? null;
  const isThere =
    source !== null &&
    context.pictureOffset(toLottieContent(source.contentHash, source.path)) !== null;
  if (lottie === null || !isThere) {
    const drawing = { kind: 'placeholder' } as const;
    const content = toContent(drawing, decoration, { width, height }, context.scale);
    return { width, height, pieces: [toPiece('placeholder', content)] };
  }
  const { contentHash, path } = source;
  const place = placePicture(source, { width, height }, layer.fit, layer.focus);
  const visible = commonBox(place, { x: 0, y: 0, width, height });
  const to = { ...place, x: place.x - visible.x, y: place.y - visible.y };
  const frame = lottieFrameAt(layer, lottie, context.sceneTimeMs);
  const content = toContent(
    { kind: 'lottie', contentHash, path, frame, to },
    decoration,
    visible,
    context.scale,
  );
  return { width, height, pieces: [toPiece('lottie', content, visible.x, visible.y)] };
};

/** How the kind is drawn. */
export const LOTTIE_VIEW: KindView<LottieLayer> = {
  create: () => viewLottie,
  dependsOn: 'moment',
  pictures: ({ asset }, { picture }) => {
    const source = picture(asset);
    return source?.lottie === undefined ? [] : [toLottieContent(source.contentHash, source.path)];
  },
  spans: noSpans,
  size: 'own',
  isStretched: false,
};
