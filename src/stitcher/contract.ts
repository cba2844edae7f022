import type { ErrorCode } from '../core/errors.js';
import type { LatencySnapshots } from '../core/latencies.js';
import type { LogLevel } from '../core/logger.js';
import type { ProgramClock } from '../core/program-clock.js';
import type { FrameRate } from '../core/rational.js';
import type { SoundFormat } from '../output/encoder-settings.js';
import type { OutputStatus } from '../output/status.js';
import type { TlsTrust } from '../ffmpeg/trusted-certificates.js';

/** What the main thread and the stitcher thread say to each other. With the compositor the stitcher shares memory alone. */

/** How a session is made; it changes only between sessions. */
export type ProgramConfig = {
  readonly width: number;
  readonly height: number;
  readonly frameRate: FrameRate;
  readonly bitrateBps: number;
  readonly sound: SoundFormat;
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

/**
 * The samples of every slot of the clock since the program went live, each counted once: `clock` is the sum of the
 * others. 48,000 a second.
 */
export type SoundLedgerSnapshot = {
  readonly clock: number;
  /** Of sources that sound. */
  readonly mixed: number;
  /** Silence because nothing is to sound. */
  readonly silent: number;
  /** Silence in the place of what is missing: the mixer has not mixed it, or the encoder ended before it took it. */
  readonly missing: { readonly mixer: number; readonly encoder: number };
  /** Not sent yet: they go with one of the next frames. */
  readonly waiting: number;
};

/** One consistent view of the stitcher, several times a second while its clock runs and once when it stops. */
export type StitcherStats = {
  readonly state: ProgramState;
  /** Of the running or the last session. */
  readonly ledger: LedgerSnapshot;
  /** Since the thread started, over all sessions. */
  readonly totals: LedgerSnapshot;
  /** Of the running or the last session. */
  readonly sound: SoundLedgerSnapshot;
  /** Since the thread started, over all sessions. */
  readonly soundTotals: SoundLedgerSnapshot;
  readonly latencies: Pick<LatencySnapshots, 'assemble' | 'encodeWrite' | 'clockJitter'>;
  /** Milliseconds since the running session went live; 0 when offline. */
  readonly uptimeMs: number;
  /** Encoder in use, such as `libx264 ultrafast`; null when offline. */
  readonly encoder: string | null;
  readonly encoderRestarts: number;
  /** Processor time used by the child processes (encoder, relays), seconds; null where the system does not tell. */
  readonly childCpuSeconds: number | null;
  readonly eventLoopLagMs: number;
};

export type StitcherInit = {
  readonly logLevel: LogLevel;
  /** Null: FFmpeg is looked for on the PATH. */
  readonly ffmpegPath: string | null;
  /** How the servers of `rtmps` outputs are checked. */
  readonly tls: TlsTrust;
  readonly dataDir: string;
  readonly config: ProgramConfig;
  readonly memory: WebAssembly.Memory;
  /** What the mixer fills; see sound-ring.ts. */
  readonly sound: SharedArrayBuffer;
};

export type ToStitcher =
  /** Takes effect when the program is offline. */
  | { readonly type: 'configure'; readonly config: ProgramConfig }
  /** The whole list; what is missing from it is closed. */
  | { readonly type: 'outputs'; readonly targets: readonly OutputTarget[] }
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  /** How many watch the monitor: the clock runs while the program is live or watched. */
  | { readonly type: 'watchers'; readonly count: number }
  | { readonly type: 'close' };

export type FromStitcher =
  | { readonly type: 'ready' }
  | {
      readonly type: 'state';
      readonly state: ProgramState;
      readonly code: ErrorCode | null;
      readonly reason: string | null;
    }
  | { readonly type: 'stats'; readonly stats: StitcherStats }
  | { readonly type: 'output'; readonly status: OutputStatus }
  /** A clock has begun, has another anchor, or ended: null. */
  | { readonly type: 'clock'; readonly clock: ProgramClock | null }
  /** Why the encoder does not deliver, in a sentence; null: it does again. */
  | { readonly type: 'encoder-trouble'; readonly trouble: string | null }
  /** The child processes that run now: whoever watches the thread ends them when it has died. */
  | { readonly type: 'children'; readonly pids: readonly number[] }
  | { readonly type: 'closed' };
