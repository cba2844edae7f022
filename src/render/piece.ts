import type { Layer } from '../scene/schema/layer.js';
import type { CompiledLayer } from '../scene/resolve.js';
import type { Heard } from '../scene/sound/heard.js';
import type { PictureRing } from '../memory/picture-ring.js';
import type { PictureSource } from '../scene/snapshot.js';
import type { VideoTrack } from '../scene/video-track.js';
import type { Content, Decoration, PictureContent } from './content.js';
import type { TextEngine } from './text/engine.js';

/** One bitmap of a layer and where it stands in it. Lengths are in the layer's units, from the top left of its box. */
export type Piece = {
  /** Names the piece within its layer from frame to frame. */
  readonly name: string;
  readonly content: Content | PictureContent;
  /** Bitmap pixels around the box; 0 for pictures. */
  readonly padPx: number;
  readonly x: number;
  readonly y: number;
  /** Units that the content's box takes up here, and bitmap pixels that it has. */
  readonly width: number;
  readonly height: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Cut off at the layer's box. */
  readonly isClipped: boolean;
  /** The part of the layer's box that it is cut off at; none: it is not, but for `isClipped`. */
  readonly part?: BoxPart;
  /**
   * The part of the layer's box from which its bitmap is sampled, where it goes on beyond: what is there must not be seen,
   * not even at the edge. None: all of it.
   */
  readonly sampled?: BoxPart;
  /** 0 to 1, on top of the layer's own. Default 1. */
  readonly opacity?: number;
};

/** A part of a layer's box, in the layer's units. */
export type BoxPart = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/**
 * What a layer will show soon, the most urgent first, each set when it is asked for. @throws UnfinishedText
 */
export type ComingContents = () => Iterable<Content>;

/** What a layer shows at one moment. */
export type LayerView = {
  readonly width: number;
  readonly height: number;
  readonly pieces: readonly Piece[];
  /**
   * Painted ahead, no frame has to wait for it when it comes; what is shown does not depend on whether that was done. None:
   * nothing is known of that.
   */
  readonly coming?: ComingContents;
  /** Why it is not to be shown like this, for people: it fails. Null, or none: it is. */
  readonly problem?: string | null;
};

/** All that the look of a layer depends on besides itself. */
export type ViewContext = {
  readonly sceneTimeMs: number;
  /** Program time, milliseconds since 1970: what moves goes by it. It never jumps. */
  readonly programTimeMs: number;
  /** What is to be added to it for the hour of day, milliseconds; not 0 only after the wall clock was set. */
  readonly wallOffsetMs: number;
  /** What is heard with the frame. */
  readonly heard: Heard;
  /** Bitmap pixels per unit of the layer. */
  readonly scale: number;
  readonly text: TextEngine;
  /**
   * The same object as long as nothing has changed that the layer looks like, apart from the time it shows, and the
   * scale has not: a key for what is worked out of these.
   */
  readonly appearance: object;
  /** Whether what the layer is in is turned, leans, is tilted or on its way. */
  readonly isBetweenPixels: boolean;
  readonly picture: (assetId: string) => PictureSource | null;
  /** Where a picture's bitmap is in shared memory, or null as long as it is not there. */
  readonly pictureOffset: (content: PictureContent) => number | null;
  /** The picture of a video that is shown with the frame, or the newest before it; null: none is there. */
  readonly videoFrame: VideoFrames;
  /** The picture of a live input that is due with the frame; null: none is. */
  readonly livePicture: (inputId: string) => LiveFrame | null;
  /** Program time from which scene time counts. */
  readonly takenAtMs: number;
};

/** A picture of a video, by its number, in the ring where it stands. */
export type VideoFrame = { readonly number: number; readonly ring: PictureRing };

/**
 * The same of a live input. `key` and number together are a picture's own. `ageMs`: how long before the frame it was due,
 * milliseconds.
 */
export type LiveFrame = VideoFrame & { readonly key: string; readonly ageMs: number };

/** @param number - of the picture that is to be shown */
export type VideoFrames = (track: VideoTrack, number: number) => VideoFrame | null;

/** What a kind of layer shows: a pure function of the layer and the context. */
export type ViewOf<L extends Layer> = (
  layer: L,
  context: ViewContext,
  compiled: CompiledLayer,
) => LayerView;

/** A piece that shows a painted content at its own size. */
export function toPiece(name: string, content: Content, x = 0, y = 0): Piece {
  return {
    name,
    content,
    padPx: content.padPx,
    x,
    y,
    width: content.boxWidth,
    height: content.boxHeight,
    widthPx: content.boxWidth * content.scale,
    heightPx: content.boxHeight * content.scale,
    isClipped: false,
  };
}

/** The same, cut off at the layer's box. */
export function toClippedPiece(name: string, content: Content, x: number, y: number): Piece {
  return { ...toPiece(name, content, x, y), isClipped: true };
}

/** A piece of which no more is seen than what is in a part of the layer's box. */
export function cutPiece(piece: Piece, part: BoxPart): Piece {
  return { ...piece, part };
}

/** The common decoration fields of a layer. */
export function decorationOf(layer: Layer): Decoration {
  const { cornerRadius, border, shadow } = layer;
  const shadows = shadow === null ? [] : Array.isArray(shadow) ? shadow : [shadow];
  return { cornerRadius, border: border !== null && border.width > 0 ? border : null, shadows };
}

export function isPlain({ cornerRadius, border, shadows }: Decoration): boolean {
  return cornerRadius === 0 && border === null && shadows.length === 0;
}

/** Remembers what was worked out for a look, as long as the look is there. */
export function keptByAppearance<T>(): (appearance: object, make: () => T) => T {
  const kept = new WeakMap<object, { readonly value: T }>();
  return (appearance, make) => {
    const known = kept.get(appearance);
    if (known !== undefined) return known.value;
    const value = make();
    kept.set(appearance, { value });
    return value;
  };
}
