import { CompositorThread } from '../compositor/compositor-thread.js';
import type { FromCompositor, ToCompositor } from '../compositor/contract.js';
import { Latencies } from '../core/latencies.js';
import type { Logger } from '../core/logger.js';
import type { FrameFormat } from '../memory/handover-layout.js';
import { instantiateKernels } from '../memory/kernels.js';
import { Playout } from '../stitcher/playout.js';
import type { PreviewCompositorInit } from './contract.js';

/** It stands back for the program: one render thread will do. */
const RENDER_THREADS = 1;

/**
 * The thread of the preview compositor: the compositor of the program, and a playout without a sink, over a memory of their own.
 * It has no encoder and no outputs, and ends when nobody watches.
 */
export class PreviewCompositorThread {
  readonly #compositor: CompositorThread;
  readonly #playout: Playout;

  constructor(
    init: PreviewCompositorInit,
    logger: Logger,
    post: (message: FromCompositor) => void,
  ) {
    this.#playout = new Playout({
      memory: init.memory,
      kernels: instantiateKernels(init.memory),
      latencies: new Latencies(),
      logger,
      wallNow: Date.now,
      onClock: () => undefined,
    });
    this.#compositor = new CompositorThread(
      { ...init, renderThreads: RENDER_THREADS },
      logger,
      post,
    );
    void this.#start(init.format);
  }

  /** Takes one message of the main thread. */
  handle(message: ToCompositor): void {
    if (message.type === 'close') this.#playout.close();
    this.#compositor.handle(message);
  }

  async #start(format: FrameFormat): Promise<void> {
    await this.#playout.configure(format);
    this.#playout.start(null);
  }
}
