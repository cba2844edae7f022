import type { PictureRing } from '../memory/picture-ring.js';
import type { VideoTrack } from '../scene/video-track.js';
import { levelSizes } from '../memory/bitmap-layout.js';
import type { Box } from '../scene/picture-fit.js';
import type { Stroke } from '../scene/schema/stroke.js';
import type { ChromaKey, Filter, Paint } from '../scene/schema/style.js';
import type { Outline } from './outline.js';
import type { PatternDrawing } from './pattern.js';
import type { QrLevel } from '../scene/qr-code.js';
import type { GlyphFont, SpanLines, TextLine } from './text/text-spec.js';

/**
 * What can be painted into a bitmap, as plain data: the stitcher decides it, a render worker paints it. Lengths
 * are in units of the layer; `scale` says how many bitmap pixels a unit has.
 */

export type Border = { readonly width: number; readonly color: string };
export type Shadow = {
  readonly x: number;
  readonly y: number;
  readonly blur: number;
  readonly color: string;
};

/** What frames any content: its box is clipped to `cornerRadius` when that is over 0. */
export type Decoration = {
  readonly cornerRadius: number;
  readonly border: Border | null;
  /** The first is on top. */
  readonly shadows: readonly Shadow[];
};

export const PLAIN: Decoration = { cornerRadius: 0, border: null, shadows: [] };

/** A layout, or lines of one, in its place. */
export type BlockText = {
  /** Identifies the line: equal for equal ones. */
  readonly key: string;
  /** Where the top left of the layout is, from that of the content's box. */
  readonly x: number;
  readonly y: number;
  readonly lines: readonly Pick<TextLine, 'text' | 'x' | 'baseline' | 'runs' | 'glyphs'>[];
  readonly fonts: readonly GlyphFont[];
  /** By span. */
  readonly styles: readonly (SpanLines & {
    readonly fill: Paint;
    readonly isUnderlined: boolean;
    readonly isStruckThrough: boolean;
  })[];
};

/** Set text with all that belongs to it. */
export type TextBlock = {
  readonly kind: 'text-block';
  readonly texts: readonly BlockText[];
  /** Around each letter, outside of it. */
  readonly stroke: { readonly width: number; readonly color: string } | null;
  /** Of the letters; the first is on top. */
  readonly shadows: readonly Shadow[];
  /** The layer's box: over it gradients run, and it is what the panel fills. */
  readonly area: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  readonly panel: {
    readonly fill: Paint | null;
    readonly border: Border | null;
    /** Of the upper corners and of the lower ones, where they differ. */
    readonly cornerRadius: number | readonly [upper: number, lower: number];
  } | null;
};

export type Drawing =
  | TextBlock
  | { readonly kind: 'rectangle' | 'ellipse'; readonly fill: Paint }
  | {
      readonly kind: 'figure';
      readonly outline: Outline;
      readonly fill: Paint;
      readonly fillRule: 'nonzero' | 'evenodd';
      readonly stroke: Stroke | null;
    }
  | {
      readonly kind: 'qr';
      readonly text: string;
      readonly level: QrLevel;
      /** Modules. */
      readonly margin: number;
      readonly dark: string;
      readonly light: string;
    }
  | PatternDrawing
  /** Nothing but the decoration. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'placeholder' }
  /**
   * What a list of `count` item records draws, which stand behind the bitmap's row spans. The top left of the box is
   * where they have pixel (x, y).
   */
  | { readonly kind: 'composed'; readonly count: number; readonly x: number; readonly y: number }
  /** The levels of a bitmap that stands in shared memory; see memory/records.ts. */
  | {
      readonly kind: 'levels';
      /** Bytes from the beginning of the memory. */
      readonly source: number;
      readonly widthPx: number;
      readonly heightPx: number;
    }
  /** A part of a picture that is already in shared memory, brought to the whole box. */
  | {
      readonly kind: 'picture';
      /** The key of the picture: distinguishes pictures that stood at the same place at different times. */
      readonly picture: string;
      /** Bytes from the beginning of the memory. */
      readonly source: number;
      readonly widthPx: number;
      readonly heightPx: number;
      /** In pixels of the picture; null: all of it. */
      readonly from: Box | null;
      /** The picture has fewer pixels than it had: those that lie half in `from` are none of it. */
      readonly isReduced: boolean;
    }
  /** A picture of a video, which stands in its ring. */
  | {
      readonly kind: 'video-frame';
      readonly ring: PictureRing;
      /** Of the picture in the ring. */
      readonly number: number;
      /** What tells the picture from others. */
      readonly picture: string;
      /** Which pictures are one after the other, and need not be kept when another is shown. */
      readonly track: string;
      readonly chromaKey: ChromaKey | null;
      /** Where all of it would be, in units from the top left of the box. */
      readonly to: Box;
    }
  /** A frame of a vector animation. */
  | {
      readonly kind: 'lottie';
      readonly contentHash: string;
      readonly path: string;
      /** Counted from its first; need not be whole. */
      readonly frame: number;
      /** Where all of it would be, in units from the top left of the box. */
      readonly to: Box;
    };

