import { isBetweenPixels } from '../../scene/between-pixels.js';
import { filmScale } from '../../scene/film-size.js';
import { clampCrop, commonBox, placePicture, type Box } from '../../scene/picture-fit.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { PicturePart, PictureSource } from '../../scene/snapshot.js';
import { toPictureContent, type PictureContent } from '../../render/content.js';
import { decorationOf, isPlain, type ViewContext } from '../../render/piece.js';
import type { ImageLayer } from './schema.js';

/** Where a picture is in its layer's box. Lengths in units of the layer but for `crop`, in pixels of the picture. */
export type PictureFrame = {
  readonly width: number;
  readonly height: number;
  readonly crop: Box;
  /** Where all of the crop would be. */
  readonly place: Box;
  /** What of that is in the box. */
  readonly visible: Box;
};

export function pictureFrameOf(layer: ImageLayer, source: PictureSource): PictureFrame {
  const crop = clampCrop(layer.crop, source);
  const width = layer.width ?? crop.width;
  const height = layer.height ?? crop.height;
  const place = placePicture(crop, { width, height }, layer.fit, layer.focus);
  return { width, height, crop, place, visible: commonBox(place, { x: 0, y: 0, width, height }) };
}

/**
 * Whether what is seen of the picture moves within its box. Then more of it is decoded than is seen, and it is cut
 * where it is drawn: nothing is painted anew from frame to frame.
 */
export function isPanned(layer: ImageLayer, compiled: CompiledLayer): boolean {
  return (
    compiled.moves('crop.x', 'crop.y', 'crop.width', 'crop.height') ||
    (layer.fit !== 'fill' && compiled.moves('focus.x', 'focus.y', 'width', 'height'))
  );
}

/** The part of a picture that is decoded when it is panned, in its own pixels. */
export function pannedRegion(
  source: PictureSource,
  compiled: CompiledLayer,
  { crop }: PictureFrame,
): Box {
  return compiled.moves('crop.x', 'crop.y', 'crop.width', 'crop.height')
    ? { x: 0, y: 0, width: source.width, height: source.height }
    : crop;
}

/** The smallest value that a number of the document takes by its animations, curves that overshoot left out. */
function smallest({ layer }: CompiledLayer, property: string, atRest: number): number {
  const animation = layer.animations.findLast((candidate) => candidate.property === property);
  const values = animation?.keyframes.map(({ value }) => Number(value)) ?? [atRest];
  return Math.min(...values);
}

/**
 * Most units that a pixel of the picture takes, or a little more: reckoned from what the document says and not from
 * the moment, so that the bitmap is the same at all times.
 */
function largestZoom(
  layer: ImageLayer,
  source: PictureSource,
  compiled: CompiledLayer,
): { readonly x: number; readonly y: number } {
  const { crop: own } = compiled.layer.type === 'image' ? compiled.layer : layer;
  const whole = clampCrop(own, source);
  const crop = clampCrop(
    {
      ...whole,
      width: smallest(compiled, 'crop.width', whole.width),
      height: smallest(compiled, 'crop.height', whole.height),
    },
    source,
  );
  const width = compiled.largest('width', layer.width ?? crop.width);
  const height = compiled.largest('height', layer.height ?? crop.height);
  const place = placePicture(crop, { width, height }, layer.fit, { x: 0, y: 0 });
  return { x: place.width / crop.width, y: place.height / crop.height };
}

/**
 * Pictures that are panned are kept at their own size up to this, pixels: made smaller, those at the edge of a crop would
 * have something of what is beyond. 16 MiB; larger ones are as large as they get, and have it.
 */
const OWN_SIZE_PX = 4 * 1024 * 1024;

/**
 * A picture that is turned, tilted or on its way, by itself or with what it is in, is sampled between its pixels everywhere,
 * which costs sharpness. It is kept so many times as large as it is shown, if it has the pixels: up to 8 dB nearer to the ideal at three quarters of
 * its size. More than that costs the kernels more samples and gains little.
 */
const OVERSAMPLING = 1.5;

/** What is decoded of a picture, as shares of it, and how large that gets. */
type Wanted = { readonly part: Box; readonly widthPx: number; readonly heightPx: number };

/** A box along one of its sides. */
type Span = { readonly start: number; readonly length: number };

const across = ({ x, width }: Box): Span => ({ start: x, length: width });
const down = ({ y, height }: Box): Span => ({ start: y, length: height });

/** What is seen of the crop along one side, in pixels of the picture. */
function seenSpan(crop: Span, place: Span, visible: Span): Span {
  // Reckoned, it would differ in its last digits from size to size, and be another bitmap.
  if (visible.start === place.start && visible.length === place.length) return crop;
  const unitPx = crop.length / place.length;
  return {
    start: crop.start + (visible.start - place.start) * unitPx,
    length: visible.length * unitPx,
  };
}

/** What is seen of the crop, in pixels of the picture. */
function seenPart({ crop, place, visible }: PictureFrame): Box {
  const { start: x, length: width } = seenSpan(across(crop), across(place), across(visible));
  const { start: y, length: height } = seenSpan(down(crop), down(place), down(visible));
  return { x, y, width, height };
}

