import type { SceneShot } from './motion/running-transition.js';
import type { Stage } from './motion/stage.js';
import type { Scene } from './schema/scene.js';

/** A decodable picture on disk. `width` and `height` are its own, in pixels. */
export type PictureSource = {
  readonly contentHash: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
};

/** The scene on air at one revision of the state: immutable, whole, and all that the render path may know. */
export type SceneSnapshot = SceneShot & {
  readonly revision: number;
  /** The scenes that layers of it show, by id, those in these included. */
  readonly nested: Readonly<Record<string, Scene>>;
  /** Of those nested scenes that have one, by id. */
  readonly stages: Readonly<Record<string, Stage>>;
  /** By asset id; an asset that is not in here, or null, shows the placeholder. */
  readonly pictures: Readonly<Record<string, PictureSource | null>>;
  /** Monotonic nanoseconds (`process.hrtime`) at which the change behind it was accepted; null when none was. */
  readonly acceptedAtNs: bigint | null;
};
