import type { LayerOf } from '../../scene/schema/layer.js';
import { toContent, toPictureContent, type PictureContent } from '../content.js';
import { decorationOf, isPlain, toPiece, type ViewContext, type ViewOf } from './piece.js';
import type { CompiledLayer } from '../../scene/resolve.js';

/** Size of the placeholder of a picture of which nothing is known, in units. */
const UNKNOWN_SIZE = { width: 320, height: 180 };

/**
 * The bitmap that a picture layer needs over all its motion. It is as large as the layer ever gets, but a picture
 * that changes its size is not made larger than it is: the compositor does that as well, and reads less.
 */
export function pictureContentOf(
  layer: LayerOf<'image'>,
  context: Pick<ViewContext, 'picture' | 'scale'>,
  compiled: CompiledLayer,
): PictureContent | null {
  const source = context.picture(layer.asset);
  if (source === null) return null;
  const width = compiled.largest('width', layer.width ?? source.width) * context.scale;
  const height = compiled.largest('height', layer.height ?? source.height) * context.scale;
  const resizes = compiled.moves('scale', 'width', 'height');
  const limit = (extentPx: number, ownPx: number): number =>
    resizes ? Math.min(extentPx, ownPx) : extentPx;
  return toPictureContent(
    source.contentHash,
    source.path,
    limit(width, source.width),
    limit(height, source.height),
  );
}

/** A picture, its placeholder while it is missing, or the picture in its decoration. */
export const viewImage: ViewOf<LayerOf<'image'>> = (layer, context, compiled) => {
  const source = context.picture(layer.asset);
  const width = layer.width ?? source?.width ?? UNKNOWN_SIZE.width;
  const height = layer.height ?? source?.height ?? UNKNOWN_SIZE.height;
  const decoration = decorationOf(layer);
  const content = pictureContentOf(layer, context, compiled);
  const offset = content === null ? null : context.pictureOffset(content);
  if (content === null || offset === null) {
    const placeholder = toContent(
      { kind: 'placeholder' },
      decoration,
      { width, height },
      context.scale,
    );
    return { width, height, pieces: [toPiece('placeholder', placeholder)] };
  }
  const { widthPx, heightPx } = content;
  if (isPlain(decoration)) {
    const piece = {
      name: 'picture',
      content,
      padPx: 0,
      x: 0,
      y: 0,
      width,
      height,
      widthPx,
      heightPx,
      isClipped: false,
    };
    return { width, height, pieces: [piece] };
  }
  const drawing = {
    kind: 'picture',
    contentHash: content.contentHash,
    source: offset,
    widthPx,
    heightPx,
  } as const;
  const decorated = toContent(drawing, decoration, { width, height }, context.scale);
  return { width, height, pieces: [toPiece('picture', decorated)] };
};