export type DrawingOf<K extends Drawing['kind']> = Extract<Drawing, { kind: K }>;

/** A bitmap to be painted. */
export type Content = {
  /** Equal keys are equal pictures. */
  readonly key: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Where the top left of the box is in the bitmap: there is room around it for shadows and overhanging letters. */
  readonly padPx: number;
  readonly boxWidth: number;
  readonly boxHeight: number;
  readonly scale: number;
  readonly drawing: Drawing;
  readonly decoration: Decoration;
  /** What is done to all of that, one after the other. */
  readonly filters: readonly Filter[];
};

/** Something to be decoded and scaled to exactly `widthPx` × `heightPx`: slow, so it is done before it is needed. */
export type PictureContent = {
  readonly key: string;
  /**
   * A vector animation has no pixels of its own: it is read and kept by every thread, and leaves an empty bitmap. So does a
   * video, which is there when its first picture is decoded.
   */
  readonly kind: 'picture' | 'lottie' | 'video';
  /** Null: it is no video. */
  readonly track: VideoTrack | null;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly contentHash: string;
  readonly path: string;
  /** Where in the file it stands; null: it is the file. */
  readonly range: { readonly start: number; readonly bytes: number } | null;
  /** What of the picture is wanted, as shares of its size; null: all. */
  readonly part: Box | null;
  /**
   * How many pixels all of the part takes: of a part that is cut out, less than a pixel more or less than there are, so
   * that it is not squeezed into them.
   */
  readonly partWidthPx: number;
  readonly partHeightPx: number;
  readonly chromaKey: ChromaKey | null;
};

/** Longest side of a bitmap in pixels: a render worker's row holds one of its rows. */
export const MAX_BITMAP_PX = 8192;

/** Room that shadows need around their content; a canvas blur reaches 1.5 times its number (three sigma of half of it). */
export function reachOf(shadows: readonly Shadow[]): number {
  return Math.max(
    0,
    ...shadows.map(({ x, y, blur }) => Math.max(Math.abs(x), Math.abs(y)) + 1.5 * blur),
  );
}

/** Most pixels of a painted bitmap, those of a 4K frame: more would keep a thread from its frames for too long. */
export const MAX_PAINTED_PX = 3840 * 2160;

/** Most pixels of a decoded picture: 64 MiB. */
const MAX_PICTURE_PX = 4096 * 4096;

/** What a size must be multiplied with, at most 1, to stay within the limits of a bitmap. */
export function shrinkToFit(widthPx: number, heightPx: number, maxPx: number): number {
  const longest = Math.max(widthPx, heightPx, 1);
  return Math.min(
    1,
    (MAX_BITMAP_PX - 2) / longest,
    Math.sqrt(maxPx / Math.max(1, widthPx * heightPx)),
  );
}

/** What tells one drawing from another. Of letters it is what their layout is known by: they may be thousands. */
function drawingKey(drawing: Drawing): unknown {
  if (drawing.kind === 'video-frame') {
    const { kind, picture, chromaKey, to } = drawing;
    return { kind, picture, chromaKey, to };
  }
  if (drawing.kind !== 'text-block') return drawing;
  const texts = drawing.texts.map(({ key, x, y, styles }) => [key, x, y, styles]);
  return { ...drawing, texts };
}

/** The box of a content, in units. */
export type ContentBox = {
  readonly width: number;
  readonly height: number;
  /** Room that the drawing needs outside of the box. Default 0. */
  readonly overhang?: number;
};

/**
 * A content with its key and its size. One that would be too large is painted smaller, and the compositor makes it
 * larger.
 */
