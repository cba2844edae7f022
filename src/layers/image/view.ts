import { commonBox, type Box } from '../../scene/picture-fit.js';
import { filmDurationMs, filmFrameAt, playheadMs } from '../../scene/playhead.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { PictureSource } from '../../scene/snapshot.js';
import { pictureDrawing, toContent, type PictureContent } from '../../render/content.js';
import {
  isPanned,
  pannedRegion,
  pictureContentsOf,
  pictureFrameOf,
  type PictureFrame,
} from './picture-contents.js';
import {
  decorationOf,
  isPlain,
  toPiece,
  type Piece,
  type ViewContext,
  type ViewOf,
} from '../../render/piece.js';
import type { ImageLayer } from './schema.js';
import { noSpans, type KindView } from '../kind-view.js';

/** Size of the placeholder of a picture of which nothing is known, in units. */
const UNKNOWN_SIZE = { width: 320, height: 180 };

/** Which of the bitmaps of a picture is shown. */
function indexAt(layer: ImageLayer, { film }: PictureSource, sceneTimeMs: number): number {
  if (film === undefined) return 0;
  const { loop = film.plays === 0 ? true : film.plays, ...rest } = layer.playback;
  return filmFrameAt(film, playheadMs(sceneTimeMs, filmDurationMs(film), { loop, ...rest }));
}

/**
 * The bitmap that is shown, and where it is; null while it is not there. A film that is still being read stands still
 * at the last frame that is there.
 */
function shownContent(
  layer: ImageLayer,
  source: PictureSource,
  context: ViewContext,
  compiled: CompiledLayer,
): { readonly content: PictureContent; readonly offset: number } | null {
  const contents = pictureContentsOf(layer, context, compiled);
  for (let i = indexAt(layer, source, context.sceneTimeMs); i >= 0; i--) {
    const content = contents[i];
    const offset = content === undefined ? null : context.pictureOffset(content);
    if (content !== undefined && offset !== null) return { content, offset };
  }
  return null;
}

/** A bitmap whose part fills `box`. */
function bitmapPiece(content: PictureContent, box: Box, isClipped: boolean): Piece {
  const { widthPx, heightPx, partWidthPx, partHeightPx } = content;
  return {
    name: 'picture',
    content,
    padPx: 0,
    x: box.x,
    y: box.y,
    width: (box.width * widthPx) / partWidthPx,
    height: (box.height * heightPx) / partHeightPx,
    widthPx,
    heightPx,
    isClipped,
  };
}

/** Where a region of the picture, in its pixels, is in the layer's box. */
function placeRegion({ crop, place }: PictureFrame, region: Box): Box {
  const [unitX, unitY] = [place.width / crop.width, place.height / crop.height];
  return {
    x: place.x + (region.x - crop.x) * unitX,
    y: place.y + (region.y - crop.y) * unitY,
    width: region.width * unitX,
    height: region.height * unitY,
  };
}

function isSameBox(a: Box, b: Box): boolean {
  const isNear = (one: number, other: number): boolean => Math.abs(one - other) < 1e-6;
  return (
    isNear(a.x, b.x) && isNear(a.y, b.y) && isNear(a.width, b.width) && isNear(a.height, b.height)
  );
}

function placeholder(
  layer: ImageLayer,
  width: number,
  height: number,
  context: ViewContext,
): Piece {
  const drawing = { kind: 'placeholder' } as const;
  return toPiece(
    'placeholder',
    toContent(drawing, decorationOf(layer), { width, height }, context.scale),
  );
}

/** A picture, its placeholder while it is missing, or the picture in its decoration. */
export const viewImage: ViewOf<ImageLayer> = (layer, context, compiled) => {
  const source = context.picture(layer.asset);
  if (source === null || source.lottie !== undefined || source.video !== undefined) {
    const width = layer.width ?? UNKNOWN_SIZE.width;
    const height = layer.height ?? UNKNOWN_SIZE.height;
    const problem =
      source?.video === undefined
        ? null
        : `The asset ${layer.asset} is a video. Use a layer of the type video for it.`;
    return { width, height, pieces: [placeholder(layer, width, height, context)], problem };
  }
  const frame = pictureFrameOf(layer, source);
  const { width, height, visible } = frame;
  const shown = shownContent(layer, source, context, compiled);
  if (shown === null)
    return { width, height, pieces: [placeholder(layer, width, height, context)] };
  const { content, offset } = shown;
  const decoration = decorationOf(layer);
  // Of a bitmap with fewer pixels than the picture, those at the edge of what is seen have something of what is not.
  const region = isPanned(layer, compiled) ? pannedRegion(source, compiled, frame) : null;
  const panned = region === null ? null : placeRegion(frame, region);
  const isReduced =
    region !== null && (content.widthPx < region.width - 1 || content.heightPx < region.height - 1);
  const isCutByBox = isSameBox(visible, { x: 0, y: 0, width, height });
  if (isPlain(decoration) && (panned === null || isCutByBox))
    return {
      width,
      height,
      pieces: [
        panned === null
          ? bitmapPiece(content, visible, false)
          : {
              ...bitmapPiece(content, panned, true),
              sampled: isReduced ? innerBox(content, panned, visible) : visible,
            },
      ],
    };
  // What is cut or framed is painted once for each place that it has: only a picture in motion costs that every frame.
  const from = panned === null ? null : partOfBitmap(content, panned, visible);
  const drawn = toContent(
    pictureDrawing(content, offset, from, isReduced),
    decoration,
    visible,
    context.scale,
  );
  return { width, height, pieces: [toPiece('picture', drawn, visible.x, visible.y)] };
};

/** The part of `visible` that whole pixels of a bitmap fill, which fills `whole`; all of it when there are none. */
function innerBox({ partWidthPx, partHeightPx }: PictureContent, whole: Box, visible: Box): Box {
  const inner = (start: number, end: number, origin: number, unit: number): [number, number] => {
    const first = origin + Math.ceil((start - origin) / unit - 1e-6) * unit;
    const last = origin + Math.floor((end - origin) / unit + 1e-6) * unit;
    return last > first ? [first, last - first] : [start, end - start];
  };
  const [right, bottom] = [visible.x + visible.width, visible.y + visible.height];
  const [x, width] = inner(visible.x, right, whole.x, whole.width / partWidthPx);
  const [y, height] = inner(visible.y, bottom, whole.y, whole.height / partHeightPx);
  return { x, y, width, height };
}

/** What of a bitmap that fills `whole` is in `visible`, in its pixels. */
function partOfBitmap(
  { partWidthPx, partHeightPx }: PictureContent,
  whole: Box,
  visible: Box,
): Box {
  const part = commonBox(whole, visible);
  const [pxX, pxY] = [partWidthPx / whole.width, partHeightPx / whole.height];
  return {
    x: (part.x - whole.x) * pxX,
    y: (part.y - whole.y) * pxY,
    width: part.width * pxX,
    height: part.height * pxY,
  };
}

/** How the kind is drawn. */
export const IMAGE_VIEW: KindView<ImageLayer> = {
  create: () => viewImage,
  dependsOn: 'picture',
  pictures: pictureContentsOf,
  spans: noSpans,
  size: 'shape',
  isStretched: true,
};
