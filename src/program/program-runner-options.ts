import type { Logger } from '../core/logger.js';
import type { AirFrame, ProgramClock } from '../core/program-clock.js';
import type { Kernels } from '../memory/kernels.js';
import type { LayerFault } from './faults/layer-entry.js';
import type { AiredFrame } from './frame-assembler.js';
import type { Latencies } from './latencies.js';
import type { ProgramEngine } from './program-engine.js';
import type { Renderer } from './render-pool.js';

/** Takes the program frame of every slot of the clock. */
export interface FrameSink {
  /** False when it is behind: then nothing was taken. */
  send(n: number, engine: ProgramEngine, aired: AiredFrame, picture: Buffer): boolean;
}

export type ProgramRunnerOptions = {
  readonly memory: WebAssembly.Memory;
  /** Most that bitmaps of layers may take of it, bytes. */
  readonly bitmapLimitBytes: number;
  readonly kernels: Kernels;
  readonly renderer: Renderer;
  readonly latencies: Latencies;
  readonly logger: Logger;
  readonly onPictureFailed: (contentHash: string, reason: string) => void;
  readonly onAir: (revision: number, frame: AirFrame, batchIds: readonly string[]) => void;
  /** A scheduled batch that is not to be late is, and is left out. */
  readonly onBatchLate: (batchId: string) => void;
  /** A clock has begun, or ended: null. */
  readonly onClock: (clock: ProgramClock | null) => void;
  readonly onLayerFailed: (fault: LayerFault) => void;
  readonly onLayerRecovered: (fault: LayerFault) => void;
};
