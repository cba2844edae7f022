import type { LivePicture } from '../../memory/live-pictures.js';
import { toContent, type Drawing } from '../../render/content.js';
import { decorationOf, toPiece, type LayerView, type ViewOf } from '../../render/piece.js';
import { commonBox, placePicture, type Box } from '../../scene/picture-fit.js';
import type { ImageLayer } from '../image/schema.js';
import { IMAGE_VIEW, viewImage } from '../image/view.js';
import { noSpans, type KindView } from '../kind-view.js';
import { movingPicturePiece } from '../moving-picture.js';
import type { InputLayer } from './schema.js';

const PLAYBACK = { speed: 1, startMs: 0, atEnd: 'hold' } as const;

/** The layer that shows the fallback, by the layer in whose place it is: the same object as long as that is the same. */
const fallbacks = new WeakMap<InputLayer, ImageLayer>();

function fallbackOf(layer: InputLayer, asset: string): ImageLayer {
  const known = fallbacks.get(layer);
  if (known !== undefined) return known;
  const { input, whenLost, lostAfterMs, fallbackAsset, ...rest } = layer;
  const image: ImageLayer = { ...rest, type: 'image', asset, crop: null, playback: PLAYBACK };
  fallbacks.set(layer, image);
  return image;
}

function drawingOf(layer: InputLayer, { ring, number }: LivePicture): (to: Box) => Drawing {
  const { widthPx, heightPx } = ring;
  return (to) => ({
    kind: 'video-frame',
    ring,
    number,
    picture: `input ${layer.input} ${widthPx}x${heightPx} ${number}`,
    track: `input ${layer.input}`,
    chromaKey: layer.chromaKey,
    to,
  });
}

/** The picture of the input that is due, or what stands in for it while there is none. */
export const viewInput: ViewOf<InputLayer> = (layer, context, compiled): LayerView => {
  const { width, height, whenLost, lostAfterMs, fallbackAsset } = layer;
  const size = { width, height };
  const picture = context.livePicture(layer.input);
  const isLost = picture === null || picture.ageMs > lostAfterMs;
  if (isLost && whenLost === 'hide') return { ...size, pieces: [] };
  if (isLost && whenLost === 'fallback' && fallbackAsset !== undefined)
    return viewImage(fallbackOf(layer, fallbackAsset), context, compiled);
  if (picture === null || (isLost && whenLost === 'placeholder')) {
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
  pictures: (layer, context, compiled) => {
    const { fallbackAsset } = layer;
    if (fallbackAsset === undefined) return [];
    return IMAGE_VIEW.pictures?.(fallbackOf(layer, fallbackAsset), context, compiled) ?? [];
  },
  spans: noSpans,
  size: 'shape',
  isStretched: true,
};
