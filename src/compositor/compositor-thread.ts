import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectGarbage } from '../core/collect-garbage.js';
import { Latencies } from '../core/latencies.js';
import type { Logger } from '../core/logger.js';
import { applyChange } from '../core/value-changes.js';
import { CulpritWriter } from '../memory/culprit.js';
import { CompositorPort } from '../memory/handover.js';
import { CompositorLoop } from './compositor-loop.js';
import type { CompositorInit, FromCompositor, ToCompositor, WantedScenes } from './contract.js';
import { giveBackPages } from '../memory/give-back.js';
import { ProgramHearing } from './program-hearing.js';
import { RenderPool } from './render-pool.js';
import { InputPictures } from './input-pictures.js';
import { VideoRings } from './video-rings.js';

const STATS_INTERVAL_MS = 250;

/** What is painted and not asked for is kept once to twice as long: a text that is changed every second leaves 25 KB each time. */
const UNASKED_INTERVAL_MS = 120_000;
const LOOP_DELAY_RESOLUTION_MS = 10;

/** The compositor thread's whole life: owns the render threads, and serves the stitcher through shared memory. */
export class CompositorThread {
  readonly #post: (message: FromCompositor) => void;
  readonly #renderer: RenderPool;
  readonly #renderThreads: number;
  readonly #loop: CompositorLoop;
  readonly #latencies = new Latencies();
  readonly #hearing: ProgramHearing | null;
  readonly #videos: VideoRings;
  readonly #inputs = new InputPictures();
  readonly #loopDelay = monitorEventLoopDelay({ resolution: LOOP_DELAY_RESOLUTION_MS });
  readonly #statsTimer: NodeJS.Timeout;
  readonly #unaskedTimer: NodeJS.Timeout;
  /** As it was sent last. */
  #wanted: WantedScenes | null = null;

  constructor(init: CompositorInit, logger: Logger, post: (message: FromCompositor) => void) {
    const { memory, heard, bitmapLimitBytes, renderThreads } = init;
    this.#post = post;
    this.#renderThreads = renderThreads;
    this.#hearing = heard === null ? null : new ProgramHearing(heard);
    // The threads of one before this one are gone: nobody else writes into the memory.
    const port = new CompositorPort(memory);
    port.adopt(port.generation);
    this.#videos = new VideoRings((videos) => {
      post({ type: 'videos', videos });
    });
    this.#renderer = new RenderPool(memory, renderThreads);
    this.#renderer.prestart();
    this.#loop = new CompositorLoop({
      memory,
      port,
      culprit: new CulpritWriter(memory, init.injectedFaults),
      hearing: this.#hearing,
      videos: this.#videos,
      inputs: this.#inputs,
      bitmapLimitBytes,
      renderer: this.#renderer,
      latencies: this.#latencies,
      logger,
      onPictureFailed: (contentHash, reason) => {
        post({ type: 'picture-failed', contentHash, reason });
      },
      onAir: (aired) => {
        post({ type: 'on-air', ...aired });
      },
      onBatchLate: (batchId) => {
        post({ type: 'batch-late', batchId });
      },
      onLayerFailed: (fault) => {
        post({ type: 'layer-failed', fault });
      },
      onLayerRecovered: (fault) => {
        post({ type: 'layer-recovered', fault });
      },
    });
    this.#loopDelay.enable();
    this.#statsTimer = setInterval(() => {
      if (this.#loop.isAsked) this.#postStats();
      this.#loop.bitmaps?.giveBack(giveBackPages);
      this.#videos.sweep(() => this.#loop.wantedVideos);
    }, STATS_INTERVAL_MS);
    this.#unaskedTimer = setInterval(() => {
      this.#loop.bitmaps?.giveUpUnasked();
    }, UNASKED_INTERVAL_MS);
    void this.#loop.run();
    post({ type: 'ready' });
  }

  /** Takes one message of the main thread. */
  handle(message: ToCompositor): void {
    switch (message.type) {
      case 'scene':
        this.#wanted = applyChange(this.#wanted, message.change);
        this.#loop.show(this.#wanted.snapshot, this.#wanted.scheduled, () => {
          this.#post({ type: 'scene-taken' });
        });
        return;
      case 'set-aside':
        this.#loop.setAside(message.layers);
        return;
      case 'inputs':
        this.#inputs.follow(message.inputs);
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

  async #close(): Promise<void> {
    this.#loop.close();
    clearInterval(this.#statsTimer);
    clearInterval(this.#unaskedTimer);
    this.#loopDelay.disable();
    this.#videos.close();
    await this.#renderer.close();
    this.#post({ type: 'closed' });
  }

  #postStats(): void {
    const { used, limit } = this.#loop.bitmapBytes;
    const { render, apiToPixel } = this.#latencies.snapshot();
    this.#post({
      type: 'stats',
      stats: {
        latencies: { render, apiToPixel },
        renderWorkers: this.#renderThreads,
        bitmapBytes: used,
        bitmapLimitBytes: limit,
        layersOff: this.#loop.layersOff,
        layerFailures: this.#loop.layerFailures,
        unheardFrames: this.#hearing?.unheardFrames ?? 0,
        eventLoopLagMs: Math.max(0, this.#loopDelay.max / 1e6 - LOOP_DELAY_RESOLUTION_MS),
      },
    });
    this.#loopDelay.reset();
  }
}
