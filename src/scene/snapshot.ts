import type { FrameRate } from '../core/rational.js';
import type { SceneShot } from './motion/running-transition.js';
import type { Stage } from './motion/stage.js';
import type { Scene } from './schema/scene.js';

/** A picture that stands among others in one file, `bytes` from `start` on. Its size is in pixels. */
export type PicturePart = {
  readonly start: number;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
};

/** The frames of an animated picture. */
export type Film = {
  readonly frames: readonly (PicturePart & { readonly durationMs: number })[];
  /** Runs, as the file says; 0: forever. */
  readonly plays: number;
};

/** What a vector animation says of itself. */
export type LottieInfo = {
  /** Counted at its own rate; need not be whole. */
  readonly frames: number;
  readonly frameRate: number;
};

/** How colours are coded (ITU-R). */
export const COLOR_MATRICES = ['bt601', 'bt709', 'bt2020'] as const;
export type ColorMatrix = (typeof COLOR_MATRICES)[number];

/** What is known of a video. */
export type VideoInfo = {
  /** Of its pictures, milliseconds. */
  readonly durationMs: number;
  /** Pictures a second; of a video with pictures at uneven times, what they are brought to. */
  readonly frameRate: FrameRate;
  /** As FFmpeg calls it. */
  readonly codec: string;
  readonly hasAlpha: boolean;
  /** By which its colours are decoded: as it says, or as is usual for its size. */
  readonly matrix: ColorMatrix;
};

/**
 * Something decodable on disk. `width` and `height` are its own, in pixels. Of a still picture the file is
 * the picture itself.
 */
export type PictureSource = {
  readonly contentHash: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly film?: Film;
  /** It is an SVG, drawn at the size at which it is shown. */
  readonly isDrawing?: boolean;
  /** It is no picture but a vector animation: JSON. */
  readonly lottie?: LottieInfo;
  /** It is a video, whose pictures are decoded while they are shown. The size is that of its pictures upright, with square pixels. */
  readonly video?: VideoInfo;
};

/** A font file and the family that it is registered as: made from what is in it, so that it is never another's. */
export type FontSource = { readonly family: string; readonly path: string };

/** The scene on air at one revision of the state: immutable, whole, and all that the render path may know. */
export type SceneSnapshot = SceneShot & {
  readonly revision: number;
  /** The scenes that layers of it show, by id, those in these included. */
  readonly nested: Readonly<Record<string, Scene>>;
  /** Of those nested scenes that have one, by id. */
  readonly stages: Readonly<Record<string, Stage>>;
  /** By asset id; an asset that is not in here, or null, shows the placeholder. */
  readonly pictures: Readonly<Record<string, PictureSource | null>>;
  /** Fonts that texts of the scene name by their family. Registered before the scene is shown. */
  readonly fonts: readonly FontSource[];
  /** Monotonic nanoseconds (`process.hrtime`) at which the change behind it was accepted; null when none was. */
  readonly acceptedAtNs: bigint | null;
};
