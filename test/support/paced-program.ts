import { InputPictures } from '../../src/compositor/input-pictures.js';
import { VideoRings } from '../../src/compositor/video-rings.js';
import { CompositorLoop } from '../../src/compositor/compositor-loop.js';
import type { AiredScene } from '../../src/compositor/contract.js';
import type { Renderer } from '../../src/compositor/render-pool.js';
import { Latencies } from '../../src/core/latencies.js';
import { createLogger } from '../../src/core/logger.js';
import type { ProgramClock } from '../../src/core/program-clock.js';
import { bitmapBudgetBytes, DEFAULT_MEMORY_LIMIT_BYTES } from '../../src/memory/budget.js';
import { NO_CULPRIT } from '../../src/memory/culprit.js';
import { CompositorPort, StitcherPort } from '../../src/memory/handover.js';
import type { FrameFormat } from '../../src/memory/handover-layout.js';
import { instantiateKernels } from '../../src/memory/kernels.js';
import { Playout } from '../../src/stitcher/playout.js';

export type PacedProgramOptions = {
  readonly memory: WebAssembly.Memory;
  readonly format: FrameFormat;
  readonly renderer: Renderer;
  /** Default: the system's. */
  readonly wallNow?: () => number;
  readonly onAir?: (aired: AiredScene) => void;
  readonly onBatchLate?: (batchId: string) => void;
  readonly onClock?: (clock: ProgramClock | null) => void;
};

export type PacedProgram = {
  readonly compositor: CompositorLoop;
  readonly playout: Playout;
};

/** A compositor and a playout in this thread, as in the preview compositor: the real clock, with no thread between them. */
export async function openPacedProgram(options: PacedProgramOptions): Promise<PacedProgram> {
  const { memory, format, renderer } = options;
  const latencies = new Latencies();
  const logger = createLogger('silent', 'test');
  new StitcherPort(memory).setFirstFormat(format);
  const compositor = new CompositorLoop({
    port: new CompositorPort(memory),
    culprit: NO_CULPRIT,
    hearing: null,
    videos: new VideoRings(() => undefined),
    inputs: new InputPictures(),
    memory,
    renderer,
    latencies,
    logger,
    bitmapLimitBytes: bitmapBudgetBytes(DEFAULT_MEMORY_LIMIT_BYTES),
    onPictureFailed: () => undefined,
    onAir: options.onAir ?? (() => undefined),
    onLayerFailed: () => undefined,
    onLayerRecovered: () => undefined,
    onBatchLate: options.onBatchLate ?? (() => undefined),
  });
  void compositor.run();
  const playout = new Playout({
    memory,
    kernels: instantiateKernels(memory),
    latencies,
    logger,
    wallNow: options.wallNow ?? Date.now,
    onClock: options.onClock ?? (() => undefined),
  });
  await playout.configure(format);
  return { compositor, playout };
}