export function toContent(
  drawing: Drawing,
  decoration: Decoration,
  box: ContentBox,
  wantedScale: number,
): Content {
  const pad = (box.overhang ?? 0) + reachOf(decoration.shadows);
  const wantedPx = (units: number): number => (units + 2 * pad) * wantedScale;
  const scale =
    wantedScale * shrinkToFit(wantedPx(box.width), wantedPx(box.height), MAX_PAINTED_PX);
  const padPx = Math.ceil(pad * scale);
  const extentPx = (units: number): number =>
    Math.min(MAX_BITMAP_PX, Math.max(1, Math.ceil(units * scale - 1e-6) + 2 * padPx));
  return {
    key: JSON.stringify([drawingKey(drawing), decoration, box.width, box.height, scale]),
    widthPx: extentPx(box.width),
    heightPx: extentPx(box.height),
    padPx,
    boxWidth: box.width,
    boxHeight: box.height,
    scale,
    drawing,
    decoration,
    filters: [],
  };
}

/**
 * Pixels for a wanted number of them, and how many of these the picture takes: a whole one is fitted into them, as browsers
 * do, and one of which a `share` is cut out keeps its scale.
 */
function wholePixels(wantedPx: number, share: number): readonly [number, number] {
  const px = Math.max(1, Math.round(wantedPx));
  const isCut = share < 1 - 1e-9 && Math.abs(px - wantedPx) < 1;
  return [px, isCut ? wantedPx : px];
}

/** A decoded picture of a given size, or as large as pictures may be. */
export function toPictureContent(
  source: Pick<PictureContent, 'contentHash' | 'path' | 'range' | 'part' | 'chromaKey'>,
  wantedWidthPx: number,
  wantedHeightPx: number,
): PictureContent {
  const { contentHash, path, range, part, chromaKey } = source;
  const shrink = shrinkToFit(wantedWidthPx, wantedHeightPx, MAX_PICTURE_PX);
  const [widthPx, partWidthPx] = wholePixels(wantedWidthPx * shrink, part?.width ?? 1);
  const [heightPx, partHeightPx] = wholePixels(wantedHeightPx * shrink, part?.height ?? 1);
  const details = [range?.start ?? null, part, chromaKey];
  const detail = details.every((one) => one === null)
    ? ''
    : ` ${JSON.stringify([...details, partWidthPx, partHeightPx])}`;
  const key = `picture ${contentHash} ${widthPx}x${heightPx}${detail}`;
  return {
    key,
    kind: 'picture',
    track: null,
    widthPx,
    heightPx,
    contentHash,
    path,
    range,
    part,
    partWidthPx,
    partHeightPx,
    chromaKey,
  };
}

/**
 * The levels of a bitmap at `source`, as a bitmap of their own: as wide as the first of them, and as high as it takes to
 * hold all. `serial` tells the bitmap from every other that stood there.
 */
export function levelsContent(
  serial: number,
  source: number,
  widthPx: number,
  heightPx: number,
): Content {
  const sizes = levelSizes(widthPx, heightPx);
  const px = sizes.reduce((sum, size) => sum + size.widthPx * size.heightPx, 0);
  const levelWidthPx = Math.ceil(widthPx / 2);
  const levelHeightPx = Math.ceil(px / levelWidthPx);
  return {
    key: `levels ${serial}`,
    widthPx: levelWidthPx,
    heightPx: levelHeightPx,
    padPx: 0,
    boxWidth: levelWidthPx,
    boxHeight: levelHeightPx,
    scale: 1,
    drawing: { kind: 'levels', source, widthPx, heightPx },
    decoration: PLAIN,
    filters: [],
  };
}

/** A vector animation that is read before it is needed. */
export function toLottieContent(contentHash: string, path: string): PictureContent {
  return {
    key: `lottie ${contentHash}`,
    kind: 'lottie',
    track: null,
    widthPx: 1,
    heightPx: 1,
    contentHash,
    path,
    range: null,
    part: null,
    partWidthPx: 1,
    partHeightPx: 1,
    chromaKey: null,
  };
}

/** What a video is known by whose first picture is decoded before it is needed: each time that it is put elsewhere anew. */
export function videoContentKey({ key, cue }: Pick<VideoTrack, 'key' | 'cue'>): string {
  return cue === '' ? key : `${key} ${cue}`;
}

/** A video whose first picture is decoded before it is needed. */
export function toVideoContent(contentHash: string, track: VideoTrack): PictureContent {
  const key = videoContentKey(track);
  return { ...toLottieContent(contentHash, track.path), key, kind: 'video', track };
}

/** What draws a decoded picture, or `from` of its pixels, that stands at `source`. */
export function pictureDrawing(
  { key, widthPx, heightPx }: PictureContent,
  source: number,
  from: Box | null,
  isReduced: boolean,
): Drawing {
  return { kind: 'picture', picture: key, source, widthPx, heightPx, from, isReduced };
}
