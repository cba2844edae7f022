import type { MemoryStep } from '../core/memory-pressure.js';
import type { FrameRate } from '../core/rational.js';
import type { LogLevel } from '../core/logger.js';
import type { ErrorCode } from '../core/errors.js';
import type { AirFrame, ProgramClock } from '../core/program-clock.js';
import type { OutputStatus } from '../output/status.js';
import type { TlsTrust } from '../output/trusted-certificates.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { LayerFault } from './faults/layer-entry.js';

/** What the main thread and the stitcher thread say to each other. Nothing else crosses but shared memory. */

export type { LayerFault } from './faults/layer-entry.js';

export type { PictureSource, SceneSnapshot } from '../scene/snapshot.js';

/** How a session is made; it changes only between sessions. */
export type ProgramConfig = {
  readonly width: number;
  readonly height: number;
  readonly frameRate: FrameRate;
  readonly bitrateBps: number;
  /** Preset or encoder as in `ENCODER_PRESETS`. */
  readonly preset: string;
};

/** An output that should be running while the program is live. */
export type OutputTarget = { readonly id: string; readonly url: string };

export type ProgramState = 'offline' | 'starting' | 'live' | 'stopping' | 'failed';

/** Every slot of the clock since the program was started, each counted once: the sum of the four is `clock`. */
export type LedgerSnapshot = {
  readonly clock: number;
  readonly rendered: number;
  readonly unchanged: number;
  /** Repeated because rendering was late. */
  readonly late: number;
  /** Not sent because the encoder was behind. */
  readonly skipped: number;
};

/** Cumulative histogram: `counts[i]` observations at or below `bounds[i]`; the last count is of all. */
export type HistogramSnapshot = { readonly counts: readonly number[]; readonly sum: number };

/** Seconds; upper bounds of the buckets of every latency histogram. */
export const LATENCY_BUCKETS_SECONDS = [
  0.0005, 0.001, 0.002, 0.004, 0.008, 0.012, 0.016, 0.025, 0.033, 0.05, 0.1, 0.25, 1,
] as const;

export type LatencyName = 'render' | 'assemble' | 'encodeWrite' | 'apiToPixel' | 'clockJitter';

/** One consistent look at the program, sent several times a second while it runs and once when it stops. */
export type ProgramStats = {
  readonly state: ProgramState;
  /** Of the running or the last session. */
  readonly ledger: LedgerSnapshot;
  /** Since the process started, over all sessions. */
  readonly totals: LedgerSnapshot;
  readonly latencies: Readonly<Record<LatencyName, HistogramSnapshot>>;
  /** Milliseconds since the running session went live; 0 when offline. */
  readonly uptimeMs: number;
  /** Encoder in use, such as `libx264 ultrafast`; null when offline. */
  readonly encoder: string | null;
  readonly encoderRestarts: number;
  readonly renderWorkers: number;
  /** Bytes of layer bitmaps held, and the most that may be. */
  readonly bitmapBytes: number;
  readonly bitmapLimitBytes: number;
  /** Processor time used by the child processes (encoder, relays), seconds; null where the system does not tell. */
  readonly childCpuSeconds: number | null;
  readonly eventLoopLagMs: number;
  /** Layers on air that are off or lack a picture, and how often that has come to be. */
  readonly layersOff: readonly LayerFault[];
  readonly layerFailures: number;
};

/** What is on air from the first frame on that shows a moment or a later one. */
export type ScheduledSnapshot = {
  readonly batchId: string;
  /** Wall-clock milliseconds. */
  readonly dueAtMs: number;
  /** Whether it is left out when its frame is drawn already. */
  readonly rejectLate: boolean;
  /** With all that is scheduled before it. Its revision is that of the snapshot that it came with. */
  readonly snapshot: SceneSnapshot;
};

export type StitcherInit = {
  /** Of the thread in the log, since there may be more than one: `program` or `preview-bus`. */
  readonly name: string;
  /** How far the thread and its render threads stand back for others, 0 to 19. */
  readonly niceness: number;
  readonly logLevel: LogLevel;
  /** Null: FFmpeg is looked for on the PATH. */
  readonly ffmpegPath: string | null;
  /** How the servers of `rtmps` outputs are checked. */
  readonly tls: TlsTrust;
  readonly dataDir: string;
  readonly renderThreads: number;
  readonly config: ProgramConfig;
  readonly memory: WebAssembly.Memory;
  /** Most that bitmaps of layers may take of it, bytes. */
  readonly bitmapLimitBytes: number;
};

export type ToStitcher =
  /** Offline only. */
  | { readonly type: 'configure'; readonly config: ProgramConfig }
  /**
   * What is on air now, and all that is scheduled, in the order of its moments. The next one is sent when this one has
   * been taken: a thread that has no time for a flood of changes sees the newest of them.
   */
  | {
      readonly type: 'scene';
      readonly snapshot: SceneSnapshot;
      readonly scheduled: readonly ScheduledSnapshot[];
    }
  /** The whole list; what is missing from it is closed. */
  | { readonly type: 'outputs'; readonly targets: readonly OutputTarget[] }
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  /** How many look at the preview: the program runs while it is live or watched. */
  | { readonly type: 'watchers'; readonly count: number }
  /** What is to be done about memory, as long as nothing else is said. */
  | { readonly type: 'memory'; readonly step: MemoryStep }
  | { readonly type: 'close' };

export type FromStitcher =
  | { readonly type: 'ready' }
  /** The scene that was sent last has been taken. */
  | { readonly type: 'scene-taken' }
  | {
      readonly type: 'state';
      readonly state: ProgramState;
      readonly code: ErrorCode | null;
      readonly reason: string | null;
    }
  | { readonly type: 'stats'; readonly stats: ProgramStats }
  | { readonly type: 'output'; readonly status: OutputStatus }
  /** A picture of the scene on air could not be decoded; the placeholder is shown. */
  | { readonly type: 'picture-failed'; readonly contentHash: string; readonly reason: string }
  /** A layer on air is shut off or lacks a picture; and: it is shown again. */
  | { readonly type: 'layer-failed' | 'layer-recovered'; readonly fault: LayerFault }
  /** The first program frame of a revision of the scene, or of batches that were scheduled for it. */
  | {
      readonly type: 'on-air';
      readonly revision: number;
      readonly frame: AirFrame;
      readonly batchIds: readonly string[];
    }
  /** A batch that is not to be late came when its frame was drawn already; it is left out. */
  | { readonly type: 'batch-late'; readonly batchId: string }
  /** A clock has begun, or ended: null. */
  | { readonly type: 'clock'; readonly clock: ProgramClock | null }
  | { readonly type: 'closed' };
