import { CompositorLoop } from '../compositor/compositor-loop.js';
import type { FromCompositor, ToCompositor } from '../compositor/contract.js';
import { RenderPool } from '../compositor/render-pool.js';
import { collectGarbage } from '../core/collect-garbage.js';
import { Latencies } from '../core/latencies.js';
import type { Logger } from '../core/logger.js';
import { CulpritWriter } from '../memory/culprit.js';
import { CompositorPort, type FrameFormat } from '../memory/handover.js';
import { instantiateKernels } from '../memory/kernels.js';
import { Playout } from '../stitcher/playout.js';
import type { BusInit } from './contract.js';

/** It stands back for the program: one render thread will do. */
const RENDER_THREADS = 1;

/**
 * The thread of the preview bus: a compositor, and a playout without a sink, over a memory of their own. It has no
 * encoder and no outputs, and ends when nobody watches.
 */
export class BusThread {
  readonly #post: (message: FromCompositor) => void;
  readonly #renderer: RenderPool;
  readonly #loop: CompositorLoop;
  readonly #playout: Playout;

  constructor(init: BusInit, logger: Logger, post: (message: FromCompositor) => void) {
    const { memory, bitmapLimitBytes, format } = init;
    const latencies = new Latencies();
    this.#post = post;
    this.#renderer = new RenderPool(memory, RENDER_THREADS);
    this.#renderer.prestart();
    this.#playout = new Playout({
      memory,
      kernels: instantiateKernels(memory),
      latencies,
      logger,
      wallNow: Date.now,
      onClock: () => undefined,
    });
    this.#loop = new CompositorLoop({
      port: new CompositorPort(memory),
      culprit: new CulpritWriter(memory, init.injectedFaults),
      memory,
      bitmapLimitBytes,
      renderer: this.#renderer,
      latencies,
      logger,
      onPictureFailed: (contentHash, reason) => {
        post({ type: 'picture-failed', contentHash, reason });
      },
      onAir: (aired) => {
        post({ type: 'on-air', ...aired });
      },
      // Nothing is scheduled here, and whoever puts the scene on air is told of its layers.
      onBatchLate: () => undefined,
      onLayerFailed: () => undefined,
      onLayerRecovered: () => undefined,
    });
    void this.#loop.run();
    void this.#start(format);
    post({ type: 'ready' });
  }

  /** Takes one message of the main thread. */
  handle(message: ToCompositor): void {
    switch (message.type) {
      case 'scene':
        this.#loop.show(message.snapshot, message.scheduled, () => {
          this.#post({ type: 'scene-taken' });
        });
        return;
      case 'set-aside':
        this.#loop.setAside(message.layers);
        return;
      case 'memory':
        this.#loop.shed(message.step === 'layers');
        this.#renderer.setMemoryShort(message.step !== 'none');
        if (message.step !== 'none') collectGarbage();
        return;
      case 'close':
        void this.#close();
    }
  }

  async #start(format: FrameFormat): Promise<void> {
    await this.#playout.configure(format);
    this.#playout.start(null);
  }

  async #close(): Promise<void> {
    this.#playout.close();
    this.#loop.close();
    await this.#renderer.close();
    this.#post({ type: 'closed' });
  }
}
