import {
  pictureDrawing,
  toContent,
  toPictureContent,
  type Drawing,
  type PictureContent,
} from '../../render/content.js';
import {
  decorationOf,
  toPiece,
  type LayerView,
  type LiveFrame,
  type Piece,
  type ViewContext,
  type ViewOf,
} from '../../render/piece.js';
import { commonBox, placePicture, type Box } from '../../scene/picture-fit.js';
import { noSpans, type KindView, type PictureContext } from '../kind-view.js';
import { movingPicturePiece } from '../moving-picture.js';
import type { InputLayer } from './schema.js';

/** The bitmap of the picture that stands in for the input; null: there is none. */
function fallbackContent(
  layer: InputLayer,
  { picture, scale }: Pick<PictureContext, 'picture' | 'scale'>,
): { readonly content: PictureContent; readonly place: Box } | null {
  const source = layer.fallbackAsset === undefined ? null : picture(layer.fallbackAsset);
  if (source === null || source.video !== undefined || source.lottie !== undefined) return null;
  const { contentHash, path, film } = source;
  const place = placePicture(source, layer, layer.fit, layer.focus);
  const range = film?.frames[0] ?? null;
  const content = toPictureContent(
    { contentHash, path, range, part: null, chromaKey: null },
    place.width * scale,
    place.height * scale,
  );
  return { content, place };
}

/** The picture that stands in for the input; null while it is not there. */
function fallbackPiece(layer: InputLayer, context: ViewContext): Piece | null {
  const found = fallbackContent(layer, context);
  const offset = found === null ? null : context.pictureOffset(found.content);
  if (found === null || offset === null) return null;
  const { content, place } = found;
  const visible = commonBox(place, { x: 0, y: 0, width: layer.width, height: layer.height });
  const zoom = content.widthPx / place.width;
  const from = {
    x: (visible.x - place.x) * zoom,
    y: (visible.y - place.y) * zoom,
    width: visible.width * zoom,
    height: visible.height * zoom,
  };
  const drawing = pictureDrawing(content, offset, from, false);
  const painted = toContent(drawing, decorationOf(layer), visible, context.scale);
  return toPiece('picture', painted, visible.x, visible.y);
}

function drawingOf(layer: InputLayer, { key, ring, number }: LiveFrame): (to: Box) => Drawing {
  const { widthPx, heightPx } = ring;
  return (to) => ({
    kind: 'video-frame',
    ring,
    number,
    picture: `input ${key} ${widthPx}x${heightPx} ${number}`,
    track: `input ${key}`,
    chromaKey: layer.chromaKey,
    to,
  });
}

/** The picture of the input that is due, or what stands in for it while there is none. */
export const viewInput: ViewOf<InputLayer> = (layer, context): LayerView => {
  const { width, height, whenLost, lostAfterMs } = layer;
  const size = { width, height };
  const picture = context.livePicture(layer.input);
  const isLost = picture === null || picture.ageMs > lostAfterMs;
  if (isLost && whenLost === 'hide') return { ...size, pieces: [] };
  const fallback = isLost && whenLost === 'fallback' ? fallbackPiece(layer, context) : null;
  if (fallback !== null) return { ...size, pieces: [fallback] };
  if (picture === null || (isLost && whenLost !== 'hold')) {
    const drawing = { kind: 'placeholder' } as const;
    const content = toContent(drawing, decorationOf(layer), size, context.scale);
    return { ...size, pieces: [toPiece('placeholder', content)] };
  }
  const { widthPx, heightPx } = picture.ring;
  const place = placePicture({ width: widthPx, height: heightPx }, size, layer.fit, layer.focus);
  const visible = commonBox(place, { x: 0, y: 0, ...size });
  const drawing = drawingOf(layer, picture);
  const moving = { widthPx, heightPx, place, visible, drawing };
  return { ...size, pieces: [movingPicturePiece(moving, decorationOf(layer), context.scale)] };
};

/** How the kind is drawn. */
export const INPUT_VIEW: KindView<InputLayer> = {
  create: () => viewInput,
  dependsOn: 'moment',
  pictures: (layer, context) => {
    const found = fallbackContent(layer, context);
    return found === null ? [] : [found.content];
  },
  spans: noSpans,
  size: 'shape',
  isStretched: true,
};
