import type { LogLevel } from '../core/logger.js';
import type { LatencySnapshots } from '../core/latencies.js';
import type { MemoryStep } from '../core/memory-pressure.js';
import type { ValueChange } from '../core/value-changes.js';
import type { DueMoment } from '../core/program-clock.js';
import type { InjectedFault } from '../memory/culprit.js';
import type { LivePictures } from '../memory/live-pictures.js';
import type { PictureRing } from '../memory/picture-ring.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { VideoTrack } from '../scene/video-track.js';
import type { LayerFault } from './faults/layer-entry.js';

/** What the main thread and the compositor thread say to each other. With the stitcher the compositor shares memory alone. */

export type { LayerFault } from './faults/layer-entry.js';
export type { PictureSource, SceneSnapshot } from '../scene/snapshot.js';

/** What is on air from the first frame on that it is due by. */
export type ScheduledSnapshot = DueMoment & {
  readonly batchId: string;
  /** The program time at which it is due, milliseconds since 1970. */
  readonly programTimeMs: number;
  /** Whether it is left out when its frame is drawn already. */
  readonly rejectLate: boolean;
  /** With all that is scheduled before it. Its revision is that of the snapshot that it came with. */
  readonly snapshot: SceneSnapshot;
};

/** A video that is to be decoded, and the ring that its pictures go into. */
export type DecodedVideo = {
  /** No two rings have the same. */
  readonly id: string;
  readonly track: VideoTrack;
  readonly ring: PictureRing;
};

export type CompositorInit = {
  /** Of the thread in the log, since there may be more than one. */
  readonly name: string;
  /** How far the thread and its render threads stand back for others, 0 to 19. */
  readonly niceness: number;
  readonly logLevel: LogLevel;
  readonly renderThreads: number;
  readonly memory: WebAssembly.Memory;
  /** How loud each frame is, for layers that show it; see heard-sound.ts. Null: there is no sound, and they show a stated level. */
  readonly heard: SharedArrayBuffer | null;
  /** Most that bitmaps of layers may take of it, bytes. */
  readonly bitmapLimitBytes: number;
  /** None but in tests. */
  readonly injectedFaults: readonly InjectedFault[];
};

/** What is on air now, and all that is scheduled, in the order of its moments. */
export type WantedScenes = {
  readonly snapshot: SceneSnapshot;
  readonly scheduled: readonly ScheduledSnapshot[];
};

export type ToCompositor =
  /**
   * What is wanted, by what differs from what the thread was sent last. The next one is sent when this one has been taken: a
   * thread that has no time for a flood of changes sees the newest of them.
   */
  | { readonly type: 'scene'; readonly change: ValueChange<WantedScenes> }
  /** All layers that are not to be drawn: they have ended threads. By the hash of their names, with the reason. */
  | { readonly type: 'set-aside'; readonly layers: ReadonlyMap<number, string> }
  /** All live inputs that there are, by their ids. */
  | { readonly type: 'inputs'; readonly inputs: Readonly<Record<string, LivePictures>> }
  /** What is to be done about memory, as long as nothing else is said. */
  | { readonly type: 'memory'; readonly step: MemoryStep }
  | { readonly type: 'close' };

/** The first program frame of a revision of the scene, or of scheduled batches. */
export type AiredScene = {
  readonly revision: number;
  readonly frame: number;
  readonly mediaTimeMs: number;
  readonly batchIds: readonly string[];
};

export type FromCompositor =
  | { readonly type: 'ready' }
  /** The scene that was sent last has been taken. */
  | { readonly type: 'scene-taken' }
  | { readonly type: 'stats'; readonly stats: CompositorStats }
  /** A picture of the scene on air could not be decoded; the placeholder is shown. */
  | { readonly type: 'picture-failed'; readonly contentHash: string; readonly reason: string }
  /** A layer on air is shut off or lacks a picture; and: it is shown again. */
  | { readonly type: 'layer-failed' | 'layer-recovered'; readonly fault: LayerFault }
  /** The first program frame of a revision of the scene, or of batches that were scheduled for it. */
  | {
      readonly type: 'on-air';
      readonly revision: number;
      readonly frame: number;
      readonly mediaTimeMs: number;
      readonly batchIds: readonly string[];
    }
  /** All videos that are to be decoded for it. */
  | { readonly type: 'videos'; readonly videos: readonly DecodedVideo[] }
  /** A batch that is not to be late came when its frame was drawn already; it is left out. */
  | { readonly type: 'batch-late'; readonly batchId: string }
  | { readonly type: 'closed' };

/** One consistent view of the compositor, several times a second while frames are asked for. */
export type CompositorStats = {
  readonly latencies: Pick<LatencySnapshots, 'render' | 'apiToPixel'>;
  readonly renderWorkers: number;
  /** Bytes of layer bitmaps held, and the most that may be. */
  readonly bitmapBytes: number;
  readonly bitmapLimitBytes: number;
  /** Layers on air that are off or lack a picture, and how often that has come to be. */
  readonly layersOff: readonly LayerFault[];
  readonly layerFailures: number;
  /** Frames that showed sound and had to be planned before it was known how loud they are. */
  readonly unheardFrames: number;
  readonly eventLoopLagMs: number;
};