function wantedOf(
  layer: ImageLayer,
  source: PictureSource,
  scale: number,
  compiled: CompiledLayer,
): Wanted {
  const frame = pictureFrameOf(layer, source);
  const { visible, width, height } = frame;
  const share = ({ x, y, width: partWidth, height: partHeight }: Box): Box => ({
    x: x / source.width,
    y: y / source.height,
    width: partWidth / source.width,
    height: partHeight / source.height,
  });
  if (isPanned(layer, compiled)) {
    const region = pannedRegion(source, compiled, frame);
    const zoom = largestZoom(layer, source, compiled);
    const isOwnSize = source.film === undefined && region.width * region.height <= OWN_SIZE_PX;
    return {
      part: share(region),
      widthPx: region.width * Math.max(zoom.x * scale, isOwnSize ? 1 : 0),
      heightPx: region.height * Math.max(zoom.y * scale, isOwnSize ? 1 : 0),
    };
  }
  return {
    part: share(seenPart(frame)),
    widthPx: (layer.fit === 'fill' ? compiled.largest('width', width) : visible.width) * scale,
    heightPx: (layer.fit === 'fill' ? compiled.largest('height', height) : visible.height) * scale,
  };
}

/** `wantedPx` times `over`, but no more than the picture has, nor less than wanted. */
function oversampled(wantedPx: number, partPx: number, over: number): number {
  return Math.max(wantedPx, Math.min(wantedPx * over, partPx));
}

const WHOLE: Box = { x: 0, y: 0, width: 1, height: 1 };

function isWhole({ x, y, width, height }: Box): boolean {
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9;
  return isNear(x, WHOLE.x) && isNear(y, WHOLE.y) && isNear(width, 1) && isNear(height, 1);
}

/** What was worked out for a layer, and from what. */
type Known = Basis & { readonly contents: readonly PictureContent[] };

/** What the bitmaps of a layer depend on besides how it moves; null: not on this. */
type Basis = Pick<ImageLayer, 'fit' | 'chromaKey' | 'crop'> & {
  readonly source: PictureSource;
  readonly scale: number;
  readonly focus: ImageLayer['focus'] | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly isBetweenPixels: boolean;
};

const knownContents = new WeakMap<CompiledLayer, Known>();

/**
 * The bitmaps that a picture layer needs over all its motion: one, or one for each frame of a film. They are as
 * large as the layer ever gets, but a picture that changes its size is not made larger than it is: the compositor
 * does that as well, and reads less. Nor is a film, whose frames are many. A drawing has no size of its own to keep to.
 */
export function pictureContentsOf(
  layer: ImageLayer,
  context: Pick<ViewContext, 'picture' | 'scale' | 'isBetweenPixels'>,
  compiled: CompiledLayer,
): readonly PictureContent[] {
  const source = context.picture(layer.asset);
  if (source === null || source.lottie !== undefined) return [];
  const before = knownContents.get(compiled);
  const { scale } = context;
  const { fit, chromaKey } = layer;
  // Whatever moves is asked for over all time, so what it is now does not matter.
  const panned = isPanned(layer, compiled);
  const crop = panned ? null : layer.crop;
  const focus = panned ? null : layer.focus;
  const width = compiled.moves('width') ? null : (layer.width ?? null);
  const height = compiled.moves('height') ? null : (layer.height ?? null);
  if (
    before?.source === source &&
    before.scale === scale &&
    before.fit === fit &&
    before.chromaKey === chromaKey &&
    before.crop === crop &&
    before.focus === focus &&
    before.width === width &&
    before.height === height &&
    before.isBetweenPixels === context.isBetweenPixels
  )
    return before.contents;
  // A picture in a frame is painted before it is sampled.
  const isSampled =
    (context.isBetweenPixels || isBetweenPixels(compiled)) && isPlain(decorationOf(layer));
  const over = isSampled && source.isDrawing !== true ? OVERSAMPLING : 1;
  const contents = makeContents(layer, source, { scale, over }, compiled);
  const basis = {
    source,
    scale,
    fit,
    chromaKey,
    crop,
    focus,
    width,
    height,
    isBetweenPixels: context.isBetweenPixels,
  };
  knownContents.set(compiled, { ...basis, contents });
  return contents;
}

function makeContents(
  layer: ImageLayer,
  source: PictureSource,
  { scale, over }: { readonly scale: number; readonly over: number },
  compiled: CompiledLayer,
): PictureContent[] {
  const { contentHash, path, film, isDrawing } = source;
  const { part, ...shown } = wantedOf(layer, source, scale, compiled);
  if (part.width <= 0 || part.height <= 0) return [];
  const isLimited =
    film !== undefined ||
    (isDrawing !== true &&
      (isPanned(layer, compiled) || compiled.moves('scale', 'width', 'height')));
  const toPicture = (file: PicturePart | null): PictureContent => {
    const own = file ?? source;
    const limit = (wantedPx: number, ownPx: number): number =>
      isLimited ? Math.min(wantedPx, ownPx) : wantedPx;
    const partWidthPx = own.width * part.width;
    const partHeightPx = own.height * part.height;
    const ownWidthPx = limit(oversampled(shown.widthPx, partWidthPx, over), partWidthPx);
    const ownHeightPx = limit(oversampled(shown.heightPx, partHeightPx, over), partHeightPx);
    const shrink = film === undefined ? 1 : filmScale(film.frames.length, ownWidthPx, ownHeightPx);
    return toPictureContent(
      {
        contentHash,
        path,
        chromaKey: layer.chromaKey,
        range: file === null ? null : { start: file.start, bytes: file.bytes },
        part: isWhole(part) ? null : part,
      },
      ownWidthPx * shrink,
      ownHeightPx * shrink,
    );
  };
  return film === undefined ? [toPicture(null)] : film.frames.map(toPicture);
}
