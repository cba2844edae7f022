import type { Kernels } from '../memory/kernels.js';
import { NO_CULPRIT } from '../memory/culprit.js';
import { CompositorPort, StitcherPort } from '../memory/handover.js';
import { ProgramFrameWriter } from '../memory/program-frames.js';
import { Compositor, type CompositorOptions } from '../compositor/compositor.js';
import { STATED } from '../scene/sound/heard.js';
import { Assembly } from '../stitcher/assembly.js';
import type { FrameOutcome } from '../stitcher/ledger.js';

export type UnpacedProgramOptions = Omit<CompositorOptions, 'port' | 'culprit' | 'heardAt'> & {
  readonly kernels: Kernels;
};

/**
 * A compositor and the assembly of its frames on one thread, without a clock and without outputs: for stills and for
 * measuring. Both are those of the program on air, and meet in the memory as they do there.
 */
export class UnpacedProgram {
  readonly compositor: Compositor;
  readonly assembly: Assembly;
  readonly #stitcher: StitcherPort;
  readonly #port: CompositorPort;

  /** Takes over the whole memory. */
  constructor({ kernels, ...options }: UnpacedProgramOptions) {
    const { memory, map } = options;
    this.#stitcher = new StitcherPort(memory);
    this.#port = new CompositorPort(memory);
    this.#stitcher.begin();
    const frames = new ProgramFrameWriter(memory);
    frames.layOut(map, true);
    this.assembly = new Assembly({ memory, map, kernels, frames, port: this.#stitcher });
    this.compositor = new Compositor({
      ...options,
      port: this.#port,
      culprit: NO_CULPRIT,
      heardAt: () => STATED,
    });
  }

  /** Plans frame `n`, which shows a program time, and has it drawn. False when there is no room for one more. */
  plan(n: number, programTimeMs: number): boolean {
    return this.compositor.plan(n, programTimeMs);
  }

  /** Whether frame `n` has been drawn, with all before it. */
  isComplete(n: number): boolean {
    return this.assembly.isComplete(n);
  }

  /** Brings the program frame as far as drawing has come, at most to frame `n`; answers what became of slot `n`. */
  take(n: number): Exclude<FrameOutcome, 'skipped'> {
    return this.assembly.take(n);
  }

  /** Gives up all that is planned; the next frame is drawn whole. Frames can be counted from any number again. */
  reset(): void {
    this.#stitcher.begin();
    this.compositor.begin(this.#port.request.epoch);
  }
}
